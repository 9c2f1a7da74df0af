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

    /// <summary>Not sent on purpose; <see cref="Notification.Reason"/> says why.</summary>
    [JsonStringEnumMemberName("suppressed")]
    Suppressed,
}

/// <summary>One message to one customer over one channel.</summary>
/// <param name="Recipient">Address on the channel (personal data); null when none is known.</param>
/// <param name="Facts">What the template shows.</param>
/// <param name="IsCalling">Whether the channel is to be called now; false while a retry waits.</param>
/// <param name="Attempts">Calls that failed.</param>
/// <param name="Deferrals">Calls that were held back by the open circuit, which count for nothing but the wait.</param>
/// <param name="WakeAt">When to look again; null once it is settled.</param>
/// <param name="Reason">Why it is failed, suppressed, or still waiting. Never contains the address.</param>
public sealed record Notification(
    NotificationId Id,
    OrderId OrderId,
    UserId UserId,
    string Type,
    string Channel,
    string Language,
    string? Recipient,
    NoticeFacts Facts,
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
    /// <summary>
    /// One event is told to one user once per channel. The user stands for the recipient, not the address: an address
    /// that changes between two deliveries of the event must not make a second notification.
    /// </summary>
    public static NotificationId IdOf(EventId cause, string channel, UserId recipient) =>
        new(DerivedId.From(cause.Value, $"{channel}/{recipient}"));

    /// <summary>What it wants of its channel now. The key changes with every answer taken in.</summary>
    internal Effect? Wanted() => this switch
    {
        { Status: not NotificationStatus.Pending } or { IsCalling: false } or { Recipient: null } => null,
        { Channel: Channels.Email } =>
            new SendMail($"{Id}/{Attempts + Deferrals}", Id, Type, Language, Recipient, Facts),
        _ => throw new InvalidOperationException($"No gateway serves the channel '{Channel}'."),
    };

    internal string StatusName() => Status switch
    {
        NotificationStatus.Pending => "pending",
        NotificationStatus.Sent => "sent",
        NotificationStatus.Failed => "failed",
        NotificationStatus.Suppressed => "suppressed",
        _ => throw new InvalidOperationException($"{Status} is no status."),
    };
}
