namespace DoaMarket.Kernel;

/// <summary>What all batches of one loop share.</summary>
internal sealed record BatchFrame(
    ServiceModule Module, QueueDefinition Queue, MessageWriter Writer, KernelOptions Options,
    DateTimeOffset ProcessStartedAt);

/// <summary>
/// What one turn of the loop handles: its items, their documents, and what was decided. Begin fills the documents,
/// Decide goes through the items one after another, Commit makes one commit of everything.
/// </summary>
internal sealed class Batch(BatchFrame frame, IReadOnlyList<BatchItem> items)
{
    private readonly ServiceModule _module = frame.Module;
    private readonly KernelOptions _options = frame.Options;

    private readonly List<NoteRow> _kernelNotes = [];
    private readonly List<BatchItem> _deferred = [];
    private readonly List<(AlertChange Change, Trail Trail)> _kernelAlerts = [];

    public IReadOnlyList<BatchItem> Items { get; private set; } = items;

    /// <summary>The time at which the batch was loaded last: deadlines are judged by it.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>A message that failed or never ended before: it is handled alone. Null in other batches.</summary>
    public DeliveryItem? Alone =>
        Items is [DeliveryItem { Delivery: { IsRedelivery: true, GivenUp: null } } alone] ? alone : null;

    /// <summary>Items whose documents turned out to be others than those loaded; they go into the next batch.</summary>
    public IReadOnlyList<BatchItem> Deferred => _deferred;

    public IUnitOfWork? Work { get; private set; }

    public BatchDocuments Documents { get; private set; } = new();

    /// <summary>Loads the documents that the items name, and, once more, those that the loaded ones name.</summary>
    public async ValueTask Begin(IStore store, DateTimeOffset now, CancellationToken stop)
    {
        Now = now;
        _kernelNotes.Clear();
        _kernelAlerts.Clear();
        foreach (var item in Items)
        {
            item.Reset();
        }

        // What the store refuses fails without being decided, and its failure is written on its document all the same.
        var keys = Named(item => item.Failure is null || item is DueItem or AnswerItem, item => item.Keys(Now));
        if (Alone is { } single)
        {
            keys.Add(_module.Attempts.Key(single.Delivery.EventId));
        }

        Work = await store.Begin(_module.Service, keys, stop);
        Take(keys, Work.Documents);
        var more = Named(item => item.Failure is null, item => item.Then(Documents, Now));
        more.RemoveWhere(Documents.IsLoaded);
        if (more.Count > 0)
        {
            await Work.Load(more, stop);
            keys.UnionWith(more);
            Take(keys, Work.Documents); // those of the first load may have moved on
        }
    }

    /// <summary>
    /// Decides the items in order; each sees what those before it changed. An exception belongs to its item alone.
    /// </summary>
    public void Decide()
    {
        foreach (var item in Items)
        {
            item.Span ??= ItemSpan.Start(item, _module.Service, frame.Queue.Queue);
            if (item.Failure is null)
            {
                try
                {
                    DecideOne(item);
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    item.Decision = null;
                    item.Failure = failure;
                }
            }

            if (item.Failure is not null)
            {
                TakeFailure(item);
            }
        }

        Items = _deferred.Count == 0 ? Items : [.. Items.Except(_deferred)];
        if (Alone is { } single && SettlementOf(single) is not Settlement.Retry)
        {
            Documents.Of(_module.Attempts.Key(single.Delivery.EventId)).Remove(); // it has come to its end
        }
    }

    /// <summary>
    /// Alerts and audit rows become documents; those of alerts are loaded first, since they may be open already.
    /// </summary>
    public async ValueTask ApplyAlertsAndAudits(CancellationToken stop)
    {
        var changes = Items.Where(i => i.Decision is not null)
            .SelectMany(i => i.Decision!.Alerts.Select(a => (Change: a, i.Decision.Trail)))
            .Concat(_kernelAlerts).Concat(Parking.Ends(Documents, _options.MaxDueFailures)).ToList();
        if (changes.Count > 0)
        {
            var keys = changes
                .Select(c => _module.Alerts.Key(KernelKinds.AlertKey(c.Change.Alert.Type, c.Change.Alert.Subject)))
                .ToHashSet();
            keys.RemoveWhere(Documents.IsLoaded);
            await Work!.Load(keys, stop);
            Documents.Add(keys, Work.Documents);
        }

        Transitions =
        [
            .. changes
                .Select(c => AlertBook.Apply(_module, Documents, c.Change, c.Trail, Now))
                .OfType<AlertTransition>()
                .Select((transition, i) => transition with { Ordinal = i }),
        ];
        foreach (var item in Items.Where(i => i.Decision is { Audits.Count: > 0 }))
        {
            AlertBook.Write(_module, Documents, item.Decision!, Now);
        }
    }

