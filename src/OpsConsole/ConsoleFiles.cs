using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;

namespace DoaMarket.OpsConsole;

/// <summary>One file of the console, as it goes over the wire.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Bytes">The file.</param>
/// <param name="Brotli">The same compressed; null when that does not make it smaller.</param>
/// <param name="Etag">Changes with the content.</param>
internal sealed record ConsoleFile(string ContentType, byte[] Bytes, byte[]? Brotli, string Etag);

/// <summary>The console's files: they lie in this assembly, so that the program needs nothing beside it.</summary>
internal sealed class ConsoleFiles
{
    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8",
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Compressing all of it takes a second or two: each file is compressed when it is first asked for.
    private readonly FrozenDictionary<string, Lazy<ConsoleFile>> _files = Assembly.GetExecutingAssembly()
        .GetManifestResourceNames()
        .ToFrozenDictionary(
            name => name.Replace('\\', '/'), name => new Lazy<ConsoleFile>(() => Load(name)), StringComparer.Ordinal);

    /// <summary>A file by its path below /console; null when there is none.</summary>
    public ConsoleFile? Find(string path) => _files.TryGetValue(path, out var file) ? file.Value : null;

    private static ConsoleFile Load(string name)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The console's file {name} is missing.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        var compressed = Compress(bytes);
        return new(
            Types.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream"), bytes,
            compressed.Length < bytes.Length ? compressed : null,
            $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"");
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.SmallestSize))
        {
            brotli.Write(bytes);
        }

        return compressed.ToArray();
    }
}
