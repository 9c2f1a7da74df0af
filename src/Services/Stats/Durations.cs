using System.Collections.Immutable;
using System.Numerics;

namespace DoaMarket.Stats;

/// <summary>
/// How long things took: counts per bucket, so that days add up to months and what was counted wrongly can be taken out
/// again. Below 32 ms a bucket is a millisecond wide, above that a sixteenth of its power of two: a percentile is at most
/// 6.25 % too high. There are <see cref="MaxBuckets"/> buckets, whatever the traffic.
/// </summary>
/// <param name="SumMs">All durations together.</param>
/// <param name="Buckets">How many durations fell into each bucket; none is zero.</param>
public sealed record Durations(long SumMs, ImmutableSortedDictionary<int, long> Buckets)
{
    /// <summary>The most buckets that there can be.</summary>
    public const int MaxBuckets = FirstWide + ((LongestExponent - FirstExponent + 1) * PerPower);

    /// <summary>Nothing counted.</summary>
    public static readonly Durations None = new(0, ImmutableSortedDictionary<int, long>.Empty);

    private const int FirstWide = 32, FirstExponent = 5, PerPower = 16, PerPowerBits = 4;

    /// <summary>2^40 ms are 35 years; what is longer counts as that.</summary>
    private const int LongestExponent = 39;

    private const long LongestMs = (1L << (LongestExponent + 1)) - 1;

    /// <summary>How many durations there are.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long Count => Buckets.Values.Sum();

    /// <summary>One duration; what ended before it began (clocks differ) took no time.</summary>
    public static Durations Of(long ms)
    {
        var bounded = Math.Clamp(ms, 0, LongestMs);
        return new(bounded, None.Buckets.Add(BucketOf(bounded), 1));
    }

    /// <summary>Adds those of another, <paramref name="times"/> 1, or takes them out, −1.</summary>
    public Durations Plus(Durations other, int times = 1)
    {
        if (other.Buckets.IsEmpty)
        {
            return this;
        }

        var buckets = Buckets.ToBuilder();
        foreach (var (bucket, count) in other.Buckets)
        {
            var now = buckets.GetValueOrDefault(bucket) + (times * count);
            if (now == 0)
            {
                buckets.Remove(bucket);
            }
            else
            {
                buckets[bucket] = now;
            }
        }

        return new(checked(SumMs + (times * other.SumMs)), buckets.ToImmutable());
    }

    /// <summary>The mean in milliseconds, rounded; null when there are none.</summary>
    public long? MeanMs() => Count is > 0 and var count
        ? (long)Math.Round((decimal)SumMs / count, MidpointRounding.AwayFromZero)
        : null;

    /// <summary>
    /// So many percent took no longer than this, in milliseconds; null when there are none.
    /// </summary>
    public long? PercentileMs(int percent)
    {
        var rank = ((Count * percent) + 99) / 100;
        long seen = 0;
        foreach (var (bucket, count) in Buckets)
        {
            seen += count;
            if (seen >= rank)
            {
                return LongestOf(bucket);
            }
        }

        return null;
    }

    /// <inheritdoc />
    public bool Equals(Durations? other) =>
        other is not null && SumMs == other.SumMs && Buckets.SequenceEqual(other.Buckets);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(SumMs, Buckets.Count);

    /// <summary>The bucket of a duration.</summary>
    internal static int BucketOf(long ms)
    {
        if (ms < FirstWide)
        {
            return (int)ms;
        }

        var exponent = BitOperations.Log2((ulong)ms);
        var sixteenth = (int)(ms >> (exponent - PerPowerBits)) - PerPower;
        return FirstWide + ((exponent - FirstExponent) * PerPower) + sixteenth;
    }

    /// <summary>The longest duration of a bucket.</summary>
    internal static long LongestOf(int bucket)
    {
        if (bucket < FirstWide)
        {
            return bucket;
        }

        var (power, sixteenth) = Math.DivRem(bucket - FirstWide, PerPower);
        return ((long)(PerPower + sixteenth + 1) << (power + FirstExponent - PerPowerBits)) - 1;
    }
}
