using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace DoaMarket.EndToEnd.Chaos;

/// <summary>Something that a client was answered 2xx for.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="What">"placed", "cancel" or "amend".</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Key">The Idempotency-Key of an order, the id of a partial cancel, or "-".</param>
/// <param name="BodyHash">What was sent, SHA-256.</param>
/// <param name="Won">The order's total, or what a partial cancel gives back.</param>
internal sealed record Promise(string OrderId, string What, string UserId, string Key, string BodyHash, long Won)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{OrderId} {What} {UserId} {Key} {BodyHash} {Won}");

    public static Promise Parse(string line) => line.Split(' ') is [var order, var what, var user, var key, var hash, var won]
        ? new(order, what, user, key, hash, long.Parse(won, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{line}' is no line of a client's journal.");

    public static string HashOf(JsonNode body) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body.ToJsonString())));
}

/// <summary>What clients were promised: each line is on the disk before the answer counts.</summary>
internal sealed class ClientJournal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private int _placed;

    public ClientJournal(string path) => _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);

    /// <summary>Where it lies.</summary>
    public string Path => _file.Name;

    /// <summary>How many orders were promised so far, repeated answers included.</summary>
    public int Placed => Volatile.Read(ref _placed);

    /// <summary>Writes a promise down, durably.</summary>
    public void Write(Promise promise)
    {
        lock (_gate)
        {
            _file.Write(Encoding.UTF8.GetBytes(promise + "\n"));
            _file.Flush(flushToDisk: true);
            _placed += promise.What == "placed" ? 1 : 0;
        }
    }

    /// <summary>What the file says.</summary>
    public static IReadOnlyList<Promise> Read(string path) => [.. File.ReadLines(path).Select(Promise.Parse)];

    public void Dispose() => _file.Dispose();
}
