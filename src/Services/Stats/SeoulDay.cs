using System.Globalization;

namespace DoaMarket.Stats;

/// <summary>Days as people in Seoul count them.</summary>
public static class SeoulDay
{
    /// <summary>Name of the time zone, for answers.</summary>
    public const string TimeZone = "Asia/Seoul";

    /// <summary>Korea has had no daylight saving since 1988; a fixed offset needs no time zone data.</summary>
    private static readonly TimeSpan Offset = TimeSpan.FromHours(9);

    /// <summary>The day of a moment, given in Unix milliseconds: the journal keeps no finer time.</summary>
    public static DateOnly Of(long unixMs) => Of(DateTimeOffset.FromUnixTimeMilliseconds(unixMs));

    /// <summary>The day of a moment.</summary>
    public static DateOnly Of(DateTimeOffset moment) => DateOnly.FromDateTime(moment.ToOffset(Offset).DateTime);

    /// <summary>"2026-04-01": sorts as days do.</summary>
    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
