using System.Text.Json;
using DoaMarket.Api;
using DoaMarket.Host.Server;
using DoaMarket.Kernel;
using EventId = DoaMarket.Kernel.EventId;

namespace DoaMarket.Host.Ops;

/// <summary>A dead letter as operators see it.</summary>
/// <param name="HasPersonalData">True when <paramref name="Body"/> is masked, or would be.</param>
public sealed record DeadLetterView(
    Guid DeadLetterId, string Queue, string SourceQueue, EventId EventId, string EventType, CorrelationId CorrelationId,
    DateTimeOffset SentAt, DateTimeOffset DeadAt, int Attempts, string Reason, string Error, JsonElement Headers,
    string Body, bool HasPersonalData, string Status, string? SettledBecause)
{
    /// <summary>Personal data is masked unless it is to be revealed.</summary>
    internal static DeadLetterView Of(DeadLetter d, bool reveal = false)
    {
        using var headers = JsonDocument.Parse(d.Headers);
        return new(
            d.Id, d.Queue, d.SourceQueue, d.EventId, d.EventType, d.CorrelationId, d.SentAt, d.DeadAt, d.Attempts,
            d.Reason, d.Error, headers.RootElement.Clone(), reveal ? d.Body : d.MaskedBody,
            !string.Equals(d.Body, d.MaskedBody, StringComparison.Ordinal), d.Status, d.SettledBecause);
    }
}

/// <summary>Dead letters: look, try without effect, redrive, discard.</summary>
public sealed class DeadLettersApi(Shop shop)
{
    private static readonly string[] Statuses = [DeadLetter.Dead, DeadLetter.Redriven, DeadLetter.Discarded];

