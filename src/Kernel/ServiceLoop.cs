using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace DoaMarket.Kernel;

/// <summary>Too many requests wait for a service: nothing was done, try again later.</summary>
public sealed class ServiceBusyException(string service) : Exception($"{service} has too many requests waiting.")
{
    /// <summary>When it is worth trying again.</summary>
    public TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(1);
}

/// <summary>
/// The loop of one service in one process. It works in five steps: <see cref="Take"/>, <see cref="Begin"/>,
/// <see cref="Decide"/>, <see cref="Commit"/>, <see cref="Settle"/>. Production drives them from <see cref="Run"/>; a
/// simulator drives them itself and interleaves those of several workers.
/// </summary>
public sealed class ServiceLoop : IDisposable
{
    private readonly ServiceModule _module;
    private readonly QueueDefinition _queue;
    private readonly IStore _store;
    private readonly ITransport _transport;
    private readonly EffectRunner _effects;
    private readonly ChangeFeed _feed;
    private readonly KernelOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly BatchFrame _frame;
    private readonly AttemptRecord _attempts;
    private readonly MessageCatalog _catalog;
    private readonly QueueTraffic? _traffic;
    private readonly Channel<RequestItem> _requests;
    private readonly Channel<EffectAnswer> _answers;
    private readonly Queue<Delivery> _alone = [];
    private readonly List<BatchItem> _deferred = [];
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly DocumentKind[] _timedKinds;
    private DateTimeOffset _nextDueScan;
    private bool _lastWasAlone;

    /// <summary>A loop; <see cref="Run"/> starts it.</summary>
    public ServiceLoop(
        ServiceModule module,
        Topology topology,
        MessageCatalog catalog,
        IStore store,
        ITransport transport,
        EffectRunner effects,
        ChangeFeed feed,
        KernelOptions options,
        TimeProvider time,
        ILogger<ServiceLoop> log,
        QueueTraffic? traffic = null)
    {
        (_module, _store, _transport, _effects, _feed, _options, _time, _log) =
            (module, store, transport, effects, feed, options, time, log);
        (_catalog, _traffic) = (catalog, traffic);
        _queue = topology.Of(module.Service);
        var writer = new MessageWriter(_queue, topology, catalog, options.Environment);
        _frame = new(module, _queue, writer, options, time.GetUtcNow());
        _attempts = new(module, _queue, store, options);
        _requests = Channel.CreateBounded<RequestItem>(options.MaxRequestsWaiting);
        _answers = Channel.CreateBounded<EffectAnswer>(options.MaxRequestsWaiting);
        _timedKinds = [.. module.Kinds.Where(k => module.DueHandlerOf(k) is not null)];
        transport.OnArrival(_queue, Wake);
    }

    /// <summary>The service.</summary>
    public string Service => _module.Service;

    /// <summary>Hands a request to the loop; the answer comes after the commit.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="id">Made at the edge; the ids of everything that the request makes derive from it.</param>
    /// <param name="trail">Who asks, in which trace.</param>
    /// <param name="stop">Stops waiting; the request itself may still be carried out.</param>
    /// <exception cref="ServiceBusyException">The queue of requests is full; nothing was done.</exception>
    /// <exception cref="StoreUnavailableException">The store is away; nothing was done.</exception>
    public async Task<TReply> Ask<TReply>(Request<TReply> request, Guid id, Trail trail, CancellationToken stop)
    {
        var reply = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_requests.Writer.TryWrite(new RequestItem(_module, id, trail, request, reply)))
        {
            throw new ServiceBusyException(Service);
        }

