using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace DoaMarket.Sandbox.Http;

/// <summary>Compares credentials in constant time.</summary>
internal static class Credentials
{
    public static bool HasBearer(HttpRequest request, string key) =>
        Same(request.Headers.Authorization.ToString(), $"Bearer {key}");

    /// <summary>Toss Payments' form: the secret key as user name, no password.</summary>
    public static bool HasBasic(HttpRequest request, string secretKey) => Same(
        request.Headers.Authorization.ToString(),
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(secretKey + ":")));

    /// <summary>tracker.delivery's form: <c>TRACKQL-API-KEY id:secret</c>.</summary>
    public static bool HasTrackerKey(HttpRequest request, string key) =>
        Same(request.Headers.Authorization.ToString(), $"TRACKQL-API-KEY {key}");

    private static bool Same(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