    private static readonly ApiError Settled = new(
        409, "DEAD_LETTER_SETTLED", "이미 처리된 메시지입니다: {0}", "This dead letter was settled before: {0}");

    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder ops)
    {
        var letters = ops.MapGroup("/dead-letters");
        letters.MapGet("", List)
            .WithSummary("Messages that failed for good, newest first; ?queue= ?type= ?status=dead|redriven|discarded")
            .Produces<ApiSuccess<IReadOnlyList<DeadLetterView>>>();
        letters.MapGet("/groups", Groups)
            .WithSummary("How many wait in which queue for which reason, the most frequent first; ?queue=")
            .Produces<ApiSuccess<IReadOnlyList<DeadLetterGroup>>>();
        letters.MapGet("/{id:guid}", (Guid id, HttpContext http) => With(http, id, Show))
            .WithSummary("One dead letter: body (personal data masked), headers, error, stack")
            .Produces<ApiSuccess<DeadLetterView>>().Produces<ApiFailure>(404);
        letters.MapPost("/{id:guid}/reveal", (Guid id, HttpContext http) => With(http, id, Reveal))
            .WithSummary("The same with personal data in clear, for a reason (audited)")
            .Accepts<ReasonBody>("application/json").Produces<ApiSuccess<DeadLetterView>>().Produces<ApiFailure>(404);
        letters.MapPost("/{id:guid}/dry-run", (Guid id, HttpContext http) => With(http, id, DryRun))
            .WithSummary("Is it still expected? What redriving it would do to the present documents; nothing is changed")
            .Produces<ApiSuccess<Rehearsal>>().Produces<ApiFailure>(404);
        letters.MapPost("/{id:guid}/redrive", (Guid id, HttpContext http) => With(http, id, Redrive))
            .WithSummary("Send it to its queue again (audited); twice equals once")
            .Accepts<OptionalReasonBody>("application/json")
            .Produces<ApiSuccess<DeadLetterView>>().Produces<ApiFailure>(404).Produces<ApiFailure>(409);
        letters.MapPost("/{id:guid}/discard", (Guid id, HttpContext http) => With(http, id, Discard))
            .WithSummary("Give it up for a reason (audited)")
            .Accepts<ReasonBody>("application/json")
            .Produces<ApiSuccess<DeadLetterView>>().Produces<ApiFailure>(404).Produces<ApiFailure>(409);
        new RedrivesApi(shop).Map(letters);
    }

    private async Task<IResult> List(string? queue, string? type, string? status, HttpContext http)
    {
        if (status is not null && !Statuses.Contains(status, StringComparer.Ordinal))
        {
            var known = string.Join(", ", Statuses);
            throw ApiException.Field("status", $"다음 중 하나여야 합니다: {known}", $"it must be one of: {known}");
        }

        var paging = ApiPaging.Of(http.Request);
        var page = await shop.DeadLetters.Page(
            new(paging.Limit, KnownQueue(queue), type, status ?? DeadLetter.Dead, paging.Cursor), http.RequestAborted);
        return ApiAnswers.Page(http, [.. page.Letters.Select(l => DeadLetterView.Of(l))], page.NextCursor);
    }

    private async Task<IResult> Groups(string? queue, HttpContext http) => ApiAnswers.Ok(
        http,
        await shop.DeadLetters.Groups(
            KnownQueue(queue), ApiPaging.Of(http.Request).Limit, http.RequestAborted));

    // A queue that is misspelt would look like one without dead letters.
    private string? KnownQueue(string? queue) =>
        queue is null || shop.Topology.Queues.Any(q => q.Queue == queue || q.DeadLetterQueue == queue)
            ? queue
            : throw RedrivesApi.UnknownQueue(shop);

    private static Task<IResult> Show(HttpContext http, DeadLetter letter, string service) =>
        Task.FromResult(ApiAnswers.Ok(http, DeadLetterView.Of(letter)));

    private static async Task<IResult> Reveal(HttpContext http, DeadLetter letter, string service)
    {
        var body = await ApiBody.Read<ReasonBody>(http.Request, http.RequestAborted);
        var entry = new AuditEntry("dead_letter.reveal", letter.Id.ToString("D"), body.Checked());
        await http.Ask(service, new RecordAction(entry), Caller.Of(http).UserId);
        return ApiAnswers.Ok(http, DeadLetterView.Of(letter, reveal: true));
    }

    private async Task<IResult> DryRun(HttpContext http, DeadLetter letter, string service) =>
        ApiAnswers.Ok(http, await shop.Loops.Of(service).Rehearse(letter, http.RequestAborted));

    private async Task<IResult> Redrive(HttpContext http, DeadLetter letter, string service)
    {
        var reason = await OptionalReasonBody.Of(http.Request, http.RequestAborted);
        if (letter.Status == DeadLetter.Discarded)
        {
            return ApiAnswers.Fail(http, Settled, new { deadLetterId = letter.Id, letter.Status }, letter.Status);
        }

        return letter.Status == DeadLetter.Redriven
            ? ApiAnswers.Ok(http, DeadLetterView.Of(letter))
            : await Settle(http, letter, service, new RedriveDeadLetter(letter.Id, reason));
    }

    private async Task<IResult> Discard(HttpContext http, DeadLetter letter, string service)
    {
        var reason = (await ApiBody.Read<ReasonBody>(http.Request, http.RequestAborted)).Checked();
        if (letter.Status == DeadLetter.Redriven)
        {
            return ApiAnswers.Fail(http, Settled, new { deadLetterId = letter.Id, letter.Status }, letter.Status);
        }

        return letter.Status == DeadLetter.Discarded
            ? ApiAnswers.Ok(http, DeadLetterView.Of(letter))
            : await Settle(http, letter, service, new DiscardDeadLetter(letter.Id, reason));
    }

    private async Task<IResult> Settle(HttpContext http, DeadLetter letter, string service, Request<bool> wish)
    {
        await http.Ask(service, wish, Caller.Of(http).UserId);
        await shop.QueueWatch.Look(http.RequestAborted); // the queue's alert closes with its last letter
        var after = await shop.DeadLetters.Find(letter.Id, http.RequestAborted);
        return ApiAnswers.Ok(http, DeadLetterView.Of(after ?? letter));
    }

    private async Task<IResult> With(
        HttpContext http, Guid id, Func<HttpContext, DeadLetter, string, Task<IResult>> act) =>
        await shop.DeadLetters.Find(id, http.RequestAborted) is { } letter
            ? await act(http, letter, shop.Topology.Queues.Single(q => q.Queue == letter.SourceQueue).Service)
            : ApiAnswers.Fail(http, ApiError.NotFound, new { deadLetterId = id }, id);
}