    /// <summary>Alerts that opened or closed in this batch.</summary>
    public IReadOnlyList<AlertTransition> Transitions { get; private set; } = [];

    /// <summary>Everything to commit.</summary>
    public UnitCommit ToCommit()
    {
        var messages = new List<OutgoingMessage>();
        var notes = new List<NoteRow>(_kernelNotes);
        foreach (var item in Items)
        {
            if (item.Decision is { } decision)
            {
                messages.AddRange(item.Messages);
                notes.AddRange(decision.Notes.Select(n => Remark(item, decision.Trail, n)));
            }
        }

        messages.AddRange(Transitions.Select(t => frame.Writer.Write(t, Now)));
        var writes = Documents.Changed.Select(e => e.Write()).OrderBy(w => w.Key, DocumentKey.LockOrder).ToList();
        return new(
            _module.Service, Now, writes, messages, notes, [.. Items.OfType<DeliveryItem>().Select(SettlementOf)])
        {
            DeadLetters = [.. Items.Where(i => i.Decision is not null).SelectMany(i => i.Decision!.DeadLetters)],
        };
    }

    /// <summary>Whether a decision changed a document, rather than the kernel its failures or its timer alone.</summary>
    public bool IsDecided(DocumentKey key) => Documents.Of(key).ChangedBy is not null;

    /// <summary>What made a document of this batch want what it wants; null when it is the kernel's own doing.</summary>
    public EffectCause? CauseOf(DocumentKey key)
    {
        if (Documents.Of(key).ChangedBy is not { Trail: { } trail } item)
        {
            return null;
        }

        return new(item.Span is { } span ? trail with { Traceparent = span.Id } : trail, item.Subject);
    }

    /// <summary>Answers the requests of a batch that was not committed, and lets go of them.</summary>
    public void Refuse(StoreUnavailableException reason)
    {
        foreach (var request in Items.OfType<RequestItem>())
        {
            request.Reply.TrySetException(reason);
        }

        Items = [.. Items.Where(item => item is not RequestItem)];
    }

    /// <summary>The same batch in two halves, to find the item whose data the store refuses.</summary>
    public (Batch First, Batch Second) Halves()
    {
        var half = Items.Count / 2;
        return (new(frame, [.. Items.Take(half)]), new(frame, [.. Items.Skip(half)]));
    }

    private void Take(SortedSet<DocumentKey> keys, IReadOnlyDictionary<DocumentKey, StoredDocument> loaded)
    {
        Documents = new();
        Documents.Add(keys, loaded);
        foreach (var item in Items)
        {
            if (item is DueItem due)
            {
                due.Document = Documents.Of(due.Key).Loaded;
            }
            else if (item is AnswerItem answer)
            {
                answer.Document = Documents.Of(answer.Answer.Key).Loaded;
            }
        }
    }

    private SortedSet<DocumentKey> Named(
        Func<BatchItem, bool> isAsked, Func<BatchItem, IEnumerable<DocumentKey>> name)
    {
        var keys = new SortedSet<DocumentKey>(DocumentKey.LockOrder);
        foreach (var item in Items.Where(isAsked))
        {
            try
            {
                keys.UnionWith(name(item));
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                item.Failure = failure;
            }
        }

        return keys;
    }

    private void DecideOne(BatchItem item)
    {
        if (IsOver(item))
        {
            item.Decision = null;
            return;
        }

        if (item.Own is { } own && Documents.Of(own) is { State: not null } document && document.HasHandled(item.Id))
        {
            item.IsDuplicate = true;
            Note(item, "duplicate_dropped", $"{own} has taken this in before.");
            return;
        }

        if (item.Then(Documents, Now).Any(key => !Documents.IsLoaded(key)))
        {
            _deferred.Add(item); // an earlier message of this batch made the document that names these keys
            return;
        }

        var decision = item.Decide(Documents, Now, frame.ProcessStartedAt);
        RefuseBeyondBound(item, decision);
        // A message that cannot be written is this item's failure.
        item.Messages = frame.Writer.Write(decision, Now, item.Span?.Id);
        Apply(item, decision);
    }

    // Beyond it a message is remembered when it left a trace, and an answer not at all: a decider knows by the effect's
    // key whether it still waits for one. Open questions are asked for as long as it takes.
    private int RoomForAll => Math.Min(KernelOptions.RemembersAllUntil, _options.MaxHandledPerDocument / 2);

