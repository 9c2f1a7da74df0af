using System.Text.Json.Serialization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>How far a notification is.</summary>
public enum NotificationStatus
{
    /// <summary>To be sent, or to be tried again.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>The channel has taken it.</summary>
    [JsonStringEnumMemberName("sent")]
    Sent,

    /// <summary>Given up; <see cref="Notification.Reason"/> says why.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Not sent, because the order has moved on or it was told before.</summary>
    [JsonStringEnumMemberName("suppressed")]
    Suppressed,

    /// <summary>Not sent, because the customer cannot be reached there or does not want to be.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}

/// <summary>One message to one customer over one channel.</summary>
/// <param name="Recipient">Address on the channel (personal data); null when none is known.</param>
/// <param name="Text">What it says: as the customer sees it, and the same at each attempt. Null when it is not to be
/// sent.</param>
/// <param name="IsCalling">Whether the channel is to be called now; false while a retry waits.</param>
/// <param name="Attempts">Calls that failed.</param>
/// <param name="Deferrals">Calls that were held back by the open circuit, which count for nothing but the wait.</param>
/// <param name="WakeAt">When to look again; null once it is settled.</param>
/// <param name="Reason">Why it is failed, suppressed, skipped, or still waiting. Never contains the address.</param>
public sealed record Notification(
    NotificationId Id,
    OrderId OrderId,
    UserId UserId,
    string Type,
    string Channel,
    string Language,
    string? Recipient,
    NoticeText? Text,
    NotificationStatus Status,
    bool IsCalling,
    int Attempts,
    int Deferrals,
    DateTimeOffset CreatedAt,
    DateTimeOffset? WakeAt,
    DateTimeOffset? SentAt,
    string? Reason,
    Trail Trail)
{
    /// <summary>Calls in a row that were lost, or could not even begin because the gateway had too much to do.</summary>
    public int Unanswered { get; init; }

    /// <summary>When the customer said that it is read.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>Whether the customer has got it and not yet read it.</summary>
    [JsonIgnore]
    public bool IsUnread => Status == NotificationStatus.Sent && ReadAt is null;

    /// <summary>
    /// One event is told to one user once per channel, and by push once per device. The user stands for the recipient,
    /// not the address: an address that changes between two deliveries of the event must not make a second
    /// notification.
    /// </summary>
    /// <param name="pushToken">The device; null on other channels, and when there is none.</param>
    public static NotificationId IdOf(EventId cause, string channel, UserId recipient, string? pushToken = null) =>
        new(DerivedId.From(cause.Value, $"{channel}/{recipient}{(pushToken is null ? "" : $"/{pushToken}")}"));

    /// <summary>The id that this one must have.</summary>
    public NotificationId IdFrom(EventId cause) =>
        IdOf(cause, Channel, UserId, Channel == Channels.Push ? Recipient : null);

    /// <summary>What it wants of its channel now. The key changes with every answer taken in.</summary>
    internal Effect? Wanted() =>
        this is { Status: NotificationStatus.Pending, IsCalling: true, Recipient: { } to, Text: { } text }
            ? new SendNotice(GatewayOf(Channel), $"{Id}/{Attempts + Deferrals}", Id, OrderId, Type, to, text)
            : null;

    internal string StatusName() => Status switch
    {
        NotificationStatus.Pending => "pending",
        NotificationStatus.Sent => "sent",
        NotificationStatus.Failed => "failed",
        NotificationStatus.Suppressed => "suppressed",
        NotificationStatus.Skipped => "skipped",
        _ => throw new InvalidOperationException($"{Status} is no status."),
    };

    private static string GatewayOf(string channel) => channel switch
    {
        Channels.Email => MailGateway.Name,
        Channels.Push => PushGateway.Name,
        Channels.Sms => SmsGateway.Name,
        _ => throw new InvalidOperationException($"No gateway serves the channel '{channel}'."),
    };
}
