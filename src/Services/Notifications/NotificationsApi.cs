using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Notifications;

/// <summary>Notifications' part of the HTTP API: everybody sees and changes their own, nobody anyone else's.</summary>
public sealed class NotificationsApi(IStore store, NotificationsOptions options)
{
    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/notifications", (Delegate)List).RequireAuthorization().WithTags("Notifications")
            .WithSummary("One's notifications, newest first; ?unread=true for those that came and are not read yet")
            .Produces<ApiSuccess<IReadOnlyList<NotificationView>>>().Produces<ApiFailure>(400);
        api.MapPatch("/notifications/{notificationId:guid}/read", Read).RequireAuthorization()
            .WithTags("Notifications").WithSummary("Mark one as read; again changes nothing")
            .Produces<ApiSuccess<NotificationView>>().Produces<ApiFailure>(404);
        api.MapGet("/notifications/settings", (Delegate)Settings).RequireAuthorization().WithTags("Notifications")
            .WithSummary("One's contact points, language, and what is wanted on which channel")
            .Produces<ApiSuccess<SettingsView>>();
        api.MapPatch("/notifications/settings", (Delegate)Change).RequireAuthorization().WithTags("Notifications")
            .WithSummary("Change them; what is left out stays as it is, null takes an address away")
            .Accepts<SettingsBody>("application/json")
            .Produces<ApiSuccess<SettingsView>>().Produces<ApiFailure>(400);
    }

    private async Task<IResult> List(HttpContext http)
    {
        var (user, paging) = (Caller.Of(http).UserId, ApiPaging.Of(http.Request));
        var index = http.Request.Query["unread"].ToString() switch
        {
            "" or "false" => "by_user",
            "true" => "by_unread",
            _ => throw ApiException.Field("unread", "true 또는 false여야 합니다.", "it must be true or false."),
        };
        var page = await store.Query(
            new DocumentQuery(
                NotificationKinds.Notifications, index, [user.Value], paging.Limit, Descending: true, paging.Cursor),
            http.RequestAborted);
        var english = ApiAnswers.WantsEnglish(http);
        return ApiAnswers.Page<NotificationView>(
            http, [.. page.Documents.Select(d => NotificationView.Of((Notification)d.State, english))], page.NextCursor);
    }

    private static async Task<IResult> Read(Guid notificationId, HttpContext http)
    {
        var user = Caller.Of(http).UserId;
        var marked = await http.Ask(
            ShopTopology.Notifications, new MarkRead(new NotificationId(notificationId), user), user);
        return marked.Notification is { } read
            ? ApiAnswers.Ok(http, NotificationView.Of(read, ApiAnswers.WantsEnglish(http)))
            : ApiAnswers.Fail(http, ApiError.NotFound, new { notificationId }, notificationId);
    }

    private async Task<IResult> Settings(HttpContext http)
    {
        var user = Caller.Of(http).UserId;
        var found = await store.Find(NotificationKinds.Contacts.Key(user.Value), http.RequestAborted);
        return ApiAnswers.Ok(http, SettingsView.Of(
            (ContactPoints?)found?.State ?? ContactPoints.Unset(user, options.UnknownUsersDomain)));
    }

    private static async Task<IResult> Change(HttpContext http)
    {
        var body = await ApiBody.Read<SettingsBody>(http.Request, http.RequestAborted);
        var user = Caller.Of(http).UserId;
        return ApiAnswers.Ok(
            http, SettingsView.Of(await http.Ask(ShopTopology.Notifications, body.ToRequest(user), user)));
    }
}
