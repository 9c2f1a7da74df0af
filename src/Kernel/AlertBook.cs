namespace DoaMarket.Kernel;

/// <summary>An alert that opened, or closed when it has a resolution.</summary>
/// <param name="Version">That its document will have.</param>
/// <param name="Ordinal">Within its batch, which may open and close the same alert.</param>
internal sealed record AlertTransition(Alert Alert, string? Resolution, Trail Trail, long Version, int Ordinal = 0);

/// <summary>Turns alerts and audit entries into documents. There is at most one alert per type and subject.</summary>
internal static class AlertBook
{
    public static AlertTransition? Apply(
        ServiceModule module, BatchDocuments documents, AlertChange change, Trail trail, DateTimeOffset now)
    {
        var entry = documents.Of(module.Alerts.Key(KernelKinds.AlertKey(change.Alert.Type, change.Alert.Subject)));
        var before = (AlertState?)entry.State;
        var version = (entry.Loaded?.Version ?? 0) + 1;
        if (change.Resolution is { } resolution)
        {
            if (before is not { IsOpen: true })
            {
                return null;
            }

            entry.Change(before with { ResolvedAt = now, Resolution = resolution });
            return new(before.Alert, resolution, trail, version);
        }

        if (before is { IsOpen: true })
        {
            entry.Change(before with { Occurrences = before.Occurrences + 1 });
            return null;
        }

        entry.Change(new AlertState(change.Alert, module.Service, now, null, null, 1, trail.CorrelationId));
        return new(change.Alert, null, trail, version);
    }

    public static void Write(ServiceModule module, BatchDocuments documents, Decision decision, DateTimeOffset now)
    {
        for (var i = 0; i < decision.Audits.Count; i++)
        {
            var audit = decision.Audits[i];
            var key = module.Audits.Key(DerivedId.From(decision.Occasion.Id, $"audit:{i}").ToString("D"));
            documents.ToWrite(key).Change(
                new AuditState(
                    audit.Action, audit.Subject, audit.Reason, decision.Occasion.Trail.UserId, now,
                    decision.Trail.CorrelationId));
        }
    }
}
