using System.Globalization;
using DoaMarket.Contracts;
using HandlebarsDotNet;

namespace DoaMarket.Notifications;

/// <summary>How templates of one language write amounts, days, times and reasons.</summary>
internal static class TemplateLanguage
{
    /// <summary>Korea has had UTC+9 without summer time since 1988.</summary>
    public static readonly TimeSpan KoreanTime = TimeSpan.FromHours(9);

    /// <summary>Handlebars with {{money x}}, {{date x}}, {{time x}} and {{why x}}; plain text, no gaps.</summary>
    public static IHandlebars Of(string language)
    {
        var handlebars = Handlebars.Create(new HandlebarsConfiguration
        {
            NoEscape = true, // plain text
            ThrowOnUnresolvedBindingExpression = true,
        });
        handlebars.RegisterHelper("money", (writer, _, given) => writer.Write(Text(language, Only<Money>(given))));
        handlebars.RegisterHelper("date", (writer, _, given) => writer.Write(Text(language, Only<DateOnly>(given))));
        handlebars.RegisterHelper(
            "time", (writer, _, given) => writer.Write(Text(language, Only<DateTimeOffset>(given))));
        handlebars.RegisterHelper("why", (writer, _, given) => writer.Write(Only<NoticeReason>(given).In(language)));
        return handlebars;
    }

    private static string Text(string language, Money amount) => language == Languages.Korean
        ? amount.ToString()
        : "₩" + amount.Won.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(string language, DateOnly date) => language == Languages.Korean
        ? date.ToString("yyyy'년' M'월' d'일'", CultureInfo.InvariantCulture)
        : date.ToString("MMMM d, yyyy", CultureInfo.InvariantCulture);

    private static string Text(string language, DateTimeOffset time) => language == Languages.Korean
        ? time.ToOffset(KoreanTime).ToString("yyyy'년' M'월' d'일' HH:mm", CultureInfo.InvariantCulture)
        : time.ToOffset(KoreanTime).ToString("MMMM d, yyyy HH:mm '(KST)'", CultureInfo.InvariantCulture);

    private static T Only<T>(Arguments given) =>
        given.Length == 1 && given[0] is T value
            ? value
            : throw new HandlebarsException($"A {typeof(T).Name} was expected.");
}
