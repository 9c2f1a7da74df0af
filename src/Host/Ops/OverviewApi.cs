using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using DoaMarket.Api;
using DoaMarket.Orders;

namespace DoaMarket.Host.Ops;

/// <summary>The overview: once, and as it changes.</summary>
public sealed class OverviewApi(Overview overview, TimeProvider time)
{
    private const int MaxStreams = 100, MaxStreamsPerUser = 20;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1), LongestStream = TimeSpan.FromMinutes(30);
    private readonly EventStreams _streams = new(MaxStreams, MaxStreamsPerUser);

    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder ops)
    {
        ops.MapGet(
                "/overview",
                (Delegate)(async (HttpContext http) => ApiAnswers.Ok(http, await overview.Look(http.RequestAborted))))
            .WithSummary("The shop on one page: orders, success, durations, revenue, sagas, queues, alerts, breakers, stock")
            .Produces<ApiSuccess<OverviewView>>();
        ops.MapGet("/overview/events", (Delegate)Follow)
            .WithSummary("The same every second (Server-Sent Events)")
            .Produces<OverviewView>(200, "text/event-stream").Produces<ApiFailure>(503);
    }

    private IResult Follow(HttpContext http)
    {
        if (_streams.TryEnter(Caller.Of(http).UserId, out var place) != EventStreams.Entry.Granted)
        {
            return ApiAnswers.Busy(http, Every);
        }

        http.Response.RegisterForDispose(place!);
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        return TypedResults.ServerSentEvents(Looks(stopping, http.RequestAborted));
    }

    private async IAsyncEnumerable<SseItem<OverviewView>> Looks(
        CancellationToken stopping, [EnumeratorCancellation] CancellationToken gone)
    {
        using var any = CancellationTokenSource.CreateLinkedTokenSource(stopping, gone);
        using var timer = new PeriodicTimer(Every, time);
        var until = time.GetUtcNow() + LongestStream;
        do
        {
            yield return new(await overview.Look(gone), "overview");
        }
        while (time.GetUtcNow() < until && await Ticks(timer, any.Token));
    }

    private static async Task<bool> Ticks(PeriodicTimer timer, CancellationToken any)
    {
        try
        {
            return await timer.WaitForNextTickAsync(any);
        }
        catch (OperationCanceledException)
        {
            return false; // the stream's other end is gone, or the process stops
        }
    }
}
