using DoaMarket.Api;
using DoaMarket.Gateways;
using DoaMarket.Host.Server;
using DoaMarket.Host.Server.Peers;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Host.Ops;

/// <summary>Why an operator does something.</summary>
public sealed record ReasonBody(string Reason)
{
    private const int MaxLength = 500;

    /// <summary>The reason without blanks around it.</summary>
    /// <exception cref="ApiException">400: it is missing or too long.</exception>
    internal string Checked() => Reason.Trim() is { Length: >= 1 and <= MaxLength } text
        ? text
        : throw ApiException.Field(
            "reason", $"1자 이상 {MaxLength}자 이하로 적어 주세요.", $"write 1 to {MaxLength} characters.");
}

/// <summary>Why an operator does something, where no reason is needed.</summary>
public sealed record OptionalReasonBody(string? Reason = null)
{
    /// <summary>Reads a body that may be missing.</summary>
    internal static async Task<string?> Of(HttpRequest request, CancellationToken stop)
    {
        if (request.ContentLength is null or 0 && request.ContentType is null)
        {
            return null;
        }

        var body = await ApiBody.Read<OptionalReasonBody>(request, stop);
        return body.Reason is null ? null : new ReasonBody(body.Reason).Checked();
    }
}

/// <summary>A queue as operators see it.</summary>
/// <param name="Queue">Its name.</param>
/// <param name="Service">Whose it is.</param>
/// <param name="DeadLetterQueue">Where its messages go that fail for good.</param>
/// <param name="Waiting">Messages not settled yet.</param>
/// <param name="InFlight">Those of them that a receiver has.</param>
/// <param name="Retrying">Those of them that failed at least once.</param>
/// <param name="OldestSentAt">When the oldest of them was sent.</param>
/// <param name="OldestAgeSeconds">How old it is; 0 when the queue is empty.</param>
/// <param name="InPerSecond">Messages put in, a second, in the last minute.</param>
/// <param name="OutPerSecond">Messages taken out, a second, in the last minute.</param>
/// <param name="DeadLetters">Dead letters waiting for a person.</param>
public sealed record QueueView(
    string Queue, string Service, string DeadLetterQueue, long Waiting, long InFlight, long Retrying,
    DateTimeOffset? OldestSentAt, double OldestAgeSeconds, double InPerSecond, double OutPerSecond, long DeadLetters);

/// <summary>
/// What operators see of the running system beside the sagas: queues and circuit breakers here; dead letters, alerts
/// and the audit log in files of their own.
/// </summary>
public static class OpsApi
{
    /// <summary>Adds the endpoints.</summary>
    public static void Map(
        IEndpointRouteBuilder api, Shop shop, IReadOnlyList<SagaOutline> outlines, TimeProvider time)
    {
        var ops = api.MapGroup("/ops").RequireAuthorization(Roles.Operator).WithTags("Operations");
        ops.MapGet("/queues", (Delegate)(async (HttpContext http) =>
            {
                var processes = await shop.Processes.All(http.RequestAborted);
                return ApiAnswers.Ok(http, await Queues(shop, processes, time.GetUtcNow(), http.RequestAborted));
            }))
            .WithSummary("Depth, in flight, retries, oldest message, rates of the last minute and dead letters")
            .Produces<ApiSuccess<IReadOnlyList<QueueView>>>();
        ops.MapGet("/breakers", (Delegate)(async (HttpContext http) => ApiAnswers.Ok(
                http, shop.Processes.Breakers(await shop.Processes.All(http.RequestAborted)))))
            .WithSummary("Circuit breakers of the outside systems: state, since when, failures in a row, next try")
            .Produces<ApiSuccess<IReadOnlyList<BreakerStatus>>>();
        ops.MapGet("/process", (Delegate)((HttpContext http) => ApiAnswers.Ok(http, ProcessView.Of(shop))))
            .ExcludeFromDescription(); // between the shop's processes
        new OverviewApi(shop.Overview, time).Map(ops);
        new SearchApi(shop).Map(ops);
        new TimelineApi(shop, outlines).Map(ops);
        new RevealApi(shop).Map(ops);
        new SandboxApi(shop).Map(ops);
        new DeadLettersApi(shop).Map(ops);
        new AlertsApi(shop.Store, shop.Modules).Map(ops);
        new AuditLogApi(shop.Store, shop.Modules).Map(ops);
    }

    internal static async Task<List<QueueView>> Queues(
        Shop shop, IReadOnlyList<ProcessView> processes, DateTimeOffset now, CancellationToken stop)
    {
        var views = new List<QueueView>();
        var dead = await shop.DeadLetters.Waiting(stop);
        foreach (var q in await shop.Transport.Status(stop))
        {
            var rates = Processes.Rates(processes, q.Queue);
            var deadLetterQueue = shop.Topology.Of(q.Service).DeadLetterQueue;
            var age = q.OldestSentAt is { } oldest && now > oldest ? (now - oldest).TotalSeconds : 0;
            views.Add(new(
                q.Queue, q.Service, deadLetterQueue, q.Waiting, q.InFlight, q.Retrying,
                q.OldestSentAt, Math.Round(age, 3), Math.Round(rates.In, 2), Math.Round(rates.Out, 2),
                dead.GetValueOrDefault(deadLetterQueue)));
        }

        return views;
    }
}
