using System.Diagnostics;

namespace DoaMarket.Kernel;

/// <summary>One thing that a batch decides: a delivery, a due timer, an outside answer, or a request.</summary>
internal abstract class BatchItem
{
    /// <summary>The decision, once there is one.</summary>
    public Decision? Decision { get; set; }

    /// <summary>The decision's messages, addressed.</summary>
    public IReadOnlyList<OutgoingMessage> Messages { get; set; } = [];

    /// <summary>The document whose timer or answer this is, on which a failure is booked; null for all else.</summary>
    public virtual DocumentKey? Awaiting => null;

    /// <summary>Why it could not be decided; its changes are dropped and the batch goes on.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Set when the store refused this item's data: it fails without being decided again.</summary>
    public Exception? Refused { get; set; }

    /// <summary>
    /// The number under which its document's failure is booked: the same when the outcome of that commit is unknown and
    /// it is booked once more.
    /// </summary>
    public int? BookedFailures { get; set; }

    /// <summary>The document that remembers having taken this in; null when there is none.</summary>
    public DocumentKey? Own { get; protected set; }

    /// <summary>The id that it is remembered by.</summary>
    public abstract Guid Id { get; }

    /// <summary>What kind of thing it is, for logs and telemetry: message, timer, answer, request.</summary>
    public abstract string Kind { get; }

    /// <summary>Which one of its kind: a wire name, a document's kind, a request's type.</summary>
    public abstract string Name { get; }

    /// <summary>The request that it belongs to; null when it cannot be read, or its document is gone.</summary>
    public abstract Trail? Trail { get; }

    /// <summary>The order that it is about, if it says so.</summary>
    public virtual string? Subject => Messages.Count > 0 ? Messages[0].Envelope.Data.Subject : null;

    /// <summary>Its span, while somebody listens.</summary>
    public Activity? Span { get; set; }

    /// <summary>True when its document remembers that it was taken in before.</summary>
    public bool IsDuplicate { get; set; }

    /// <summary>What became of it.</summary>
    public string Outcome => Failure is not null ? "failed" : IsDuplicate ? "duplicate" : "done";

    /// <summary>The documents that it names by itself.</summary>
    public abstract IEnumerable<DocumentKey> Keys(DateTimeOffset now);

    /// <summary>The documents that the loaded ones name.</summary>
    public abstract IEnumerable<DocumentKey> Then(Documents documents, DateTimeOffset now);

    /// <summary>Decides.</summary>
    public abstract Decision Decide(Documents documents, DateTimeOffset now, DateTimeOffset processStartedAt);

    /// <summary>Forgets an earlier try, before the documents are loaded again.</summary>
    public void Reset()
    {
        Decision = null;
        Failure = Refused;
        IsDuplicate = false;
    }
}

/// <summary>A message.</summary>
internal sealed class DeliveryItem : BatchItem
{
    private readonly ServiceModule _module;
    private ServiceModule.MessageHandler? _handler;

    public DeliveryItem(ServiceModule module, Delivery delivery)
    {
        (_module, Delivery, Attempt) = (module, delivery, delivery.Attempts + 1);
        if (delivery.GivenUp is { } reason)
        {
            Refused = new InvalidDataException(reason);
        }
    }

    public Delivery Delivery { get; }

    /// <summary>Which handling this is, 1 the first.</summary>
    public int Attempt { get; set; }

    /// <summary>The attempt that is being put on record; null when none is.</summary>
    public int? Recording { get; set; }

    /// <summary>Whether it is given up when it fails now.</summary>
    public bool IsLastAttempt(QueueDefinition queue) => Attempt >= queue.MaxReceives || Delivery.GivenUp is not null;

    public override Guid Id => Delivery.EventId.Value;

    public override string Kind => "message";

    public override string Name => Delivery.Envelope?.EventType ?? "unreadable";

    public override Trail? Trail => Delivery.Envelope is { } envelope ? Trail.Of(envelope) : null;

    public override string? Subject => Delivery.Envelope?.Data.Subject;

    public override IEnumerable<DocumentKey> Keys(DateTimeOffset now)
    {
        var envelope = Delivery.Envelope
            ?? throw new InvalidDataException(Delivery.Unreadable ?? "The message cannot be read.");
        _handler = _module.HandlerOf(envelope.Data);
        var occasion = _handler.Occasion(envelope, now);
        Own = _handler.Own?.Invoke(occasion);
        return Own is { } own ? [own, .. _handler.Also(occasion)] : _handler.Also(occasion);
    }

    public override IEnumerable<DocumentKey> Then(Documents documents, DateTimeOffset now) =>
        _handler?.Then?.Invoke(documents, _handler.Occasion(Delivery.Envelope!, now)) ?? [];

    // Several services take the same message in: what each makes of it must have ids of its own.
    public override Decision Decide(Documents documents, DateTimeOffset now, DateTimeOffset processStartedAt) =>
        _handler!.Decide(documents, _handler.Occasion(Delivery.Envelope!, now) with
        {
            Id = DerivedId.From(Id, _module.Service),
            ProcessStartedAt = processStartedAt,
        });
}

