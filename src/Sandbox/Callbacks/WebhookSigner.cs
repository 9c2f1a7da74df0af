using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DoaMarket.Sandbox.Callbacks;

/// <summary>Signs as standardwebhooks.com says: <c>v1,</c> + base64 HMAC-SHA256 of <c>id.timestamp.body</c>.</summary>
internal sealed class WebhookSigner
{
    private const string Prefix = "whsec_";

    private readonly byte[] _secret;

    /// <exception cref="ArgumentException">The secret is not <c>whsec_</c> and base64 of 24 to 64 bytes.</exception>
    public WebhookSigner(string webhookSecret)
    {
        byte[] decoded = new byte[64];
        if (!webhookSecret.StartsWith(Prefix, StringComparison.Ordinal)
            || !Convert.TryFromBase64String(webhookSecret[Prefix.Length..], decoded, out int length)
            || length < 24)
        {
            throw new ArgumentException(
                "The webhook secret must be whsec_ and base64 of 24 to 64 bytes.", nameof(webhookSecret));
        }

        _secret = decoded[..length];
    }

    public void Sign(HttpRequestMessage request, string messageId, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        string timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{messageId}.{timestamp}."), .. body];
        request.Headers.Add("webhook-id", messageId);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", "v1," + Convert.ToBase64String(HMACSHA256.HashData(_secret, signed)));
    }
}
