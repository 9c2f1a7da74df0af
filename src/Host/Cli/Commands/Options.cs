using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace DoaMarket.Host.Cli.Commands;

/// <summary>Options that several commands take, with the same words each time.</summary>
internal static class Options
{
    public const string DefaultUrl = "http://127.0.0.1:5080";
    public const string DefaultData = "./.doa";
    public const int RowsMax = 100;

    public static Option<string> Data() => new("--data")
    {
        Description = "The folder of the database and the keys.",
        HelpName = "folder",
        DefaultValueFactory = _ => DefaultData,
    };

    public static Option<string> Url() => Url("--url", "The shop to speak to.");

    public static Option<string> Url(string name, string description)
    {
        var url = new Option<string>(name)
        {
            Description = description,
            HelpName = "url",
            DefaultValueFactory = _ => DefaultUrl,
        };
        url.Validators.Add(RefuseOtherThanHttp);
        return url;
    }

    public static Option<bool> Json() => new("--json")
    {
        Description = "Print the shop's answer as it came, for other programs.",
    };

    public static Option<int> Limit()
    {
        var limit = new Option<int>("--limit")
        {
            Description = $"How many rows, 1 to {RowsMax}.",
            HelpName = "rows",
            DefaultValueFactory = _ => 20,
        };
        limit.Between(1, RowsMax);
        return limit;
    }

    public static Option<string?> Cursor() => new("--cursor")
    {
        Description = "Go on where the page before ended; it says how.",
        HelpName = "cursor",
    };

    public static Option<string> Reason() => new("--reason")
    {
        Description = "Why, in your words. It is kept.",
        HelpName = "text",
        Required = true,
    };

    /// <summary>Configuration values; <see cref="Pairs"/> reads them.</summary>
    public static Option<string[]> Set(string example)
    {
        var set = new Option<string[]>("--set")
        {
            Description = $"A configuration value, for example {example}. May be repeated.",
            HelpName = "Name=value",
            DefaultValueFactory = _ => [],
        };
        set.Validators.Add(RefuseNameless);
        return set;
    }

    /// <summary>What was set, by name.</summary>
    public static IReadOnlyDictionary<string, string?> Pairs(IEnumerable<string> set) => set
        .Select(text => text.Split('=', 2))
        .ToDictionary(pair => pair[0], string? (pair) => pair[1], StringComparer.OrdinalIgnoreCase);

    /// <summary>A further part of a query, or nothing.</summary>
    public static string Filter(string name, string? value) =>
        value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    public static void Between(this Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        // Text that is no number is refused by the parser itself.
        if (result.Tokens is [var token]
            && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number)
            && (number < least || number > most))
        {
            result.AddError($"{option.Name} must be {least} to {most}, not {number}.");
        }
    });

    private static void RefuseNameless(OptionResult result)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in result.Tokens.Select(token => token.Value))
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                result.AddError($"'{text}' sets nothing; write Name=value.");
            }
            else if (!names.Add(text[..equals]))
            {
                result.AddError($"'{text[..equals]}' is set twice.");
            }
        }
    }

    private static void RefuseOtherThanHttp(OptionResult result)
    {
        var text = result.GetValueOrDefault<string>();
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            result.AddError($"'{text}' is no address of a shop; write {DefaultUrl}, for example.");
        }
    }
}
