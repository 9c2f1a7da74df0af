using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DoaMarket.Orders;

/// <summary>
/// An order's events as they happen, over Server-Sent Events. An event's id is the saga's version; who comes back with
/// the last one seen in `Last-Event-ID` is told what followed, nothing less and nothing twice.
/// </summary>
public sealed class OrderEventsApi(IStore store, ChangeFeed feed, OrdersOptions options, TimeProvider time)
{
    private const string LastEventId = "Last-Event-ID", EventType = "order";
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(2);

    private static readonly ApiError TooManyOfYours = new(
        429, "TOO_MANY_EVENT_STREAMS", "열어 둔 이벤트 스트림이 너무 많습니다. 다른 것을 닫아 주세요.",
        "You have too many event streams open: close another one.");

    private readonly EventStreams _streams = new(options.MaxEventStreams, options.MaxEventStreamsPerUser);

    /// <summary>Adds the endpoint.</summary>
    public void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/orders/{orderId:guid}/events", Follow).RequireAuthorization().WithTags("Orders")
            .WithSummary("An order's changes as they happen (Server-Sent Events)")
            .WithDescription(
                "One event per change, its id the saga's version. Send the last id seen as Last-Event-ID to go on from "
                + "there; 204 when nothing more will come. The stream ends after delivered, cancelled or returned.")
            .Produces<OrderEvent>(200, "text/event-stream").Produces(204)
            .Produces<ApiFailure>(404).Produces<ApiFailure>(429).Produces<ApiFailure>(503);

    private async Task<IResult> Follow(Guid orderId, HttpContext http)
    {
        var (id, caller, last) = (new OrderId(orderId), Caller.Of(http), LastSeen(http.Request));
        if (await Read(id, http.RequestAborted) is not { } saga || !caller.MaySee(saga.UserId))
        {
            return ApiAnswers.Fail(http, ApiError.NotFound, new { orderId }, orderId);
        }

        if (IsOver(saga, last))
        {
            return TypedResults.NoContent(); // tells a browser not to come back
        }

        switch (_streams.TryEnter(caller.UserId, out var place))
        {
            case EventStreams.Entry.UserIsFull:
                ApiAnswers.SetRetryAfter(http, ReconnectAfter);
                return ApiAnswers.Fail(http, TooManyOfYours, new { max = options.MaxEventStreamsPerUser });
            case EventStreams.Entry.ShopIsFull:
                return ApiAnswers.Busy(http, ReconnectAfter);
            default:
                http.Response.RegisterForDispose(place!);
                var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
                return TypedResults.ServerSentEvents(Events(http.Response, id, last, stopping, http.RequestAborted));
        }
    }

    /// <summary>
    /// The watch begins before the first read, so that no change falls between the two. Comments are written between
    /// two events, when the writer of events waits for the next one.
    /// </summary>
    private async IAsyncEnumerable<SseItem<OrderEvent>> Events(
        HttpResponse response, OrderId id, int last, CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken gone)
    {
        var changes = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var watch = feed.Watch(OrderKinds.Sagas.Key(id), _ => changes.Writer.TryWrite(true));
        var until = time.GetUtcNow() + options.LongestEventStream;
        await Comment(response, "an order's events", gone);
        while (time.GetUtcNow() < until && await Read(id, gone) is { } saga)
        {
            foreach (var happened in saga.Events.Where(e => e.Version > last))
            {
                yield return new(happened, EventType)
                {
                    EventId = happened.Version.ToString(CultureInfo.InvariantCulture),
                    ReconnectionInterval = ReconnectAfter,
                };
                last = happened.Version;
            }

            if (IsOver(saga, last))
            {
                yield break;
            }

            switch (await Next(changes.Reader, stopping, gone))
            {
                case Waited.Stopping:
                    yield break; // an open stream would keep the process from stopping in good order
                case Waited.Nothing:
                    await Comment(response, "still here", gone);
                    break;
                default:
                    break;
            }
        }
    }

    private enum Waited
    {
        Changed,
        Nothing,
        Stopping,
    }

    private async Task<Waited> Next(ChannelReader<bool> changes, CancellationToken stopping, CancellationToken gone)
    {
        using var heartbeat = new CancellationTokenSource(options.EventStreamHeartbeat, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(heartbeat.Token, stopping, gone);
        try
        {
            await changes.ReadAsync(any.Token);
            return Waited.Changed;
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return stopping.IsCancellationRequested ? Waited.Stopping : Waited.Nothing;
        }
    }

    private static async Task Comment(HttpResponse response, string text, CancellationToken gone)
    {
        await response.WriteAsync($": {text}\n\n", gone);
        await response.Body.FlushAsync(gone);
    }

    private async Task<OrderSaga?> Read(OrderId id, CancellationToken stop) =>
        (OrderSaga?)(await store.Find(OrderKinds.Sagas.Key(id), stop))?.State;

    private static bool IsOver(OrderSaga saga, int last) =>
        saga.Events is [.., { IsLast: true } end] && end.Version <= last;

    // Browsers send the header by themselves when they come back; the query is for the first time.
    private static int LastSeen(HttpRequest request)
    {
        var text = request.Headers[LastEventId].ToString();
        text = text.Length == 0 ? request.Query["lastEventId"].ToString() : text;
        return text.Length == 0 ? 0
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last
            : throw ApiException.Field(LastEventId, "이벤트의 id(숫자)여야 합니다.", "it must be the id of an event, a number.");
    }
}
