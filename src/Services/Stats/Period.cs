using System.Globalization;
using DoaMarket.Api;
using Microsoft.AspNetCore.Http;

namespace DoaMarket.Stats;

/// <summary>Which days are asked for, and how they are put together.</summary>
/// <param name="Name">day, week or month.</param>
/// <param name="Start">First day.</param>
/// <param name="End">Last day, included.</param>
internal sealed record Period(string Name, DateOnly Start, DateOnly End)
{
    /// <summary>The longest that one question may reach, in days and so in buckets.</summary>
    public const int MaxDays = 366;

    private const int DefaultDays = 30;
    private static readonly string[] Names = ["day", "week", "month"];

    /// <summary>Reads ?period=, ?startDate= and ?endDate=; without dates the last 30 days.</summary>
    /// <exception cref="ApiException">400, naming the parameter.</exception>
    public static Period Of(HttpRequest request, DateTimeOffset now)
    {
        var name = request.Query["period"].ToString() is { Length: > 0 } given ? given : Names[0];
        if (!Names.Contains(name, StringComparer.Ordinal))
        {
            throw ApiException.Field("period", "day, week, month 중 하나여야 합니다.", "it must be day, week or month.");
        }

        var end = Day(request, "endDate") ?? SeoulDay.Of(now);
        var start = Day(request, "startDate") ?? Earlier(end, DefaultDays - 1);
        if (start > end)
        {
            throw ApiException.Field(
                "startDate", "endDate보다 늦을 수 없습니다.", "it must not be later than endDate.");
        }

        return end.DayNumber - start.DayNumber < MaxDays
            ? new(name, start, end)
            : throw ApiException.Field(
                "startDate", $"한 번에 {MaxDays}일까지 조회할 수 있습니다.", $"at most {MaxDays} days can be asked for at once.");
    }

    /// <summary>The first day of the bucket that a day belongs to.</summary>
    public DateOnly BucketOf(DateOnly day)
    {
        var first = Name switch
        {
            "week" => Earlier(day, ((int)day.DayOfWeek + 6) % 7),
            "month" => new DateOnly(day.Year, day.Month, 1),
            _ => day,
        };
        return first < Start ? Start : first;
    }

    /// <summary>All buckets, first and last day of each.</summary>
    public IEnumerable<(DateOnly Start, DateOnly End)> Buckets()
    {
        var days = Enumerable.Range(Start.DayNumber, End.DayNumber - Start.DayNumber + 1).Select(DateOnly.FromDayNumber);
        return days.GroupBy(BucketOf).Select(b => (b.Key, b.Last()));
    }

    private static DateOnly? Day(HttpRequest request, string name)
    {
        if (request.Query[name].ToString() is not { Length: > 0 } text)
        {
            return null;
        }

        return DateOnly.TryParseExact(
                text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year < DateOnly.MaxValue.Year
                ? day
                : throw ApiException.Field(
                    name, "YYYY-MM-DD 형식의 날짜여야 합니다.", "it must be a date, YYYY-MM-DD.");
    }

    private static DateOnly Earlier(DateOnly day, int days) => DateOnly.FromDayNumber(Math.Max(0, day.DayNumber - days));
}
