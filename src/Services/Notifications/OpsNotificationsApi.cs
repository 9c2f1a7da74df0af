using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Notifications;

/// <summary>A notification as operators see it: what the customer saw, and what became of it.</summary>
/// <param name="Recipient">The address with all but its ends hidden; null when none is known.</param>
/// <param name="Text">As the customer saw it; null when it was not to be sent.</param>
/// <param name="Attempts">Calls that failed.</param>
/// <param name="Reason">Why it is failed, suppressed, skipped, or still waiting.</param>
public sealed record OpsNotificationView(
    NotificationId NotificationId, OrderId OrderId, UserId UserId, string Type, string Channel, string Language,
    string Status, string? Recipient, NoticeText? Text, int Attempts, string? Reason, DateTimeOffset CreatedAt,
    DateTimeOffset? SentAt, DateTimeOffset? ReadAt)
{
    private const int EndShown = 2;

    internal static OpsNotificationView Of(Notification n) => new(
        n.Id, n.OrderId, n.UserId, n.Type, n.Channel, n.Language, n.StatusName(),
        n.Recipient is { } to ? Masked(to) : null, n.Text, n.Attempts, n.Reason, n.CreatedAt, n.SentAt, n.ReadAt);

    private static string Masked(string address) => address.Length <= 2 * EndShown
        ? "***"
        : $"{address[..EndShown]}***{address[^EndShown..]}";
}

/// <summary>Notifications' part of the HTTP API for the operators' console.</summary>
public static class OpsNotificationsApi
{
    /// <summary>Adds the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder api, IStore store) => api
        .MapGet("/ops/notifications", async (Guid? orderId, string? userId, HttpContext http) =>
        {
            var paging = ApiPaging.Of(http.Request);
            var (index, equal) = (orderId, userId) switch
            {
                ({ } order, _) => ("by_order", new object[] { new OrderId(order).ToString() }),
                (_, { } user) => ("by_user", [user]),
                _ => ("by_time", []),
            };
            var page = await store.Query(
                new(NotificationKinds.Notifications, index, equal, paging.Limit, Descending: true, paging.Cursor),
                http.RequestAborted);
            return ApiAnswers.Page<OpsNotificationView>(
                http, [.. page.Documents.Select(d => OpsNotificationView.Of((Notification)d.State))], page.NextCursor);
        })
        .RequireAuthorization(Roles.Operator).WithTags("Operations")
        .WithSummary("What customers were told, newest first, as they saw it; ?orderId= or ?userId= narrows it")
        .Produces<ApiSuccess<IReadOnlyList<OpsNotificationView>>>();
}
