using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DoaMarket.Shipping;

/// <summary>What a look at a webhook's signature showed.</summary>
public enum WebhookVerdict
{
    /// <summary>Sent by a holder of the secret, just now.</summary>
    Genuine,

    /// <summary>A header is missing or is not in the form of the standard.</summary>
    Malformed,

    /// <summary>Its time is more than five minutes away from ours.</summary>
    OutOfTime,

    /// <summary>No signature fits.</summary>
    Forged,
}

/// <summary>
/// Signatures of webhooks as in Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`, in the
/// header `webhook-signature` as `v1,` + base64, several separated by spaces.
/// </summary>
public sealed class WebhookSignature
{
    /// <summary>How far a webhook's time may be from ours, either way.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Signatures looked at in one header; more than a rotation ever needs.</summary>
    public const int MaxSignatures = 8;

    private const string SecretPrefix = "whsec_";
    private const string VersionPrefix = "v1,";

    private readonly byte[][] _secrets;

    /// <summary>A verifier.</summary>
    /// <param name="secrets">One secret, or two while it is rotated: `whsec_` + base64.</param>
    /// <exception cref="ArgumentException">There is none, or one is not in this form.</exception>
    public WebhookSignature(params IReadOnlyList<string> secrets)
    {
        if (secrets.Count == 0)
        {
            throw new ArgumentException("At least one webhook secret is needed.", nameof(secrets));
        }

        _secrets = [.. secrets.Select(Decoded)];
    }

    /// <summary>Verifies a webhook.</summary>
    /// <param name="id">Header `webhook-id`.</param>
    /// <param name="timestamp">Header `webhook-timestamp`, Unix seconds.</param>
    /// <param name="signatures">Header `webhook-signature`.</param>
    /// <param name="body">The body's bytes as received.</param>
    /// <param name="now">Our time.</param>
    public WebhookVerdict Verify(
        string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(id)
            || string.IsNullOrEmpty(signatures)
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return WebhookVerdict.Malformed;
        }

        // Compared as numbers: a time beyond the calendar must not throw.
        var apart = (decimal)seconds - now.ToUnixTimeSeconds();
        if (Math.Abs(apart) > (decimal)Tolerance.TotalSeconds)
        {
            return WebhookVerdict.OutOfTime;
        }

        var content = Content(id, timestamp, body);
        var isGenuine = false;
        foreach (var signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MaxSignatures))
        {
            isGenuine |= Fits(signature, content);
        }

        return isGenuine ? WebhookVerdict.Genuine : WebhookVerdict.Forged;
    }

    /// <summary>Signs a webhook with the first secret: the header `webhook-signature`.</summary>
    public string Sign(string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return VersionPrefix + Convert.ToBase64String(HMACSHA256.HashData(_secrets[0], Content(id, timestamp, body)));
    }

    private bool Fits(string signature, byte[] content)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!signature.StartsWith(VersionPrefix, StringComparison.Ordinal)
            || !Convert.TryFromBase64String(signature[VersionPrefix.Length..], given, out var length)
            || length != HMACSHA256.HashSizeInBytes)
        {
            return false;
        }

        var fits = false;
        foreach (var secret in _secrets)
        {
            fits |= CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(secret, content), given);
        }

        return fits;
    }

    private static byte[] Content(string id, string timestamp, ReadOnlySpan<byte> body) =>
        [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];

    private static byte[] Decoded(string secret)
    {
        var isMarked = secret.StartsWith(SecretPrefix, StringComparison.Ordinal);
        var bytes = new byte[secret.Length];
        return isMarked
            && Convert.TryFromBase64String(secret[SecretPrefix.Length..], bytes, out var length)
            && length > 0
            ? bytes[..length]
            : throw new ArgumentException("A webhook secret is 'whsec_' and base64.", nameof(secret));
    }
}
