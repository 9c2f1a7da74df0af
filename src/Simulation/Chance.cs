using System.Buffers.Binary;

namespace DoaMarket.Simulation;

/// <summary>
/// Chance that follows from a seed alone (SplitMix64), the same in every process and in every version of .NET.
/// </summary>
internal sealed class Chance(long seed)
{
    private ulong _state = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL);

    /// <summary>64 bits.</summary>
    public ulong Bits()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>0 or more, below <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)(Bits() % (ulong)bound);

    /// <summary>Once in <paramref name="times"/>.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    /// <summary>That often in a thousand.</summary>
    public bool PerMille(int rate) => rate > 0 && Below(1_000) < rate;

    /// <summary>One of them.</summary>
    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>A duration between two, in milliseconds.</summary>
    public TimeSpan Between(TimeSpan shortest, TimeSpan longest) =>
        shortest + TimeSpan.FromMilliseconds((long)(Bits() % (ulong)((long)(longest - shortest).TotalMilliseconds + 1)));

    /// <summary>A duration up to this one.</summary>
    public TimeSpan UpTo(TimeSpan longest) => Between(TimeSpan.Zero, longest);

    /// <summary>Puts a list into another order.</summary>
    public void Shuffle<T>(List<T> list)
    {
        for (var i = list.Count - 1; i > 0; i--)
        {
            var other = Below(i + 1);
            (list[i], list[other]) = (list[other], list[i]);
        }
    }

    /// <summary>A UUIDv7 of that moment, as the edge of the shop makes them.</summary>
    public Guid Id(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.ToUnixTimeMilliseconds() << 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(0x7000 | (Bits() & 0x0FFF)));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (Bits() >> 2) | 0x8000_0000_0000_0000UL);
        return new Guid(bytes, bigEndian: true);
    }
}
