using DoaMarket.Api;
using DoaMarket.Host.Server;
using DoaMarket.Kernel;

namespace DoaMarket.Host.Ops;

/// <summary>Which queue is to be redriven, and how fast.</summary>
/// <param name="Queue">The dead-letter queue, or the queue that its letters failed in.</param>
/// <param name="Type">Only messages of this type.</param>
/// <param name="RatePerSecond">How many a second at most.</param>
/// <param name="Reason">Why.</param>
/// <param name="FailedBecause">Only messages that failed for this reason, as a group names it.</param>
public sealed record RedriveQueueBody(
    string Queue, string? Type = null, int RatePerSecond = RedriveQueueBody.DefaultRate, string? Reason = null,
    string? FailedBecause = null)
{
    /// <summary>Slow enough to be stopped when it goes wrong.</summary>
    public const int DefaultRate = 50;
}

/// <summary>The redriving of a queue as operators see it.</summary>
/// <param name="Status">running, done or stopped.</param>
/// <param name="Left">Letters that it has not come to yet; for "running" only.</param>
public sealed record RedriveView(
    string Queue, string? Type, int RatePerSecond, string Status, int Redriven, long? Left, DateTimeOffset StartedAt,
    UserId? StartedBy, string? Reason, DateTimeOffset? EndedAt, string? StoppedBecause);

/// <summary>Redriving a whole queue, at a rate that whatever is behind it can bear.</summary>
public sealed class RedrivesApi(Shop shop)
{
    private static readonly ApiError Running = new(
        409, "REDRIVE_RUNNING", "이 큐의 재처리가 이미 진행 중입니다: {0}", "This queue is being redriven already: {0}");

    private static readonly ApiError NotRunning = new(
        409, "REDRIVE_NOT_RUNNING", "진행 중인 재처리가 없습니다: {0}", "This queue is not being redriven: {0}");

    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder letters)
    {
        letters.MapPost("/redrive", (Delegate)Start)
            .WithSummary("Redrive a queue's dead letters, at ratePerSecond (50 unless said, 1000 at most); audited")
            .WithDescription("It goes on after a restart. Letters that die again meanwhile are left alone.")
            .Accepts<RedriveQueueBody>("application/json").Produces<ApiSuccess<RedriveView>>(202)
            .Produces<ApiFailure>(400).Produces<ApiFailure>(409);
        letters.MapGet("/redrives", (Delegate)List).WithSummary("The last redriving of each queue, and how far it is")
            .Produces<ApiSuccess<IReadOnlyList<RedriveView>>>();
        letters.MapPost("/redrives/{queue}/stop", Stop).WithSummary("End a queue's redriving early (audited)")
            .Accepts<ReasonBody>("application/json").Produces<ApiSuccess<RedriveView>>()
            .Produces<ApiFailure>(404).Produces<ApiFailure>(409);
    }

    /// <summary>Names the queues that there are.</summary>
    internal static ApiException UnknownQueue(Shop shop)
    {
        var known = string.Join(", ", shop.Topology.Queues.Select(q => q.DeadLetterQueue));
        return ApiException.Field("queue", $"다음 중 하나여야 합니다: {known}", $"it must be one of: {known}");
    }

    private async Task<IResult> Start(HttpContext http)
    {
        var body = await ApiBody.Read<RedriveQueueBody>(http.Request, http.RequestAborted);
        var queue = Find(body.Queue) ?? throw UnknownQueue(shop);
        if (body.RatePerSecond is < 1 or > RedriveState.MaxRatePerSecond)
        {
            throw ApiException.Field(
                "ratePerSecond", $"1에서 {RedriveState.MaxRatePerSecond} 사이의 정수여야 합니다.",
                $"it must be a whole number from 1 to {RedriveState.MaxRatePerSecond}.");
        }

        var reason = body.Reason is null ? null : new ReasonBody(body.Reason).Checked();
        var wish = new StartRedrive(
            queue.DeadLetterQueue, body.Type, body.RatePerSecond, reason, body.FailedBecause);
        var isStarted = await http.Ask(queue.Service, wish, Caller.Of(http).UserId);
        return isStarted
            ? ApiAnswers.Ok(http, (await View(queue, http.RequestAborted))!, StatusCodes.Status202Accepted)
            : ApiAnswers.Fail(http, Running, new { queue = queue.DeadLetterQueue }, queue.DeadLetterQueue);
    }

    private async Task<IResult> List(HttpContext http)
    {
        var views = new List<RedriveView>();
        foreach (var queue in shop.Topology.Queues)
        {
            if (await View(queue, http.RequestAborted) is { } view)
            {
                views.Add(view);
            }
        }

        return ApiAnswers.Ok(http, views);
    }

    private async Task<IResult> Stop(string queue, HttpContext http)
    {
        var body = await ApiBody.Read<ReasonBody>(http.Request, http.RequestAborted);
        if (Find(queue) is not { } found)
        {
            return ApiAnswers.Fail(http, ApiError.NotFound, new { queue }, queue);
        }

        var wish = new StopRedrive(found.DeadLetterQueue, body.Checked());
        return await http.Ask(found.Service, wish, Caller.Of(http).UserId)
            ? ApiAnswers.Ok(http, (await View(found, http.RequestAborted))!)
            : ApiAnswers.Fail(http, NotRunning, new { queue }, queue);
    }

    // The journal has no dead letters: here it is the table of messages itself.
    private QueueDefinition? Find(string queue) => shop.Topology.Queues.SingleOrDefault(
        q => (q.Queue == queue || q.DeadLetterQueue == queue) && shop.Modules.Any(m => m.Service == q.Service));

    private async Task<RedriveView?> View(QueueDefinition queue, CancellationToken stop)
    {
        if (shop.Modules.SingleOrDefault(m => m.Service == queue.Service) is not { } module
            || await shop.Store.Find(module.Redrives.Key(queue.DeadLetterQueue), stop)
                is not { State: RedriveState state })
        {
            return null;
        }

        var status = state switch
        {
            { EndedAt: null } => "running",
            { StoppedBecause: not null } => "stopped",
            _ => "done",
        };
        long? left = status == "running"
            ? (await shop.DeadLetters.Groups(state.Queue, int.MaxValue, stop))
                .Where(g => (state.EventType is null || g.EventType == state.EventType)
                    && (state.FailedBecause is null || g.Reason == state.FailedBecause))
                .Sum(g => g.Count)
            : null;
        return new(
            state.Queue, state.EventType, state.RatePerSecond, status, state.Redriven, left, state.StartedAt,
            state.StartedBy, state.Reason, state.EndedAt, state.StoppedBecause);
    }
}
