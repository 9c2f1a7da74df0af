using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DoaMarket.Notifications;

/// <summary>
/// Access tokens of a service account (RFC 7523: a signed assertion is exchanged for a token). One is kept until
/// shortly before its end; those who need one meanwhile wait for the one exchange.
/// </summary>
internal sealed class AccessTokens : IDisposable
{
    private const string Scope = "https://www.googleapis.com/auth/firebase.messaging";

    /// <summary>As long as Google allows.</summary>
    private static readonly TimeSpan AssertionLifetime = TimeSpan.FromHours(1);

    private readonly FcmOptions _options;
    private readonly TimeProvider _time;
    private readonly RSA _key = RSA.Create();
    private readonly SemaphoreSlim _exchange = new(1, 1);
    private Kept? _kept;

    /// <exception cref="ArgumentException">The private key is none.</exception>
    public AccessTokens(FcmOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        try
        {
            // Key files, and the environment variables made of them, write line ends as \n.
            _key.ImportFromPem(options.PrivateKey.Replace("\\n", "\n", StringComparison.Ordinal));
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw new ArgumentException(
                $"Fcm:PrivateKey is no RSA private key in PEM form: {error.Message}", nameof(options), error);
        }
    }

    /// <summary>A token that is good for now.</summary>
    /// <exception cref="HttpRequestException">The token endpoint refuses, or cannot be reached.</exception>
    public async Task<string> Get(HttpClient client, CancellationToken stop)
    {
        if (_kept is { } kept && _time.GetUtcNow() < kept.Until)
        {
            return kept.Token;
        }

        await _exchange.WaitAsync(stop);
        try
        {
            if (_kept is not { } meanwhile || _time.GetUtcNow() >= meanwhile.Until)
            {
                _kept = await Exchange(client, stop);
            }

            return _kept.Token;
        }
        finally
        {
            _exchange.Release();
        }
    }

    /// <summary>The token was refused though it should be good: the next call gets another one.</summary>
    public void Forget(string token)
    {
        if (_kept is { } kept && kept.Token == token)
        {
            _kept = null;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _exchange.Dispose();
        _key.Dispose();
    }

    private async Task<Kept> Exchange(HttpClient client, CancellationToken stop)
    {
        var now = _time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.TokenUrl);
        request.Content = new FormUrlEncodedContent(
        [
            new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), new("assertion", Assertion(now)),
        ]);
        using var response = await client.SendAsync(request, stop);
        var text = await response.Content.ReadAsStringAsync(stop);
        var answer = response.IsSuccessStatusCode ? Read(text) : null;
        return answer is { AccessToken: { Length: > 0 } token, ExpiresIn: > 0 and var seconds }
            ? new(token, now + TimeSpan.FromSeconds(seconds) - _options.RenewBefore)
            : throw new HttpRequestException(
                $"{_options.TokenUrl} gave no access token for {_options.ClientEmail}: "
                + $"HTTP {(int)response.StatusCode} {(text.Length > 200 ? text[..200] : text)}");
    }

    private string Assertion(DateTimeOffset now) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = _options.ClientEmail,
            Audience = _options.TokenUrl,
            Subject = new ClaimsIdentity([new Claim("scope", Scope)]),
            IssuedAt = now.UtcDateTime,
            Expires = (now + AssertionLifetime).UtcDateTime,
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(_key), SecurityAlgorithms.RsaSha256),
        });

    private static TokenAnswer? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, AccessTokensJson.Default.TokenAnswer);
        }
        catch (JsonException)
        {
            return null; // not JSON (a proxy's page): the exception shows it
        }
    }

    private sealed record Kept(string Token, DateTimeOffset Until);
}

/// <summary>A token endpoint's answer (RFC 6749).</summary>
internal sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string? AccessToken,
    [property: JsonPropertyName("expires_in")] long ExpiresIn);

/// <summary>How token endpoints' answers are read.</summary>
[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class AccessTokensJson : JsonSerializerContext;
