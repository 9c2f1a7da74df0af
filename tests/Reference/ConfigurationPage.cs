using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using DoaMarket.Host.Server;

namespace DoaMarket.Reference;

/// <summary>One setting: its key, what it is unless said, what it may be, what it means.</summary>
internal sealed record Setting(string Key, string Type, string Default, string Allowed, string Meaning)
{
    /// <summary>As an environment variable.</summary>
    public string Variable => "DOA__" + Key.Replace(":", "__", StringComparison.Ordinal);
}

/// <summary>docs/configuration.md: every option of the process, from the types that it is read into.</summary>
internal static class ConfigurationPage
{
    private const string ListItem = "0";

    /// <summary>The sections, as <see cref="ShopOptions"/> reads them, and the sandbox's.</summary>
    public static IReadOnlyList<(string Name, Type Type)> Sections { get; } =
    [
        .. typeof(ShopOptions).GetConstructors()[0].GetParameters().Select(p => (p.Name!, p.ParameterType)),
        ("Sandbox", typeof(SandboxSettings)),
    ];

    public static IReadOnlyList<Setting> Of((string Name, Type Type) section) =>
        [.. Settings(section.Name, section.Type, Activator.CreateInstance(section.Type))];

    public static string Text()
    {
        var page = new StringBuilder();
        page.Append("""
            # Configuration

            Generated from the options (`DOA_UPDATE_DOCS=1 dotnet test tests/Reference`); do not edit it.

            Settings are read from `appsettings.json` beside the program, from `appsettings.json` in the current folder, from the environment and from
            `--set Section:Key=value`; the later wins. They are checked before anything starts: an unknown key, or a value that is not allowed, ends the process
            with exit code 2 and a sentence that says what to write. In the environment a key begins with `DOA__` and has `__` for each colon:
            `DOA__Orders__ShippingFee=2500`. Durations are written `hh:mm:ss` or `d.hh:mm:ss`. An entry of a list has its number in its key, the first 0; giving
            a list entries adds to those that are there.

            `doa serve --help` tells the switches that everyone needs: `--mode`, `--urls`, `--data`, `--sandbox`. Client commands read `DOA_TOKEN`, a bearer token
            that stands for every caller.

            """);
        foreach (var section in Sections)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {section.Name}\n\n{XmlDocs.Of(section.Type)}\n\n");
            page.Append("| key | environment | default | allowed | meaning |\n|---|---|---|---|---|\n");
            foreach (var s in Of(section))
            {
                page.Append(CultureInfo.InvariantCulture, $"| `{s.Key}` | `{s.Variable}` | {Code(s.Default)} | {Cell(s.Allowed)} | {Cell(s.Meaning)} |\n");
            }
        }

        return page.ToString();
    }

    private static IEnumerable<Setting> Settings(string key, Type type, object? defaults)
    {
        foreach (var property in type.GetProperties().Where(p => p.SetMethod is { IsPublic: true }))
        {
            var (name, value) = ($"{key}:{property.Name}", defaults is null ? null : property.GetValue(defaults));
            if (typeof(Delegate).IsAssignableFrom(property.PropertyType))
            {
                continue; // for tests: no text can say it
            }

            foreach (var setting in Of(name, property, value))
            {
                yield return setting;
            }
        }
    }

    private static IEnumerable<Setting> Of(string name, PropertyInfo property, object? value)
    {
        var type = property.PropertyType;
        if (IsPlain(type))
        {
            return [new(name, TypeName(type), Default(value), Allowed(property), XmlDocs.Of(property))];
        }

        if (Entry(type) is { } entry)
        {
            var entries = ((IEnumerable?)value)?.Cast<object>().ToList() ?? [];
            return IsPlain(entry)
                ? [new($"{name}:{ListItem}", TypeName(entry), string.Join(", ", entries.Select(Default)), Allowed(property), XmlDocs.Of(property))]
                : Settings($"{name}:{ListItem}", entry, entries.FirstOrDefault())
                    .Select(s => s with { Default = string.Join(", ", entries.Select(e => DefaultIn(e, s.Key.Split(':')[^1]))) });
        }

        // What several waits have in common is said once, with what this one is for.
        return Settings(name, type, value).Select(s => s with { Meaning = $"{XmlDocs.Of(property)} {s.Meaning}".Trim() });
    }

    private static string DefaultIn(object entry, string member) => Default(entry.GetType().GetProperty(member)!.GetValue(entry));

    private static bool IsPlain(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsPrimitive || plain.IsEnum || plain == typeof(string) || plain == typeof(TimeSpan) || plain == typeof(Uri)
            || plain == typeof(decimal) || plain == typeof(TimeOnly);
    }

    private static Type? Entry(Type type) => type.IsArray
        ? type.GetElementType()
        : type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            ?.GetGenericArguments()[0];

    private static string TypeName(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            _ when plain == typeof(TimeSpan) => "duration",
            _ when plain == typeof(bool) => "true or false",
            _ when plain == typeof(string) => "text",
            _ when plain == typeof(int) || plain == typeof(long) => "whole number",
            _ when plain == typeof(double) || plain == typeof(decimal) => "number",
            _ => plain.Name,
        };
    }

    private static string Default(object? value) => value switch
    {
        null => "",
        TimeSpan { Milliseconds: not 0 } t => t.ToString("c", CultureInfo.InvariantCulture).TrimEnd('0'),
        TimeSpan t => t.ToString("c", CultureInfo.InvariantCulture),
        bool b => b ? "true" : "false",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Allowed(PropertyInfo property)
    {
        var type = TypeName(Entry(property.PropertyType) is { } entry && property.PropertyType != typeof(string) ? entry : property.PropertyType);
        var rules = new List<string> { type };
        var plain = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (plain.IsEnum)
        {
            rules[0] = string.Join(", ", Enum.GetNames(plain));
        }

        foreach (var attribute in property.GetCustomAttributes<ValidationAttribute>())
        {
            rules.Add(attribute switch
            {
                RangeAttribute r => string.Create(CultureInfo.InvariantCulture, $"{r.Minimum} to {r.Maximum}"),
                RequiredAttribute => "required",
                MinLengthAttribute m => $"{m.Length} at least",
                MaxLengthAttribute m => $"{m.Length} at most",
                StringLengthAttribute s => $"{s.MinimumLength} to {s.MaximumLength} characters",
                RegularExpressionAttribute r => $"`{r.Pattern}`",
                UrlAttribute => "an address",
                _ => attribute.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal),
            });
        }

        return string.Join(", ", rules);
    }

    private static string Code(string text) => text.Length == 0 ? "" : $"`{text.Replace("|", "\\|", StringComparison.Ordinal)}`";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
