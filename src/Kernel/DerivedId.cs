using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DoaMarket.Kernel;

/// <summary>
/// Ids that follow from what was consumed. Reprocessing after a crash makes the same ids, so that receivers recognise
/// them; the 48-bit time prefix of the source is kept, so that they stay sorted in indexes (random ones cost 2–3×).
/// </summary>
public static class DerivedId
{
    private const int TimePrefixBytes = 6;

    /// <summary>The id of the <paramref name="ordinal"/>-th thing made from <paramref name="source"/>.</summary>
    public static Guid From(Guid source, int ordinal)
    {
        Span<byte> input = stackalloc byte[20];
        source.TryWriteBytes(input, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(input[16..], ordinal);
        return Hash(source, input);
    }

    /// <summary>The id that <paramref name="source"/> has for a named purpose, e.g. "payment".</summary>
    public static Guid From(Guid source, string purpose)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        var input = new byte[16 + Encoding.UTF8.GetByteCount(purpose)];
        source.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(purpose, input.AsSpan(16));
        return Hash(source, input);
    }

    private static Guid Hash(Guid source, ReadOnlySpan<byte> input)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input, hash);
        Span<byte> id = stackalloc byte[16];
        source.TryWriteBytes(id, bigEndian: true, out _);
        hash[TimePrefixBytes..16].CopyTo(id[TimePrefixBytes..]);
        id[6] = (byte)(0x80 | (id[6] & 0x0F)); // version 8: a UUID of our own making (RFC 9562)
        id[8] = (byte)(0x80 | (id[8] & 0x3F)); // the RFC's variant
        return new Guid(id, bigEndian: true);
    }
}
