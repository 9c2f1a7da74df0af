using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DoaMarket.Sandbox.Mail;

/// <summary>Checks a service account's assertions (RFC 7523, RS256) and remembers the access tokens given for them.</summary>
internal sealed class AccessGrants(PushAccount? account, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const string Scope = "https://www.googleapis.com/auth/firebase.messaging";
    private const int TokensMax = 1_000;

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _good = new(StringComparer.Ordinal);

    /// <summary>What is wrong with an assertion; null when nothing is.</summary>
    public string? Problem(string assertion, string audience)
    {
        if (account is null)
        {
            return "There is no service account here.";
        }

        string[] parts = assertion.Split('.');
        try
        {
            return parts.Length != 3 ? "The assertion is no JWT."
                : Claims(parts[0]).GetProperty("alg").GetString() != "RS256" ? "The assertion is not signed with RS256."
                : !IsSigned(parts) ? "The signature is not the account's."
                : ClaimsProblem(Claims(parts[1]), audience);
        }
        catch (Exception error) when (error is FormatException or JsonException or KeyNotFoundException
            or InvalidOperationException)
        {
            return $"The assertion cannot be read: {error.Message}";
        }
    }

    public string Issue()
    {
        DateTimeOffset now = clock.GetUtcNow();
        foreach ((string old, DateTimeOffset until) in _good)
        {
            if (until <= now || _good.Count >= TokensMax)
            {
                _good.TryRemove(old, out _);
            }
        }

        string token = "ya29.sandbox-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        _good[token] = now + Lifetime;
        return token;
    }

    public bool IsGood(HttpRequest request) =>
        request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token]
        && _good.TryGetValue(token, out DateTimeOffset until) && clock.GetUtcNow() < until;

    private string? ClaimsProblem(JsonElement claims, string audience)
    {
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset issued = DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("iat").GetInt64());
        DateTimeOffset until = DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64());
        return claims.GetProperty("iss").GetString() != account!.ClientEmail ? "The issuer is not known."
            : claims.GetProperty("aud").GetString() != audience ? $"The audience must be {audience}."
            : claims.GetProperty("scope").GetString() != Scope ? $"The scope must be {Scope}."
            : issued > now + Skew || until <= now || until - issued > Lifetime ? "It must be of this hour."
            : null;
    }

    private bool IsSigned(string[] parts)
    {
        using RSA key = RSA.Create();
        key.ImportFromPem(account!.PublicKeyPem);
        return key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static JsonElement Claims(string part) =>
        JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(part));
}
