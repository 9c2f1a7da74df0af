using System.Collections.Concurrent;

namespace DoaMarket.Simulation;

/// <summary>
/// Runs many seeds, one world per thread: the seeds that once found a bug first, then those that were asked for.
/// </summary>
/// <param name="firstSeed">The first.</param>
/// <param name="seeds">How many, besides the regressions.</param>
/// <param name="sagas">Orders per seed.</param>
/// <param name="threads">How many worlds live at once.</param>
public sealed class SeedRun(long firstSeed, int seeds, int sagas, int threads)
{
    private const int MaxBrokenKept = 100;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);
    private readonly ConcurrentQueue<(long Seed, int Sagas)> _left = new(
        Regressions.All.Concat(Enumerable.Range(0, seeds).Select(i => (firstSeed + i, sagas))));

    private readonly Lock _gate = new();
    private readonly List<SeedResult> _broken = [];
    private int _done;
    private long _sagasDone;

    /// <summary>How many seeds there are.</summary>
    public int Seeds { get; } = seeds + Regressions.All.Count;

    /// <summary>How many are done.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>How many orders these had.</summary>
    public long SagasDone => Volatile.Read(ref _sagasDone);

    /// <summary>Which fault has hit which step how often.</summary>
    public Coverage Coverage { get; } = new();

    /// <summary>Seeds that broke something, in the order of the seeds.</summary>
    public IReadOnlyList<SeedResult> Broken
    {
        get
        {
            lock (_gate)
            {
                return [.. _broken.OrderBy(r => r.Seed)];
            }
        }
    }

    /// <summary>Runs them all; <paramref name="look"/> is called now and then.</summary>
    public void Go(Action look, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(look);
        var workers = Enumerable.Range(0, threads).Select(i => new Thread(() => Work(stop))
        {
            Name = $"world-{i}",
            IsBackground = true,
        }).ToList();
        workers.ForEach(w => w.Start());
        foreach (var worker in workers)
        {
            while (!worker.Join(LookEvery))
            {
                look();
            }
        }

        look();
    }

    private void Work(CancellationToken stop)
    {
        using var bench = new Bench();
        while (!stop.IsCancellationRequested && _left.TryDequeue(out var next))
        {
            var result = Simulator.Run(bench, next.Seed, next.Sagas);
            lock (_gate)
            {
                Coverage.Add(result.Coverage);
                if (result.Violations.Count > 0 && _broken.Count < MaxBrokenKept)
                {
                    _broken.Add(result);
                }
            }

            Interlocked.Increment(ref _done);
            Interlocked.Add(ref _sagasDone, next.Sagas);
        }
    }
}
