namespace DoaMarket.Host.Cli;

/// <summary>What the environment tells a client command.</summary>
/// <param name="Token">A bearer token that stands for every caller; null asks the shop for one.</param>
/// <param name="AcceptLanguage">In which language the shop's messages are wanted, as an HTTP header.</param>
internal sealed record Surroundings(string? Token, string AcceptLanguage)
{
    /// <summary>The variable that holds a token.</summary>
    public const string TokenVariable = "DOA_TOKEN";

    public static Surroundings OfProcess()
    {
        var token = Environment.GetEnvironmentVariable(TokenVariable);
        return new Surroundings(
            string.IsNullOrWhiteSpace(token) ? null : token.Trim(),
            LanguageOf(Environment.GetEnvironmentVariable("LANG")));
    }

    /// <summary>"ko_KR.UTF-8" means Korean, then English; "C", "POSIX" and nothing mean English.</summary>
    public static string LanguageOf(string? lang)
    {
        var locale = (lang ?? "").Split('.', '@')[0].Replace('_', '-');
        var isNamed = locale.Length >= 2
            && locale.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && !locale.Equals("POSIX", StringComparison.OrdinalIgnoreCase);
        return isNamed && !locale.StartsWith("en", StringComparison.OrdinalIgnoreCase)
            ? $"{locale},{locale.Split('-')[0]};q=0.9,en;q=0.5"
            : "en";
    }
}
