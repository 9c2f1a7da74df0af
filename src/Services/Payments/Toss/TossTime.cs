using System.Globalization;

namespace DoaMarket.Payments.Toss;

/// <summary>Times as Toss writes them: Seoul's, in answers with the offset, in requests without it.</summary>
internal static class TossTime
{
    private static readonly TimeSpan Seoul = TimeSpan.FromHours(9); // no daylight saving time since 1988

    /// <summary>"2026-03-02T21:00:00".</summary>
    public static string Write(DateTimeOffset at) =>
        at.ToOffset(Seoul).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Reads a time with an offset, or without one as Seoul's; null when it is none.</summary>
    public static DateTimeOffset? Read(string? text)
    {
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var local))
        {
            return null;
        }

        return local.Kind == DateTimeKind.Unspecified
            ? new DateTimeOffset(local, Seoul).ToUniversalTime()
            : DateTimeOffset.Parse(text!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                .ToUniversalTime();
    }
}
