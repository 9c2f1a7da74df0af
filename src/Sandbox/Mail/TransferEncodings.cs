using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DoaMarket.Sandbox.Mail;

/// <summary>Turns what travelled as ASCII back into text: RFC 2045 bodies and RFC 2047 header words.</summary>
internal static partial class TransferEncodings
{
    /// <summary>Decodes a body part. Bytes are held one per character (Latin-1).</summary>
    public static string DecodeBody(string raw, string transferEncoding, string charset) =>
        Charset(charset).GetString(transferEncoding.Trim().ToLowerInvariant() switch
        {
            "base64" => FromBase64(raw),
            "quoted-printable" => FromQuotedPrintable(raw, underscoreIsSpace: false),
            _ => Encoding.Latin1.GetBytes(raw),
        });

    /// <summary>Decodes a header value; neighbouring words of one charset are joined as bytes first.</summary>
    public static string DecodeHeader(string raw)
    {
        // RFC 6532 allows raw UTF-8 in headers.
        string value = raw.Any(c => c > '\x7f') ? Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(raw)) : raw;
        return Words().Replace(value, run =>
        {
            StringBuilder text = new();
            List<byte> bytes = [];
            string? charset = null;
            foreach (Match word in Word().Matches(run.Value))
            {
                string its = word.Groups["charset"].Value.ToLowerInvariant();
                if (charset is not null && charset != its)
                {
                    text.Append(Charset(charset).GetString([.. bytes]));
                    bytes.Clear();
                }

                charset = its;
                string data = word.Groups["data"].Value;
                bytes.AddRange(word.Groups["how"].Value is "B" or "b"
                    ? FromBase64(data)
                    : FromQuotedPrintable(data, underscoreIsSpace: true));
            }

            return text.Append(Charset(charset!).GetString([.. bytes])).ToString();
        });
    }

    private static byte[] FromBase64(string raw)
    {
        string packed = string.Concat(raw.Where(c => !char.IsWhiteSpace(c)));
        byte[] bytes = new byte[packed.Length];
        // A broken body is shown as it came: a sink is there to show what was sent.
        return Convert.TryFromBase64String(packed, bytes, out int length)
            ? bytes[..length]
            : Encoding.Latin1.GetBytes(raw);
    }

    private static byte[] FromQuotedPrintable(string raw, bool underscoreIsSpace)
    {
        List<byte> bytes = new(raw.Length);
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '=' && i + 2 < raw.Length && raw.AsSpan(i + 1, 2) is "\r\n")
            {
                i += 2;
            }
            else if (raw[i] == '=' && i + 2 < raw.Length && byte.TryParse(
                raw.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                bytes.Add(underscoreIsSpace && raw[i] == '_' ? (byte)' ' : (byte)raw[i]);
            }
        }

        return [.. bytes];
    }

    private static Encoding Charset(string name)
    {
        // Korean mail may still come as euc-kr, which is outside .NET's default set.
        return CodePagesEncodingProvider.Instance.GetEncoding(name.Trim().Trim('"'))
            ?? Encoding.GetEncodings().FirstOrDefault(known =>
                string.Equals(known.Name, name.Trim().Trim('"'), StringComparison.OrdinalIgnoreCase))?.GetEncoding()
            ?? Encoding.UTF8;
    }

    [GeneratedRegex(@"=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=(?:\s*=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=)*", RegexOptions.None, 1000)]
    private static partial Regex Words();

    [GeneratedRegex(
        @"=\?(?<charset>[^?\s*]+)[^?\s]*\?(?<how>[BbQq])\?(?<data>[^?\s]*)\?=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();
}