    private void RefuseBeyondBound(BatchItem item, Decision decision)
    {
        if (decision.LeavesTraces && item is DeliveryItem { Own: { } own }
            && Documents.Of(own).HandledCount >= _options.MaxHandledPerDocument)
        {
            throw new InvalidOperationException(
                $"{own} has taken in {_options.MaxHandledPerDocument} messages, the most that one document may.");
        }
    }

    // A timer that has been pushed later, or an answer for a document that is gone, needs no decision.
    private bool IsOver(BatchItem item)
    {
        if (item is DueItem due)
        {
            due.Document = Current(due.Key, due.Document);
            var entry = Documents.Of(due.Key);
            if (entry.State is null)
            {
                return true;
            }

            entry.Fire();
            return entry.Key.Kind.WakeAt(entry.State) is not { } at || at > Now;
        }

        if (item is AnswerItem answer)
        {
            answer.Document = Current(answer.Answer.Key, answer.Document);
            return answer.Document is null;
        }

        return false;
    }

    private StoredDocument? Current(DocumentKey key, StoredDocument? loaded) =>
        Documents.Of(key).State is { } state && loaded is not null ? loaded with { State = state } : loaded;

    private void Apply(BatchItem item, Decision decision)
    {
        foreach (var (key, state) in decision.Changes)
        {
            Documents.ToWrite(key).Change(state, item);
        }

        foreach (var key in decision.Removals)
        {
            Documents.Of(key).Remove();
        }

        foreach (var key in decision.Wakes)
        {
            Documents.Of(key).Wake();
        }

        if (item.Own is { } own && Documents.Of(own) is { State: not null } document
            && (document.HandledCount < RoomForAll || (decision.LeavesTraces && item is DeliveryItem)))
        {
            document.Remember(item.Id);
        }

        if (item is RequestItem && decision.Reply is null)
        {
            throw new InvalidOperationException("A request was decided without an answer.");
        }

        item.Decision = decision;
    }

    private void TakeFailure(BatchItem item)
    {
        if (item is DeliveryItem handled)
        {
            Note(
                item, "handling_failed",
                $"Handling {handled.Attempt} of {frame.Queue.MaxReceives} failed: {item.Failure!.Message}");
        }

        if (item is DeliveryItem { Delivery: var delivery } dying && dying.IsLastAttempt(frame.Queue))
        {
            var envelope = delivery.Envelope;
            _kernelAlerts.Add((
                new(new Alert(
                    "DEAD_LETTER", AlertSeverity.P2, frame.Queue.DeadLetterQueue,
                    $"{frame.Queue.DeadLetterQueue} received {envelope?.EventType ?? "a message"} "
                        + $"{delivery.EventId}: {item.Failure!.Message}",
                    envelope?.Data.Subject), null),
                envelope is null ? new(new CorrelationId(delivery.EventId.Value)) : Trail.Of(envelope)));
        }

        if (item.Awaiting is not { } failed
            || !Documents.IsLoaded(failed)
            || Documents.Of(failed) is not { State: not null } entry)
        {
            return;
        }

        var failures = item.BookedFailures ??= entry.Failures + 1;
        var parks = failures >= _options.MaxDueFailures;
        entry.Fail(
            failures,
            parks
                ? null
                : Now + _options.DeliveryRetry.After(failures, DerivedId.From(Guid.Empty, failed.ToString())));
        if (parks)
        {
            _kernelAlerts.Add(Parking.Begins(entry, _options.MaxDueFailures, item.Failure!));
        }
    }

    private Settlement SettlementOf(DeliveryItem item)
    {
        if (item.Failure is not { } failure)
        {
            return new Settlement.Done(item.Delivery);
        }

        return item.IsLastAttempt(frame.Queue)
            ? new Settlement.Dead(
                item.Delivery, Math.Min(item.Attempt, frame.Queue.MaxReceives), failure.Message, failure.ToString())
            : new Settlement.Retry(
                item.Delivery, Now + _options.DeliveryRetry.After(item.Attempt, item.Id), item.Attempt);
    }

    private void Note(BatchItem item, string kind, string text)
    {
        if (item is DeliveryItem { Delivery.Envelope: { } envelope })
        {
            _kernelNotes.Add(
                new(_module.Service, Now, envelope.CorrelationId, envelope.Data.Subject, envelope.EventId, kind, text));
        }
    }

    private NoteRow Remark(BatchItem item, Trail trail, Note note)
    {
        var envelope = (item as DeliveryItem)?.Delivery.Envelope;
        return new(
            _module.Service, Now, trail.CorrelationId, envelope?.Data.Subject, envelope?.EventId, note.Kind, note.Text);
    }
}
