using DoaMarket.Contracts;

namespace DoaMarket.Notifications;

/// <summary>A notification as its customer sees it.</summary>
/// <param name="Subject">Subject of a mail, title of a push; absent for a text message.</param>
/// <param name="Body">What it says; absent when it was not to be sent.</param>
/// <param name="Explanation">Why it is not sent, in the asked language; absent when it is.</param>
public sealed record NotificationView(
    NotificationId NotificationId,
    OrderId OrderId,
    string Type,
    string Channel,
    string Status,
    string? Subject,
    string? Body,
    string? Explanation,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SentAt,
    DateTimeOffset? ReadAt)
{
    /// <summary>Shows a notification.</summary>
    public static NotificationView Of(Notification n, bool english) => new(
        n.Id, n.OrderId, n.Type, n.Channel, n.StatusName(), n.Text is { Subject.Length: > 0 } text ? text.Subject : null,
        n.Text?.Body, Explain(n) is { } why ? english ? why.English : why.Korean : null, n.CreatedAt, n.SentAt, n.ReadAt);

    private static (string Korean, string English)? Explain(Notification n) => n.Status switch
    {
        NotificationStatus.Sent => null,
        NotificationStatus.Pending => ("보내는 중입니다.", "It is on its way."),
        NotificationStatus.Failed => ("보내지 못했습니다. 연락처를 확인해 주세요.", "It could not be sent. Please check your contact points."),
        NotificationStatus.Suppressed => ("더 새로운 소식이 있어 보내지 않았습니다.", "It was not sent, because there is newer news."),
        NotificationStatus.Skipped when n.Reason == Sending.SwitchedOff =>
            ("받지 않기로 설정하셔서 보내지 않았습니다.", "It was not sent, as your settings say."),
        NotificationStatus.Skipped =>
            ("등록된 연락처가 없어 보내지 않았습니다.", "It was not sent, because you have given no contact point for it."),
        _ => throw new InvalidOperationException($"{n.Status} is no status."),
    };
}

/// <summary>Where and of what a user is told.</summary>
/// <param name="Preferences">By type and channel, whether it is wanted.</param>
public sealed record SettingsView(
    string Language,
    string? Email,
    string? Phone,
    IReadOnlyList<string> PushTokens,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>> Preferences)
{
    /// <summary>Shows settings: every type on every channel that it goes out on.</summary>
    public static SettingsView Of(ContactPoints c) => new(
        c.Language, c.Email, c.Phone, c.PushTokens,
        NotificationTypes.All.ToDictionary(
            t => t.Name,
            t => (IReadOnlyDictionary<string, bool>)t.Channels.ToDictionary(
                channel => channel, channel => c.Wants(t.Name, channel), StringComparer.Ordinal),
            StringComparer.Ordinal));
}
