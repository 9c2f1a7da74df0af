namespace DoaMarket.Stats;

/// <summary>A rebuild under way.</summary>
/// <param name="Generation">What it builds.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Through">
/// The last place in the journal that is replayed; null until it has been read, after the beginning was committed.
/// </param>
/// <param name="At">The place in the journal up to which it has come.</param>
/// <param name="Messages">Messages replayed.</param>
/// <param name="Skipped">Messages that cannot be read or counted: those that are dead letters, too.</param>
public sealed record Rebuild(
    long Generation, DateTimeOffset StartedAt, long? Through, long At, long Messages, long Skipped);

/// <summary>How the last rebuild ended.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When its figures took the place of the old ones.</param>
/// <param name="Messages">Messages replayed.</param>
/// <param name="Skipped">Messages that could not be read or counted.</param>
/// <param name="Compared">Figures compared with the old ones: days and products.</param>
/// <param name="Different">How many differed.</param>
/// <param name="Examples">Some of those that differed, in words.</param>
public sealed record RebuildResult(
    DateTimeOffset StartedAt, DateTimeOffset EndedAt, long Messages, long Skipped, long Compared, long Different,
    IReadOnlyList<string> Examples);

/// <summary>
/// Which generation of figures is read. A rebuild makes the next one beside it; then one commit turns the page. Every
/// message that arrives meanwhile is counted in both, and each order's facts are kept once per generation, so it does not
/// matter whether a message is replayed, heard, or both.
/// </summary>
/// <param name="Generation">The generation that is read.</param>
/// <param name="Rebuild">The rebuild under way; null when there is none.</param>
/// <param name="Last">How the last one ended.</param>
public sealed record StatsBooks(long Generation, Rebuild? Rebuild, RebuildResult? Last)
{
    /// <summary>The books of a shop that has never been rebuilt.</summary>
    public static readonly StatsBooks First = new(1, null, null);

    /// <summary>The generations that messages are counted in.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyList<long> Counted => Rebuild is { } r ? [Generation, r.Generation] : [Generation];
}
