using System.Globalization;
using System.Text.Json;

namespace DoaMarket.Sagas;

/// <summary>How states and times are told to people and on diagrams.</summary>
public static class Words
{
    /// <summary>snake_case, as on the wire: "needs_attention".</summary>
    public static string Of(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>In the largest unit that fits: "30 s", "10 min", "21 days".</summary>
    public static string Of(TimeSpan time)
    {
        var (number, unit) = time switch
        {
            { TotalDays: >= 2 } => (time.TotalDays, "days"),
            { TotalHours: >= 2 } => (time.TotalHours, "h"),
            { TotalMinutes: >= 2 } => (time.TotalMinutes, "min"),
            _ => (time.TotalSeconds, "s"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{number:0.#} {unit}");
    }
}
