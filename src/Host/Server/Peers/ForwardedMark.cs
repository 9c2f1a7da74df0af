using System.Security.Cryptography;
using System.Text;
using DoaMarket.Api;
using DoaMarket.Kernel;

namespace DoaMarket.Host.Server.Peers;

/// <summary>
/// Marks a request that one process of the shop hands to another, so that the other one goes on under the same correlation
/// id, does not count it against the caller's limit a second time, and never hands it on. Signed with the key of the
/// tokens, which only the shop's processes have: nobody else can choose a correlation id or evade a limit.
/// </summary>
public sealed class ForwardedMark(byte[] tokenKey)
{
    /// <summary>The header: correlation id, dot, signature.</summary>
    public const string Header = "X-Doa-Forwarded";

    private static readonly object SeenKey = new();
    private readonly byte[] _key = HMACSHA256.HashData(tokenKey, "forwarded requests"u8);

    /// <summary>Whether a request came from another process of the shop; known after <see cref="Use"/>.</summary>
    public static bool IsOn(HttpContext http) => http.Items.ContainsKey(SeenKey);

    /// <summary>Reads the mark; before anything asks for the correlation id.</summary>
    public void Use(WebApplication app) => app.Use((http, next) =>
    {
        if (http.Request.Headers.TryGetValue(Header, out var value) && Read(value.ToString()) is { } id)
        {
            http.Items[SeenKey] = true;
            Correlation.Continue(http, id);
        }

        return next(http);
    });

    /// <summary>The mark of a request.</summary>
    public string Of(HttpContext http)
    {
        var id = Correlation.Of(http).ToString();
        return $"{id}.{Sign(id)}";
    }

    private CorrelationId? Read(string value) =>
        value.Split('.') is [var id, var signature] && Guid.TryParse(id, out var correlation)
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(id)), Encoding.ASCII.GetBytes(signature))
            ? new CorrelationId(correlation)
            : null;

    private string Sign(string id) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(id)));
}
