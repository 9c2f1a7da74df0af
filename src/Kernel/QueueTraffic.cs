using System.Collections.Concurrent;

namespace DoaMarket.Kernel;

/// <summary>How many messages a second went into and out of each queue in the last minute.</summary>
/// <remarks>60 numbers per queue and direction, whatever the load. It begins anew with the process.</remarks>
public sealed class QueueTraffic(TimeProvider time)
{
    private const int WindowSeconds = 60;
    private readonly ConcurrentDictionary<string, Flow> _byQueue = new(StringComparer.Ordinal);
    private readonly long _startedAt = time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Messages put into a queue.</summary>
    public void In(string queue, int count) => Of(queue).In.Add(Second, count);

    /// <summary>Messages that left a queue: taken in, or given up.</summary>
    public void Out(string queue, int count) => Of(queue).Out.Add(Second, count);

    /// <summary>Messages a second, on average over the last minute, or since the start if that is shorter.</summary>
    public (double In, double Out) PerSecond(string queue)
    {
        if (!_byQueue.TryGetValue(queue, out var flow))
        {
            return (0, 0);
        }

        var now = Second;
        var seconds = Math.Clamp(now - _startedAt + 1, 1, WindowSeconds);
        return ((double)flow.In.Sum(now) / seconds, (double)flow.Out.Sum(now) / seconds);
    }

    private long Second => time.GetUtcNow().ToUnixTimeSeconds();

    private Flow Of(string queue) => _byQueue.GetOrAdd(queue, static _ => new Flow());

    private sealed class Flow
    {
        public Window In { get; } = new();

        public Window Out { get; } = new();
    }

    private sealed class Window
    {
        private readonly Lock _gate = new();
        private readonly (long Second, long Count)[] _slots = new (long, long)[WindowSeconds];

        public void Add(long second, int count)
        {
            lock (_gate)
            {
                ref var slot = ref _slots[second % WindowSeconds];
                slot = slot.Second == second ? (second, slot.Count + count) : (second, count);
            }
        }

        public long Sum(long now)
        {
            lock (_gate)
            {
                return _slots.Where(s => s.Second > now - WindowSeconds && s.Second <= now).Sum(s => s.Count);
            }
        }
    }
}
