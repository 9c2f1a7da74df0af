using System.Text.Json.Serialization;

namespace DoaMarket.Kernel;

/// <summary>How soon a person must act.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlertSeverity>))]
public enum AlertSeverity
{
    /// <summary>CRITICAL: now.</summary>
    P1,

    /// <summary>Within the hour.</summary>
    P2,

    /// <summary>Within the working day.</summary>
    P3,

    /// <summary>For information.</summary>
    P4,
}

/// <summary>Something that a person must look at. There is at most one per type and subject.</summary>
/// <param name="Type">What kind, e.g. "REFUND_FAILED".</param>
/// <param name="Severity">How soon.</param>
/// <param name="Subject">What it is about: a payment's id, a saga's id, a queue's name.</param>
/// <param name="Text">What happened and what to do, for people.</param>
/// <param name="OrderId">The order concerned, if any.</param>
public sealed record Alert(string Type, AlertSeverity Severity, string Subject, string Text, string? OrderId = null);

/// <summary>An alert to raise, or, with a resolution, to resolve.</summary>
public sealed record AlertChange(Alert Alert, string? Resolution);

/// <summary>The document of an alert, kept in the store of the service that raised it.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Service">Who raised it.</param>
/// <param name="RaisedAt">When it was opened last.</param>
/// <param name="ResolvedAt">When it was resolved; null while it is open.</param>
/// <param name="Resolution">Why it is resolved.</param>
/// <param name="Occurrences">How often it was raised since it was opened last.</param>
/// <param name="CorrelationId">The customer's request concerned, if any.</param>
public sealed record AlertState(
    Alert Alert,
    string Service,
    DateTimeOffset RaisedAt,
    DateTimeOffset? ResolvedAt,
    string? Resolution,
    int Occurrences,
    CorrelationId? CorrelationId)
{
    /// <summary>When somebody said that they are on it; null while nobody has.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>Who said so.</summary>
    public UserId? AcknowledgedBy { get; init; }

    /// <summary>Whether it still waits for somebody.</summary>
    [JsonIgnore]
    public bool IsOpen => ResolvedAt is null;
}

/// <summary>What a person did: the action, on what, and why. Who and when come from the occasion.</summary>
public sealed record AuditEntry(string Action, string Subject, string? Reason);

/// <summary>The document of an audit entry.</summary>
public sealed record AuditState(
    string Action, string Subject, string? Reason, UserId? Actor, DateTimeOffset At, CorrelationId CorrelationId);

/// <summary>An alert was opened.</summary>
public sealed record AlertRaised(
    string Type, AlertSeverity Severity, string About, string Text, string? OrderId) : IMessage
{
    string? IMessage.Subject => OrderId;
}

/// <summary>An alert was resolved.</summary>
public sealed record AlertResolved(string Type, string About, string Resolution, string? OrderId) : IMessage
{
    string? IMessage.Subject => OrderId;
}

/// <summary>
/// Alerts and audit rows are documents of the service that they belong to, written in the commit that they tell of.
/// </summary>
public static class KernelKinds
{
    /// <summary>The alert for a document whose timer or answers failed too often; its subject is the document's key.</summary>
    public const string ParkedAlert = "DOCUMENT_PARKED";

    /// <summary>The alerts of a service.</summary>
    public static DocumentKind<AlertState> Alerts(string service) =>
        new DocumentKind<AlertState>(service, "alerts", KernelJson.Default.AlertState)
            .Column("open", a => a.IsOpen ? 1L : 0L)
            .Column("urgency", a => 4L - (long)a.Alert.Severity)
            .Column("type", a => a.Alert.Type)
            .Column("raised_at", a => a.RaisedAt.ToUnixTimeMilliseconds())
            .Index("by_urgency", "open", "urgency", "raised_at")
            .Index("by_type", "open", "type", "raised_at");

    /// <summary>The audit rows of a service.</summary>
    public static DocumentKind<AuditState> Audits(string service) =>
        new DocumentKind<AuditState>(service, "audits", KernelJson.Default.AuditState)
            .Column("at", a => a.At.ToUnixTimeMilliseconds())
            .Column("correlation_id", a => a.CorrelationId.ToString())
            .Index("by_time", "at")
            .Column("subject", a => a.Subject)
            .Index("by_request", "correlation_id", "at")
            .Index("by_subject", "subject", "at");

    /// <summary>The redriving of a service's dead-letter queue: one document under the queue's name.</summary>
    public static DocumentKind<RedriveState> Redrives(string service) =>
        new(service, "redrives", KernelJson.Default.RedriveState);

    /// <summary>Handlings that were begun of messages which a service handles alone: one document per message.</summary>
    public static DocumentKind<HandlingsBegun> Attempts(string service) =>
        new(service, "attempts", KernelJson.Default.HandlingsBegun, a => a.KeptUntil);

    /// <summary>An alert's key: one per type and subject.</summary>
    public static string AlertKey(string type, string subject) => $"{type}/{subject}";
}

/// <summary>How the kernel's own records are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AlertState))]
[JsonSerializable(typeof(AuditState))]
[JsonSerializable(typeof(RedriveState))]
[JsonSerializable(typeof(HandlingsBegun))]
[JsonSerializable(typeof(AlertRaised))]
[JsonSerializable(typeof(AlertResolved))]
public sealed partial class KernelJson : JsonSerializerContext;
