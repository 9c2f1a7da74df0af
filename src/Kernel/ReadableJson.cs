using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace DoaMarket.Kernel;

/// <summary>Writes JSON in which Korean stays Korean, for people who read tables and dead letters.</summary>
internal static class ReadableJson
{
    private const int FirstBytes = 4_096, KeptMaxBytes = 1 << 20;
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    [ThreadStatic]
    private static Scratch? _kept;

    /// <summary>The value as UTF-8 JSON.</summary>
    public static byte[] Write(object value, JsonTypeInfo type) =>
        Write((value, type), static (writer, given) => JsonSerializer.Serialize(writer, given.value, given.type));

    /// <summary>What <paramref name="write"/> writes of <paramref name="given"/>, as UTF-8 JSON.</summary>
    public static byte[] Write<T>(T given, Action<Utf8JsonWriter, T> write)
    {
        var scratch = _kept ?? new Scratch();
        _kept = null; // should writing fail, or write something else on its way, nobody meets it half full
        write(scratch.Writer, given);
        scratch.Writer.Flush();
        var json = scratch.Buffer.WrittenSpan.ToArray();
        if (scratch.Buffer.Capacity <= KeptMaxBytes)
        {
            scratch.Buffer.ResetWrittenCount();
            scratch.Writer.Reset();
            _kept = scratch;
        }

        return json;
    }

    /// <summary>What a thread writes into, kept from one value to the next.</summary>
    private sealed class Scratch
    {
        public Scratch() => Writer = new(Buffer, Options);

        public ArrayBufferWriter<byte> Buffer { get; } = new(FirstBytes);

        public Utf8JsonWriter Writer { get; }
    }
}