/// <summary>
/// A timer. Its id follows from the document's version, so that deciding it again after a crash makes the same ids.
/// </summary>
internal sealed class DueItem(ServiceModule module, DocumentKey key) : BatchItem
{
    private readonly ServiceModule.DueHandler? _handler = module.DueHandlerOf(key.Kind);

    public DocumentKey Key { get; } = key;

    public override DocumentKey? Awaiting => Key;

    /// <summary>Version and state, found when the batch has loaded.</summary>
    public StoredDocument? Document { get; set; }

    public override Guid Id => DerivedId.From(Thread.CorrelationId.Value, $"due:{Key}:{Document!.Version}");

    public override string Kind => "timer";

    public override string Name => Key.Kind.Table;

    public override Trail? Trail => Document is null ? null : Thread;

    private Trail Thread =>
        Key.Kind.Trail(Document!.State) ?? new(new CorrelationId(DerivedId.From(Guid.Empty, Key.ToString())));

    public override IEnumerable<DocumentKey> Keys(DateTimeOffset now) => [Key];

    public override IEnumerable<DocumentKey> Then(Documents documents, DateTimeOffset now) =>
        Document is null || _handler?.Then is null ? [] : _handler.Then(Occasion(now));

    public override Decision Decide(Documents documents, DateTimeOffset now, DateTimeOffset processStartedAt)
    {
        if (_handler is null)
        {
            throw new InvalidOperationException($"{Key} has a timer and nobody handles it.");
        }

        return _handler.Decide(documents, Occasion(now) with { ProcessStartedAt = processStartedAt });
    }

    private Occasion Occasion(DateTimeOffset now) => _handler!.Occasion(Id, now, Thread, Key.Id, Document!.State);
}

/// <summary>An outside answer. Its id follows from the document and the effect's key.</summary>
internal sealed class AnswerItem : BatchItem
{
    private readonly ServiceModule.AnswerHandler _handler;

    public AnswerItem(ServiceModule module, EffectAnswer answer)
    {
        _handler = module.AnswerHandlerOf(answer.Key.Kind);
        Answer = answer;
        // Not attempted is no answer: the same key may be asked again and must then not count as a duplicate.
        Own = answer.Result is NotAttempted or EffectFailed ? null : answer.Key;
    }

    public EffectAnswer Answer { get; }

    public override DocumentKey? Awaiting => Answer.Key;

    public StoredDocument? Document { get; set; }

    public override Guid Id => DerivedId.From(Thread.CorrelationId.Value, $"answer:{Answer.Key}:{Answer.Effect.Key}");

    public override string Kind => "answer";

    public override string Name => Answer.Effect.Gateway;

    public override Trail? Trail => Document is null ? null : Thread;

    private Trail Thread =>
        Answer.Key.Kind.Trail(Document!.State)
        ?? new(new CorrelationId(DerivedId.From(Guid.Empty, Answer.Key.ToString())));

    public override IEnumerable<DocumentKey> Keys(DateTimeOffset now) => [Answer.Key];

    public override IEnumerable<DocumentKey> Then(Documents documents, DateTimeOffset now) =>
        Document is null || _handler.Then is null ? [] : _handler.Then(Occasion(now));

    public override Decision Decide(Documents documents, DateTimeOffset now, DateTimeOffset processStartedAt) =>
        _handler.Decide(documents, Occasion(now) with { ProcessStartedAt = processStartedAt });

    // Not attempted leaves the effect's key as it is, so the document's version tells two such answers apart.
    private Occasion Occasion(DateTimeOffset now) => _handler.Occasion(
        Own is null ? DerivedId.From(Id, $"again:{Document!.Version}") : Id, now, Thread, Answer.Key.Id, Document!.State,
        Answer.Effect, Answer.Result);
}

/// <summary>A request of this process, answered after the commit.</summary>
internal sealed class RequestItem(
    ServiceModule module, Guid id, Trail trail, object body, TaskCompletionSource<object> reply) : BatchItem
{
    private readonly ServiceModule.RequestHandler _handler = module.HandlerOf(body);

    public TaskCompletionSource<object> Reply { get; } = reply;

    public override Guid Id => id;

    public override string Kind => "request";

    public override string Name => body.GetType().Name;

    public override Trail? Trail => trail;

    public override IEnumerable<DocumentKey> Keys(DateTimeOffset now) => _handler.Keys(Occasion(now));

    public override IEnumerable<DocumentKey> Then(Documents documents, DateTimeOffset now) =>
        _handler.Then?.Invoke(documents, Occasion(now)) ?? [];

    public override Decision Decide(Documents documents, DateTimeOffset now, DateTimeOffset processStartedAt) =>
        _handler.Decide(documents, Occasion(now) with { ProcessStartedAt = processStartedAt });

    private Occasion Occasion(DateTimeOffset now) => _handler.Occasion(id, now, trail, body);
}
