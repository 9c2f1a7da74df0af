namespace DoaMarket.Kernel;

/// <summary>Opens an alert that no message told of: a circuit breaker, a watch of this process.</summary>
public sealed record RaiseAlert(Alert Alert) : Request<bool>;

/// <summary>Resolves an open alert; the answer is false when it was not open. A person's reason is audited.</summary>
public sealed record ResolveAlert(string Type, string Subject, string Reason, bool ByPerson) : Request<bool>;

/// <summary>
/// Somebody is on it. The alert stays open, and says who; the answer is false when it is not open. The first counts.
/// </summary>
public sealed record AcknowledgeAlert(string Type, string Subject, string? Reason) : Request<bool>;

/// <summary>Puts on record what a person did that changes nothing: looked at personal data, for example.</summary>
public sealed record RecordAction(AuditEntry Entry) : Request<bool>;

/// <summary>
/// Lets the timer of a parked document run again (audited); the answer is false when it is not parked.
/// </summary>
/// <param name="Document">Its key, as its alert names it.</param>
public sealed record WakeDocument(string Document, string Reason) : Request<bool>;

/// <summary>What every service does for its operators.</summary>
internal static class OperatorRequests
{
    public static void AddTo(ServiceModule module)
    {
        var alerts = module.Alerts;
        module
            .OnRequest<RaiseAlert, bool>(_ => [], (_, asked) => Decision.On(asked).Raise(asked.Body.Alert).Answer(true))
            .OnRequest<ResolveAlert, bool>(
                r => [alerts.Key(KernelKinds.AlertKey(r.Type, r.Subject))],
                (docs, asked) => Resolve(
                    docs.Find(alerts, KernelKinds.AlertKey(asked.Body.Type, asked.Body.Subject)), asked))
            .OnRequest<AcknowledgeAlert, bool>(
                r => [alerts.Key(KernelKinds.AlertKey(r.Type, r.Subject))],
                (docs, asked) => Acknowledge(alerts, docs, asked))
            .OnRequest<WakeDocument, bool>(
                r => [alerts.Key(ParkedKey(r)), .. KeyOf(module, r)],
                (docs, asked) => Wake(module, docs, asked))
            .OnRequest<RecordAction, bool>(
                _ => [],
                (_, asked) => Audited(Decision.On(asked), asked.Body.Entry).Answer(true));
    }

    private static Decision Resolve(AlertState? alert, Asked<ResolveAlert, bool> asked)
    {
        if (alert is not { IsOpen: true } open)
        {
            return Decision.On(asked).Answer(false);
        }

        var decision = Decision.On(asked).Resolve(open.Alert.Type, open.Alert.Subject, asked.Body.Reason).Answer(true);
        return asked.Body.ByPerson
            ? decision.Audit("alert.resolve", $"{open.Alert.Type}/{open.Alert.Subject}", asked.Body.Reason)
            : decision;
    }

    private static Decision Acknowledge(
        DocumentKind<AlertState> alerts, Documents docs, Asked<AcknowledgeAlert, bool> asked)
    {
        var key = KernelKinds.AlertKey(asked.Body.Type, asked.Body.Subject);
        var decision = Decision.On(asked);
        if (docs.Find(alerts, key) is not { IsOpen: true } open)
        {
            return decision.Answer(false);
        }

        if (open.AcknowledgedAt is not null)
        {
            return decision.Answer(true);
        }

        var seen = open with { AcknowledgedAt = asked.Now, AcknowledgedBy = asked.Trail.UserId };
        return decision.Put(alerts, key, seen).Audit("alert.acknowledge", key, asked.Body.Reason).Answer(true);
    }

    private static Decision Wake(ServiceModule module, Documents docs, Asked<WakeDocument, bool> asked)
    {
        var decision = Decision.On(asked);
        if (docs.Find(module.Alerts, ParkedKey(asked.Body)) is not { IsOpen: true }
            || KeyOf(module, asked.Body) is not [var key] || docs.FindAny(key) is null)
        {
            return decision.Answer(false);
        }

        return decision.Wake(key)
            .Resolve(KernelKinds.ParkedAlert, asked.Body.Document, asked.Body.Reason)
            .Audit("document.wake", asked.Body.Document, asked.Body.Reason)
            .Answer(true);
    }

    private static string ParkedKey(WakeDocument wish) => KernelKinds.AlertKey(KernelKinds.ParkedAlert, wish.Document);

    private static DocumentKey[] KeyOf(ServiceModule module, WakeDocument wish) =>
        wish.Document.Split('/', 2) is [var table, var id] && module.Kinds.FirstOrDefault(k => k.Table == table) is { } kind
            ? [new(kind, id)]
            : [];

    private static Decision Audited(Decision decision, AuditEntry entry) =>
        decision.Audit(entry.Action, entry.Subject, entry.Reason);
}
