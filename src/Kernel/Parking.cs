namespace DoaMarket.Kernel;

/// <summary>
/// Documents whose timer or answers have failed too often: parked under an alert, until something changes them or somebody
/// wakes them.
/// </summary>
internal static class Parking
{
    /// <summary>The alert for a document that is parked now.</summary>
    public static (AlertChange Change, Trail Trail) Begins(BatchDocuments.Entry entry, int failures, Exception why) => (
        new AlertChange(
            new Alert(
                KernelKinds.ParkedAlert, AlertSeverity.P2, entry.Key.ToString(),
                $"{entry.Key} failed {failures} times and sleeps until something changes it, or it is woken: {why.Message}"),
            null),
        TrailOf(entry));

    /// <summary>The alerts of those that were parked and go on now.</summary>
    public static IEnumerable<(AlertChange Change, Trail Trail)> Ends(BatchDocuments documents, int maxFailures) =>
        documents.Changed.Where(e => e.Loaded?.Failures >= maxFailures && e.Failures == 0).Select(e => (
            new AlertChange(new Alert(KernelKinds.ParkedAlert, AlertSeverity.P4, e.Key.ToString(), ""), "It goes on."),
            TrailOf(e)));

    private static Trail TrailOf(BatchDocuments.Entry entry) => entry.Key.Kind.Trail(entry.State ?? entry.Loaded!.State)
        ?? new(new CorrelationId(DerivedId.From(Guid.Empty, entry.Key.ToString())));
}