        Wake();
        return (TReply)await reply.Task.WaitAsync(stop);
    }

    /// <summary>
    /// Decides a dead letter upon the documents as they are now, and commits nothing: whether it is still expected, and
    /// what redriving it would do.
    /// </summary>
    public ValueTask<Rehearsal> Rehearse(DeadLetter letter, CancellationToken stop) =>
        new Rehearsing(_module, _frame, _store, _catalog).Of(letter, _time.GetUtcNow(), stop);

    /// <summary>Decides a request upon the documents as they are now, and commits nothing.</summary>
    /// <param name="request">What would be asked.</param>
    /// <param name="id">What ids would derive from.</param>
    /// <param name="trail">Who would ask.</param>
    /// <param name="stop">Stops waiting.</param>
    public ValueTask<Rehearsed<TReply>> Rehearse<TReply>(
        Request<TReply> request, Guid id, Trail trail, CancellationToken stop) =>
        new Rehearsing(_module, _frame, _store, _catalog).Of(request, id, trail, _time.GetUtcNow(), stop);

    /// <summary>Works until stopped; the batch in hand is finished first.</summary>
    public async Task Run(CancellationToken stop)
    {
        using var poll = _time.CreateTimer(_ => Wake(), null, _options.PollInterval, _options.PollInterval);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await Take(stop) is { } batch)
                {
                    await Handle(batch, stop);
                }
                else
                {
                    await _wake.WaitAsync(stop);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (StoreUnavailableException unavailable)
            {
                _log.LogWarning("{Service} cannot take messages: {Reason}", Service, unavailable.Message);
                RefuseRequests(unavailable);
                // Waits for the delay without throwing when the loop is stopped meanwhile.
                await Task.WhenAny(Task.Delay(_options.MaxStoreRetryWait, _time, stop));
            }
        }
    }

    /// <summary>Takes whatever is there, never waiting to fill a batch; null when there is nothing.</summary>
    internal async ValueTask<Batch?> Take(CancellationToken stop)
    {
        var now = _time.GetUtcNow();
        if (_alone.Count > 0 && !_lastWasAlone)
        {
            _lastWasAlone = true;
            var delivery = _alone.Dequeue();
            return new(_frame, [new DeliveryItem(_module, delivery)]);
        }

        // What may fail is asked first: nothing that was taken out of memory may be dropped on the way.
        _lastWasAlone = false;
        var due = await Due(now, stop);
        var received = _alone.Count < _options.MaxDeliveriesPerBatch
            ? await _transport.Receive(_queue, _options.MaxDeliveriesPerBatch, stop)
            : [];
        var items = new List<BatchItem>(_deferred);
        _deferred.Clear();
        foreach (var delivery in received)
        {
            // What the broker has given up is not decided, so it can harm nobody, and must not wait in line for its end.
            if (delivery is { IsRedelivery: true, GivenUp: null })
            {
                _alone.Enqueue(delivery);
            }
            else
            {
                items.Add(new DeliveryItem(_module, delivery));
            }
        }

        var deferred = items.OfType<DueItem>().Select(i => i.Key).ToHashSet();
        items.AddRange(due.Where(key => !deferred.Contains(key)).Select(key => new DueItem(_module, key)));
        for (var i = 0; i < _options.MaxRequestsPerBatch && _answers.Reader.TryRead(out var answer); i++)
        {
            items.Add(new AnswerItem(_module, answer));
        }

        for (var i = 0; i < _options.MaxRequestsPerBatch && _requests.Reader.TryRead(out var request); i++)
        {
            items.Add(request);
        }

        if (items.Count > 0)
        {
            return new(_frame, items);
        }

        return _alone.Count > 0 ? await Take(stop) : null;
    }

    /// <summary>
    /// Loads the batch's documents. A message that is handled alone has this handling put on record first.
    /// </summary>
    internal async ValueTask Begin(Batch batch, CancellationToken stop)
    {
        if (batch is { Work: null, Alone: { } alone })
        {
            await _attempts.Begin(alone, _time.GetUtcNow(), stop);
        }

        await batch.Begin(_store, _time.GetUtcNow(), stop);
    }

    /// <summary>Decides the batch, in memory.</summary>
    internal static void Decide(Batch batch) => batch.Decide();

    /// <summary>Commits the batch, once.</summary>
    internal async ValueTask<CommitOutcome> Commit(Batch batch, CancellationToken stop)
    {
        await batch.ApplyAlertsAndAudits(stop);
        _options.OnCrashPoint?.Invoke(CrashPoint.BeforeCommit);
        var commit = batch.ToCommit();
        Committing = commit;
        if (batch.Items.Count > 1
            && (commit.Documents.Count > _store.Limits.DocumentsPerCommit
                || commit.Messages.Count > _store.Limits.MessagesPerCommit))
        {
            return CommitOutcome.Refused; // too much for one commit of this store: halves are tried
        }

        var since = KernelTelemetry.Now;
        var outcome = await batch.Work!.Commit(commit, stop);
        KernelTelemetry.CountCommit(Service, outcome, since);
        if (outcome == CommitOutcome.Committed)
        {
            _options.OnCrashPoint?.Invoke(CrashPoint.AfterCommit);
        }

        return outcome;
    }

    /// <summary>What was committed last, or is being committed.</summary>
    internal UnitCommit? Committing { get; private set; }

    /// <summary>After the commit: acknowledges, answers requests, starts effects, tells watchers.</summary>
    internal async ValueTask Settle(Batch batch, CancellationToken stop)
    {
        await _transport.Settle(Committing!.Settlements, stop);
        Count(batch, Committing);
        foreach (var item in batch.Items)
        {
            ItemLog.Write(_log, Service, _queue, item);
            if (item is RequestItem request)
            {
                _ = item.Failure is null
                    ? request.Reply.TrySetResult(item.Decision!.Reply!)
                    : request.Reply.TrySetException(item.Failure);
            }
            else if (item is AnswerItem { Answer.Key: var key })
            {
                _effects.Finished(key);
            }
        }

        foreach (var write in Committing.Documents)
        {
            if (write.Remove)
            {
                continue; // nobody waits for what is gone
            }

            _feed.Publish(write.Key, write.ExpectedVersion + 1, write.State);
            _effects.CircuitWaits.Note(write.Key, write.State);
            // Where a failure was booked and nothing decided, the effect may be done and its answer lost. Started once more,
            // its "not attempted" would pass for the whole truth: the timer asks again, and its decider knows.
            if (batch.IsDecided(write.Key) && write.Key.Kind.Wanted(write.State) is { } effect)
            {
                _effects.Start(write.Key, effect, TakeAnswer, batch.CauseOf(write.Key));
            }
        }

        foreach (var item in batch.Items)
        {
            ItemSpan.End(item);
        }

        Defer(batch.Deferred);
    }

    /// <inheritdoc />
    public void Dispose() => _wake.Dispose();

    /// <summary>Begins to handle a batch; each call of <see cref="BatchHandling.Step"/> makes one step of it.</summary>
    internal BatchHandling Handle(Batch batch) => new(this, batch, _options, _log);

    /// <summary>Items that go into the next batch.</summary>
    internal void Defer(IReadOnlyList<BatchItem> items)
    {
        if (items.Count > 0)
        {
            _deferred.AddRange(items);
            Wake();
        }
    }

    /// <summary>Answers the requests that wait for their turn while the store is away.</summary>
    internal void RefuseRequests(StoreUnavailableException reason)
    {
        while (_requests.Reader.TryRead(out var request))
        {
            request.Reply.TrySetException(reason);
        }
    }

    // A batch in hand is finished also when the loop is to stop, unless the store is away.
    private async Task Handle(Batch batch, CancellationToken stop)
    {
        var handling = Handle(batch);
        while (!handling.IsDone)
        {
            var wait = await handling.Step(CancellationToken.None);
            if (wait > TimeSpan.Zero)
            {
                stop.ThrowIfCancellationRequested();
                await Task.Delay(wait, _time, stop);
            }
        }
    }

    // Due documents whose timer may act now: a reply deadline lets older messages of its queue go first.
    private async ValueTask<IReadOnlyList<DocumentKey>> Due(DateTimeOffset now, CancellationToken stop)
    {
        if (_timedKinds.Length == 0 || now < _nextDueScan)
        {
            return [];
        }

        var due = await _store.Due(_timedKinds, now, _options.MaxDuePerBatch, stop);
        var oldest = due.Any(d => d.Key.Kind.TimerYieldsToOlderMessages)
            ? await _transport.OldestSentAt(_queue, stop)
            : null;
        var acting = due.Where(d => !d.Key.Kind.TimerYieldsToOlderMessages
            || !(oldest < d.DueAt) || now - d.DueAt >= _options.MaxYieldToOlderMessages).Select(d => d.Key).ToList();
        _nextDueScan = acting.Count == _options.MaxDuePerBatch ? now : now + _options.PollInterval;
        return acting;
    }

    private async ValueTask TakeAnswer(EffectAnswer answer, CancellationToken stop)
    {
        await _answers.Writer.WriteAsync(answer, stop);
        Wake();
    }

    private void Count(Batch batch, UnitCommit commit)
    {
        KernelTelemetry.CountBatch(Service, batch, commit);
        if (_traffic is null)
        {
            return;
        }

        _traffic.Out(_queue.Queue, commit.Settlements.Count(s => s is not Settlement.Retry));
        _traffic.In(_queue.Queue, commit.DeadLetters.Count(a => a is DeadLetterAction.Redrive));
        foreach (var message in commit.Messages)
        {
            foreach (var queue in message.Queues)
            {
                _traffic.In(queue.Queue, 1);
            }
        }
    }

    private void Wake()
    {
        lock (_wake)
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }
}
