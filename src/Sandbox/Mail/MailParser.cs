using System.Net.Mime;
using DoaMarket.Sandbox.Http;

namespace DoaMarket.Sandbox.Mail;

/// <summary>Reads an internet message (RFC 5322 with MIME). Bytes are held one per character (Latin-1).</summary>
internal static class MailParser
{
    private const int DepthMax = 5;
    private const int PartsMax = 50;

    public static InboxMessage Parse(string raw, string envelopeSender, IReadOnlyList<string> recipients)
    {
        (List<NamedText> headers, string body) = Split(raw);
        List<(string Type, string Text)> texts = [];
        CollectTexts(headers, body, texts, DepthMax);
        string? html = texts.FirstOrDefault(part => part.Type == MediaTypeNames.Text.Html).Text;
        string? plain = texts.FirstOrDefault(part => part.Type == MediaTypeNames.Text.Plain).Text;
        return new InboxMessage(
            "email",
            Decoded(headers, "From") ?? envelopeSender,
            Decoded(headers, "To") ?? string.Join(", ", recipients),
            recipients,
            Decoded(headers, "Subject") ?? "",
            Decoded(headers, "Message-ID") ?? "",
            plain ?? html ?? "",
            html,
            [.. headers.Select(header => header with { Value = TransferEncodings.DecodeHeader(header.Value) })]);
    }

    private static void CollectTexts(
        List<NamedText> headers, string body, List<(string Type, string Text)> texts, int depthLeft)
    {
        ContentType type = TypeOf(headers);
        if (type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)
            && type.Boundary is { } boundary)
        {
            foreach (string part in depthLeft > 0 ? Parts(body, boundary) : [])
            {
                (List<NamedText> partHeaders, string partBody) = Split(part);
                CollectTexts(partHeaders, partBody, texts, depthLeft - 1);
            }
        }
        else if (type.MediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
        {
            string text = TransferEncodings.DecodeBody(
                body, Find(headers, "Content-Transfer-Encoding") ?? "7bit", type.CharSet ?? "utf-8");
            texts.Add((type.MediaType.ToLowerInvariant(), text.TrimEnd('\r', '\n')));
        }
    }

    private static IEnumerable<string> Parts(string body, string boundary)
    {
        string[] pieces = ("\r\n" + body).Split("\r\n--" + boundary, PartsMax + 2);
        // The first piece is the preamble; the one that begins with "--" ends the list.
        return pieces.Skip(1)
            .TakeWhile(piece => !piece.StartsWith("--", StringComparison.Ordinal))
            .Select(piece =>
                piece.IndexOf("\r\n", StringComparison.Ordinal) is var end and >= 0 ? piece[(end + 2)..] : piece);
    }

    private static (List<NamedText> Headers, string Body) Split(string raw)
    {
        // A part without headers begins with the empty line itself.
        int end = raw.StartsWith("\r\n", StringComparison.Ordinal)
            ? 0
            : raw.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        string head = end < 0 ? raw : raw[..end];
        string body = end switch { < 0 => "", 0 => raw[2..], _ => raw[(end + 4)..] };
        List<NamedText> headers = [];
        foreach (string line in head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] is ' ' or '\t' && headers.Count > 0)
            {
                headers[^1] = headers[^1] with { Value = $"{headers[^1].Value} {line.Trim()}" };
            }
            else if (line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0)
            {
                headers.Add(new NamedText(line[..colon].Trim(), line[(colon + 1)..].Trim()));
            }
        }

        return (headers, body);
    }

    private static ContentType TypeOf(List<NamedText> headers)
    {
        try
        {
            return new ContentType(Find(headers, "Content-Type") ?? "text/plain");
        }
        catch (FormatException)
        {
            // RFC 2045 5.2: what cannot be understood is taken as plain text.
            return new ContentType("text/plain");
        }
    }

    private static string? Decoded(List<NamedText> headers, string name) =>
        Find(headers, name) is { } value ? TransferEncodings.DecodeHeader(value) : null;

    private static string? Find(List<NamedText> headers, string name) => headers.Find(header =>
        string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase))?.Value;
}
