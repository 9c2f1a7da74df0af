using System.Collections.Concurrent;
using DoaMarket.Kernel;

namespace DoaMarket.Postgres;

/// <summary>A look into the database.</summary>
/// <param name="Floor">Only what has a higher number.</param>
/// <param name="IsFull">Also what nodes have claimed that are gone.</param>
/// <param name="Newest">The highest number that this process knew before.</param>
internal sealed record Scan(long Floor, bool IsFull, long Newest);

/// <summary>
/// What this process knows of one queue: messages handed over in memory, whether more wait in the database, and from
/// where on to look for them.
/// </summary>
/// <remarks>
/// Below the floor everything was claimed. Whoever adds below it (a slow commit, a redriven dead letter) says so, which
/// lowers it; what nobody could say is found by looking from the beginning every few seconds. Without a floor each look
/// would pass over all rows that vacuum may not remove yet, and one open snapshot would make the queue slow.
/// </remarks>
internal sealed class Mailbox(PostgresOptions options)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);
    private readonly ConcurrentQueue<Delivery> _handedOver = new();
    private readonly Lock _gate = new();
    private int _taken;
    private volatile bool _hasBacklog = true; // at the start nobody knows what waits
    private long _floor, _newest, _lowestNoted = long.MaxValue;
    private DateTimeOffset _nextLook, _nextFullScan, _nextFullLookForOldest, _retriesUntil;
    private long _oldest; // there was nothing below it when the oldest message was looked for last

    /// <summary>Wakes the receivers; null while there are none in this process.</summary>
    public Action? Wake { get; set; }

    /// <summary>Takes room for a message to be handed over in memory: none goes past those that wait.</summary>
    public bool TakeRoom()
    {
        if (Wake is null || _hasBacklog)
        {
            return false;
        }

        if (Interlocked.Increment(ref _taken) <= options.MaxHandedOver)
        {
            return true;
        }

        GiveRoom();
        return false;
    }

    /// <summary>Gives room back.</summary>
    public void GiveRoom() => Interlocked.Decrement(ref _taken);

    /// <summary>Hands a durable message over, into room that was taken for it.</summary>
    public void HandOver(Delivery delivery)
    {
        _handedOver.Enqueue(delivery);
        lock (_gate)
        {
            _newest = Math.Max(_newest, (long)delivery.Receipt);
        }

        Wake?.Invoke();
    }

    /// <summary>Takes what was handed over.</summary>
    public void Take(int max, List<Delivery> to)
    {
        while (to.Count < max && _handedOver.TryDequeue(out var delivery))
        {
            GiveRoom();
            to.Add(delivery);
        }
    }

    /// <summary>Messages wait in the database; the lowest of them has this number.</summary>
    public void NoteWaiting(long lowest)
    {
        lock (_gate)
        {
            _hasBacklog = true;
            _lowestNoted = Math.Min(_lowestNoted, lowest);
            _floor = Math.Min(_floor, lowest - 1);
            _oldest = Math.Min(_oldest, lowest);
        }

        Wake?.Invoke();
    }

    /// <summary>A message comes again at a time: until then the queue is looked through often.</summary>
    public void NoteRetry(DateTimeOffset at)
    {
        lock (_gate)
        {
            _retriesUntil = at > _retriesUntil ? at : _retriesUntil;
            _nextFullScan = default;
        }
    }

    /// <summary>Whether it is time to look into the database, and from where on; null when not.</summary>
    public Scan? NextScan(DateTimeOffset now)
    {
        lock (_gate)
        {
            var isFull = now >= _nextFullScan;
            if (!_hasBacklog && now < _nextLook && !isFull)
            {
                return null;
            }

            _hasBacklog = false; // set again by whoever adds to the backlog while we look
            _lowestNoted = long.MaxValue;
            _nextLook = now + options.PollInterval;
            if (isFull)
            {
                var mayRetry = now <= _retriesUntil + RetryInterval;
                _nextFullScan = now + (mayRetry ? RetryInterval : options.FullScanInterval);
            }

            return new(isFull ? 0 : _floor, isFull, _newest);
        }
    }

    /// <summary>From which number on the oldest message is looked for; like scans, now and then from the beginning.</summary>
    public long OldestFrom(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now < _nextFullLookForOldest)
            {
                return _oldest;
            }

            _nextFullLookForOldest = now + options.FullScanInterval;
            return 0;
        }
    }

    /// <summary>The oldest message has been looked for.</summary>
    /// <param name="from">From which number on.</param>
    /// <param name="found">Its number; null when there is none.</param>
    public void OldestFound(long from, long? found)
    {
        lock (_gate)
        {
            // Somebody may have added a lower one meanwhile, and said so.
            _oldest = _oldest < from ? _oldest : found ?? Math.Max(from, _newest);
        }
    }

    /// <summary>A scan has ended.</summary>
    /// <param name="scan">The scan.</param>
    /// <param name="last">The highest number that it claimed; 0 when none.</param>
    /// <param name="hasMore">True when it claimed as many as it was allowed to.</param>
    public void Scanned(Scan scan, long last, bool hasMore)
    {
        lock (_gate)
        {
            _hasBacklog |= hasMore;
            var through = hasMore ? last : Math.Max(last, scan.Newest);
            _floor = Math.Min(Math.Max(_floor, through), _lowestNoted - 1);
        }
    }
}
