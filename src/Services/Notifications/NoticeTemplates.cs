using System.Text;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;

namespace DoaMarket.Notifications;

/// <summary>A template shows what there is not.</summary>
public sealed class UnsayableException(string message, Exception inner) : Exception(message, inner);

/// <summary>
/// What notifications say: `Templates/{type}.{channel}.{language}.hbs`. Mails and pushes begin with `Subject: …`, then
/// comes the text. All are compiled and rendered once here with the facts that their type has, so that a missing or
/// broken one, or one that shows a fact which its type lacks, stops the start, not a notification.
/// </summary>
public sealed class NoticeTemplates
{
    private const string SubjectPrefix = "Subject: ";

    private readonly Dictionary<(string Type, string Channel, string Language), HandlebarsTemplate<object, object>>
        _templates = [];

    /// <summary>Compiles the templates that <paramref name="read"/> gives by name; null is a missing one.</summary>
    /// <exception cref="InvalidOperationException">A template is missing or wrong; the text names it.</exception>
    public NoticeTemplates(Func<string, string?> read)
    {
        foreach (var language in Languages.All)
        {
            var handlebars = TemplateLanguage.Of(language);
            foreach (var (type, channel) in NotificationTypes.All.SelectMany(t => t.Channels, (t, c) => (t, c)))
            {
                Add(handlebars, type, channel, language, read);
            }
        }
    }

    /// <summary>The templates that came with the program.</summary>
    public static NoticeTemplates Embedded { get; } = new(ReadEmbedded);

    /// <summary>The program's templates, those of the same name in a folder instead of them.</summary>
    /// <param name="folder">The folder; null for none.</param>
    /// <exception cref="InvalidOperationException">There is no such folder, it has a file that is no template, or a
    /// template is wrong.</exception>
    public static NoticeTemplates From(string? folder)
    {
        if (folder is null)
        {
            return Embedded;
        }

        var files = Directory.Exists(folder)
            ? Directory.GetFiles(folder).ToDictionary(file => Path.GetFileName(file), StringComparer.Ordinal)
            : throw new InvalidOperationException($"There is no folder '{folder}' with templates.");
        var used = new HashSet<string>(StringComparer.Ordinal);
        var templates = new NoticeTemplates(name => files.TryGetValue(name, out var file) && used.Add(name)
            ? File.ReadAllText(file, Encoding.UTF8)
            : ReadEmbedded(name));
        return files.Keys.FirstOrDefault(name => !used.Contains(name)) is { } stray
            ? throw new InvalidOperationException(
                $"'{stray}' in the folder of templates replaces none: templates are called type.channel.language.hbs, "
                + $"e.g. {Name(NotificationTypes.OrderReceived.Name, Channels.Email, Languages.Korean)}.")
            : templates;
    }

    /// <summary>What a notification says.</summary>
    /// <exception cref="UnsayableException">The facts lack something that the template shows.</exception>
    public NoticeText Render(string type, string channel, string language, NoticeFacts facts)
    {
        var text = Written(type, channel, language, facts).ReplaceLineEndings("\n");
        if (channel == Channels.Sms)
        {
            return new("", text.Trim());
        }

        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return new(text[SubjectPrefix.Length..end].Trim(), text[(end + 1)..].Trim());
    }

    private string Written(string type, string channel, string language, NoticeFacts facts)
    {
        try
        {
            return _templates[(type, channel, language)](facts.ByName());
        }
        catch (Exception error) when (error is HandlebarsException or HandlebarsUndefinedBindingException)
        {
            throw new UnsayableException($"{Name(type, channel, language)}: {error.Message}", error);
        }
    }

    private void Add(
        IHandlebars handlebars, NotificationType type, string channel, string language, Func<string, string?> read)
    {
        var name = Name(type.Name, channel, language);
        var text = read(name) ?? throw new InvalidOperationException($"The template {name} is missing.");
        if (channel != Channels.Sms
            && !(text.StartsWith(SubjectPrefix, StringComparison.Ordinal) && text.TrimEnd().Contains('\n')))
        {
            throw new InvalidOperationException(
                $"The template {name} must begin with a line '{SubjectPrefix}…', and the text must follow.");
        }

        try
        {
            _templates.Add((type.Name, channel, language), handlebars.Compile(text));
            if (Render(type.Name, channel, language, type.Sample).Body.Length == 0)
            {
                throw new InvalidOperationException("It says nothing.");
            }
        }
        catch (Exception error) when (error is HandlebarsException or UnsayableException or InvalidOperationException)
        {
            throw new InvalidOperationException($"The template {name} is wrong: {error.Message}", error);
        }
    }

    private static string Name(string type, string channel, string language) => $"{type}.{channel}.{language}.hbs";

    private static string? ReadEmbedded(string name)
    {
        using var stream = typeof(NoticeTemplates).Assembly.GetManifestResourceStream(name);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
