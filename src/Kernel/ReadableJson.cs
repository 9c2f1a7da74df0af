using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace DoaMarket.Kernel;

/// <summary>Writes JSON in which Korean stays Korean, for people who read tables and dead letters.</summary>
internal static class ReadableJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>The value as UTF-8 JSON.</summary>
    public static byte[] Write(object value, JsonTypeInfo type) =>
        Write(writer => JsonSerializer.Serialize(writer, value, type));

    /// <summary>What <paramref name="write"/> writes, as UTF-8 JSON.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
