namespace DoaMarket.Kernel;

/// <summary>
/// Capped exponential backoff with jitter. The jitter comes from data, so that a replay waits as long.
/// </summary>
/// <param name="First">Wait before the second attempt.</param>
/// <param name="Cap">Longest wait.</param>
/// <param name="MaxAttempts">How many attempts there are in all.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Cap, int MaxAttempts)
{
    private const double JitterShare = 0.25;

    /// <summary>
    /// The wait after attempt number <paramref name="attempt"/> (1 is the first), ±25 % drawn from
    /// <paramref name="seed"/>.
    /// </summary>
    public TimeSpan After(int attempt, Guid seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        var plain = Math.Min(First.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 30)), Cap.TotalMilliseconds);
        var drawn = DerivedId.From(seed, attempt);
        Span<byte> bytes = stackalloc byte[16];
        drawn.TryWriteBytes(bytes, bigEndian: true, out _);
        var unit = BitConverter.ToUInt32(bytes[12..]) / (double)uint.MaxValue;
        return TimeSpan.FromMilliseconds(plain * (1 - JitterShare + (2 * JitterShare * unit)));
    }

    /// <summary>The longest that all attempts together can take: what an undo budget must cover.</summary>
    public TimeSpan Longest()
    {
        var total = TimeSpan.Zero;
        for (var attempt = 1; attempt < MaxAttempts; attempt++)
        {
            var plain = Math.Min(
                First.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 30)), Cap.TotalMilliseconds);
            total += TimeSpan.FromMilliseconds(plain * (1 + JitterShare));
        }

        return total;
    }
}
