using System.Globalization;
using System.Text;
using DoaMarket.Contracts;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;
using HandlebarsDotNet.Compiler.Resolvers;

namespace DoaMarket.Notifications;

/// <summary>A rendered mail.</summary>
public sealed record RenderedMail(string Subject, string Body);

/// <summary>
/// What mails say: `Templates/{type}.email.{language}.hbs`, the first line `Subject: …`, then the text. All are
/// compiled and rendered once here, so that a missing or broken one, or a misspelt fact, stops the start, not a mail.
/// </summary>
public sealed class MailTemplates
{
    private const string SubjectPrefix = "Subject: ";

    private static readonly NoticeFacts EveryFact = new()
    {
        Order = "order",
        Amount = Money.Zero,
        ShippingFee = Money.Zero,
        Items = [new("item", 1, Money.Zero)],
        Reason = "reason",
        CarrierName = "carrier",
        TrackingNumber = "number",
        DeliveryDate = DateOnly.MinValue,
    };

    private readonly Dictionary<(string Type, string Language), HandlebarsTemplate<object, object>> _templates = [];

    /// <summary>Reads and compiles every template.</summary>
    /// <exception cref="InvalidOperationException">A template is missing or has no subject.</exception>
    /// <exception cref="HandlebarsException">A template is malformed.</exception>
    /// <exception cref="HandlebarsUndefinedBindingException">A template shows a fact that there is not.</exception>
    public MailTemplates()
        : this(Embedded)
    {
    }

    /// <summary>Compiles the templates that <paramref name="read"/> gives by name; null is a missing one.</summary>
    public MailTemplates(Func<string, string?> read)
    {
        foreach (var language in Languages.All)
        {
            var handlebars = Configured(language);
            foreach (var type in NotificationTypes.By(Channels.Email))
            {
                var name = $"{type.Name}.{Channels.Email}.{language}.hbs";
                var text = read(name) ?? throw new InvalidOperationException($"The template {name} is missing.");
                if (!text.StartsWith(SubjectPrefix, StringComparison.Ordinal))
                {
                    throw new InvalidOperationException($"The template {name} must begin with '{SubjectPrefix}'.");
                }

                _templates.Add((type.Name, language), handlebars.Compile(text));
                Render(type.Name, language, EveryFact);
            }
        }
    }

    /// <summary>A mail's subject and text.</summary>
    /// <exception cref="HandlebarsException">A type lacks an amount or a date that its template shows.</exception>
    public RenderedMail Render(string type, string language, NoticeFacts facts)
    {
        var text = _templates[(type, language)](facts).ReplaceLineEndings("\n");
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var subject = text[SubjectPrefix.Length..end].Trim();
        return new(subject, text[(end + 1)..].Trim().ReplaceLineEndings("\r\n") + "\r\n"); // CRLF is mail's line ending
    }

    private static IHandlebars Configured(string language)
    {
        var handlebars = Handlebars.Create(new HandlebarsConfiguration
        {
            NoEscape = true, // plain text
            ThrowOnUnresolvedBindingExpression = true,
            ExpressionNameResolver = new UpperCamelCaseExpressionNameResolver(), // {{trackingNumber}} is TrackingNumber
        });
        handlebars.RegisterHelper("money", (writer, _, given) => writer.Write(Text(language, Only<Money>(given))));
        handlebars.RegisterHelper("date", (writer, _, given) => writer.Write(Text(language, Only<DateOnly>(given))));
        return handlebars;
    }

    private static string Text(string language, Money amount) => language == Languages.Korean
        ? amount.ToString()
        : "₩" + amount.Won.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(string language, DateOnly date) => language == Languages.Korean
        ? date.ToString("yyyy'년' M'월' d'일'", CultureInfo.InvariantCulture)
        : date.ToString("MMMM d, yyyy", CultureInfo.InvariantCulture);

    private static T Only<T>(Arguments given) where T : struct =>
        given.Length == 1 && given[0] is T value
            ? value
            : throw new HandlebarsException($"A {typeof(T).Name} was expected.");

    private static string? Embedded(string name)
    {
        using var stream = typeof(MailTemplates).Assembly.GetManifestResourceStream(name);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
