using System.ComponentModel.DataAnnotations;

namespace DoaMarket.Stats;

/// <summary>How much one question and one step of a rebuild may take.</summary>
public sealed record StatsOptions
{
    /// <summary>Messages of the journal that a rebuild counts in one commit.</summary>
    [Range(1, 2_000)]
    public int ReplayPageSize { get; init; } = 250;

    /// <summary>
    /// Rows that a ranking may read; a question that needs more is refused, and told to ask for a shorter time.
    /// </summary>
    [Range(100, 10_000_000)]
    public int MaxRowsPerRanking { get; init; } = 200_000;

    /// <summary>How long a rebuild that could not go on waits before it tries again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan RebuildRetryAfter { get; init; } = TimeSpan.FromSeconds(5);
}
