using System.Text.Json;
using DoaMarket.Api;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Journal;

/// <summary>A message in the journal.</summary>
public sealed record JournalView(
    EventId EventId, string EventType, string EventVersion, DateTimeOffset Timestamp, string Source,
    CorrelationId CorrelationId, EventId? CausationId, SagaId? SagaId, UserId? UserId, string? Traceparent,
    JsonElement Data);

/// <summary>A remark in the journal: what was dropped, ignored, retried or called outside.</summary>
public sealed record RemarkView(DateTimeOffset At, string Service, string Kind, string Text, EventId? EventId);

/// <summary>The story of one customer's request: messages with causes before effects, and remarks.</summary>
public sealed record StoryView(IReadOnlyList<JournalView> Messages, IReadOnlyList<RemarkView> Remarks);

/// <summary>The journal's part of the HTTP API.</summary>
public static class JournalApi
{
    /// <summary>Adds the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder api, IJournal journal) => api
        .MapGet("/ops/journal", async (string? correlationId, string? orderId, HttpContext http) =>
        {
            var stop = http.RequestAborted;
            var story = Guid.TryParse(correlationId, out var correlation)
                ? await Story.OfRequest(journal, new(correlation), stop)
                : Guid.TryParse(orderId, out var order)
                    ? await Story.OfOrder(journal, order, stop)
                    : throw ApiException.Field(
                        "correlationId", "correlationId 또는 orderId에 UUID를 적어 주세요.",
                        "give a UUID as ?correlationId= or ?orderId=.");
            return ApiAnswers.Ok(http, new StoryView(
                [.. story.Messages.Select(View)],
                [.. story.Remarks.Select(r => new RemarkView(r.At, r.Service, r.Kind, r.Text, r.EventId))]));
        })
        .RequireAuthorization(Roles.Operator).WithTags("Operations")
        .WithSummary("Everything that one request set in motion, causes before effects")
        .Produces<ApiSuccess<StoryView>>();

    /// <summary>A message as the API shows it.</summary>
    public static JournalView View(JournalEntry entry)
    {
        using var data = JsonDocument.Parse(entry.Body);
        return new(
            entry.EventId, entry.EventType, entry.EventVersion, entry.Timestamp, entry.Source, entry.CorrelationId,
            entry.CausationId, entry.SagaId, entry.UserId, entry.Traceparent, data.RootElement.Clone());
    }
}
