using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments.Tests;

/// <summary>
/// The least that a kernel does around the deciders: it keeps what was committed (written and read as JSON each time),
/// drops messages and answers taken in before, and checks the invariants that hold after every commit.
/// </summary>
internal sealed class Shop
{
    private readonly Dictionary<DocumentKey, object> _documents = [];
    private readonly HashSet<Guid> _handled = [];
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Alert> _alerts = new(StringComparer.Ordinal);
    private int _ids;
    private bool _beganMidway;

    public PaymentsOptions Options { get; init; } = new();

    public DateTimeOffset Now { get; set; } = Given.Noon;

    public List<OutgoingDraft> Sent { get; } = [];

    public List<Note> Notes { get; } = [];

    /// <summary>How many commits changed the payment.</summary>
    public int Commits { get; private set; }

    public bool RefundWasRequested { get; private set; }

    public Payment? Found => (Payment?)_documents.GetValueOrDefault(PaymentKinds.Payments.Key(Given.Payment));

    public Payment Payment => Found ?? throw new InvalidOperationException("There is no payment yet.");

    public IReadOnlyList<PaymentLedgerRow> Ledger => [.. _documents.Values.OfType<PaymentLedgerRow>()];

    public IReadOnlyCollection<Alert> OpenAlerts => _alerts.Values;

    public Effect? Wanted => Found is { } payment ? PaymentKinds.Payments.Wanted(payment) : null;

    public IMessage LastSent => Sent[^1].Message;

    /// <summary>Begins in the middle of a story.</summary>
    public static Shop With(Payment payment, DateTimeOffset now)
    {
        var shop = new Shop { Now = now };
        shop._documents[PaymentKinds.Payments.Key(payment.Id)] = payment;
        shop._beganMidway = true;
        shop._ids = 1_000; // other ids than those of the story so far
        shop.RefundWasRequested = payment.RefundOwed is not null || payment.RefundReply is not null
            || payment.Refunds.Any(r => r.Kind == RefundKind.Full);
        if (payment.Status == PaymentStatus.RefundFailed)
        {
            shop._alerts[$"{PaymentKinds.RefundFailedAlert}/{payment.Id}"] =
                new(PaymentKinds.RefundFailedAlert, AlertSeverity.P1, payment.Id.ToString(), "given");
        }

        return shop;
    }

    public Decision Receive(IMessage message, Guid? eventId = null)
    {
        var envelope = new Envelope(
            new EventId(eventId ?? NextId()), "type", "v1", Now, "order-service", new CorrelationId(Given.Order.Value),
            null,
            new SagaId(Given.Order.Value), Given.Customer, new MessageMetadata(), message);
        if (!_handled.Add(envelope.EventId.Value))
        {
            return Decision.On(new Incoming<IMessage>(envelope, message, Now))
                .Remark("duplicate_dropped", "Taken in before.");
        }

        RefundWasRequested |= message is RefundRequested or PaymentResolveRequested { RefundId: null };
        return Commit(message switch
        {
            PaymentRequested m =>
                Charging.Request(Documents(), new Incoming<PaymentRequested>(envelope, m, Now), Options),
            RefundRequested m =>
                Refunding.Request(Documents(), new Incoming<RefundRequested>(envelope, m, Now), Options),
            PartialRefundRequested m =>
                PartRefunding.Request(Documents(), new Incoming<PartialRefundRequested>(envelope, m, Now), Options),
            PaymentResolveRequested m =>
                Settling.Resolve(Documents(), new Incoming<PaymentResolveRequested>(envelope, m, Now), Options),
            _ => throw new ArgumentException(message.GetType().Name, nameof(message)),
        });
    }

    public Decision Answer(Effect effect, EffectResult result)
    {
        var answer = new Answer<Payment>(
            NextId(), Now, Payment.Trail, PaymentKinds.Payments.Key(Given.Payment).Id, Payment, effect, result);
        return _answered.Add(effect.Key)
            ? Commit(Answers.Decide(Documents(), answer, Options))
            : Decision.On(answer).Remark("duplicate_dropped", "Answered before.");
    }

    public HintOutcome Hint(string transmission, string? secret = null)
    {
        var asked = new Asked<PaymentHint, PaymentHintTaken>(
            NextId(), Now, new Trail(new CorrelationId(NextId())), new PaymentHint(Given.Order, transmission, secret));
        return ((PaymentHintTaken)Commit(Hinting.Request(Documents(), asked, Options)).Reply!).Outcome;
    }

    /// <summary>An operator wants something.</summary>
    public RefundPartReply Ask(Request<RefundPartReply> wish)
    {
        var trail = new Trail(new CorrelationId(NextId()), UserId: Given.Operator);
        return (RefundPartReply)Commit(wish switch
        {
            RefundPart w => PartRefunding.ByOperator(Documents(), new(NextId(), Now, trail, w), Options),
            RetryRefund w => PartRefunding.Retry(Documents(), new(NextId(), Now, trail, w), Options),
            SettleRefund w => Settling.ByOperator(Documents(), new(NextId(), Now, trail, w), Options),
            RereadPayment w => Rereading.Request(Documents(), new(NextId(), Now, trail, w), Options),
            _ => throw new ArgumentException(wish.GetType().Name, nameof(wish)),
        }).Reply!;
    }

    /// <summary>The timer fires now, whether it is due or not.</summary>
    public Decision FireTimer() => Commit(Answers.Due(
        Documents(),
        new Due<Payment>(NextId(), Now, Payment.Trail, PaymentKinds.Payments.Key(Given.Payment).Id, Payment),
        Options));

    /// <summary>Time passes until the timer is due, and it fires.</summary>
    public Decision WaitForTimer()
    {
        var due = Payment.WakeAt ?? throw new InvalidOperationException("Nothing is awaited.");
        Now = due > Now ? due : Now;
        return FireTimer();
    }

    /// <summary>The PG answers the questions that come, one after another, with these; returns the questions.</summary>
    public List<Effect> PgAnswers(params EffectResult[] results)
    {
        var asked = new List<Effect>();
        foreach (var result in results)
        {
            for (var waits = 0; Wanted is null; waits++)
            {
                Assert.True(waits < 3, "The payment asks nothing.");
                WaitForTimer();
            }

            asked.Add(Wanted);
            Now += TimeSpan.FromMilliseconds(200);
            Answer(Wanted, result);
        }

        return asked;
    }

    private Guid NextId() => DerivedId.From(Given.Order.Value, ++_ids);

    private Documents Documents() => Kernel.Documents.Of(_documents.Select(d => new DocumentChange(d.Key, d.Value)));

    private Decision Commit(Decision decision)
    {
        foreach (var change in decision.Changes)
        {
            var isRow = change.State is PaymentLedgerRow;
            Assert.False(isRow && _documents.ContainsKey(change.Key), $"The ledger row {change.Key} is written twice.");
            Commits += isRow ? 0 : 1;
            _documents[change.Key] = change.Key.Kind.Read(change.Key.Kind.Write(change.State));
        }

        foreach (var change in decision.Alerts)
        {
            var key = $"{change.Alert.Type}/{change.Alert.Subject}";
            if (change.Resolution is null)
            {
                _alerts[key] = change.Alert;
            }
            else
            {
                _alerts.Remove(key);
            }
        }

        Notes.AddRange(decision.Notes);
        foreach (var message in decision.Messages)
        {
            var isKnown = Sent.Exists(s => s.EventId == message.EventId);
            Assert.True(isKnown == message.Again || (message.Again && _beganMidway), "an id is used for two messages");
            Sent.Add(message);
        }

        HoldsAfterEveryCommit(decision);
        return decision;
    }

    private void HoldsAfterEveryCommit(Decision decision)
    {
        if (Found is not { } payment)
        {
            return;
        }

        // M1
        Assert.True(payment.Captured <= payment.Amount, "captured more than the total");
        Assert.True(payment.Refunded <= payment.Captured, "refunded more than was captured");
        Assert.True(
            payment.Captured == Money.Zero || payment.Refunded + payment.SettledByHand <= payment.Captured,
            "given back more than was captured");

        // M6
        Assert.Equal(
            payment.Status == PaymentStatus.RefundFailed,
            _alerts.ContainsKey($"{PaymentKinds.RefundFailedAlert}/{payment.Id}"));

        // Where the PG has another amount a person goes on, and is called.
        var isForPerson = payment is { AmountAtPg: not null, SettlementReason: null, Call: null };
        Assert.True(
            !isForPerson || _alerts.ContainsKey($"{PaymentKinds.AmountMismatchAlert}/{payment.Id}"), "nobody is called");

        // What was promised is not more than there is, one refund is in hand at most, and none is forgotten.
        Assert.True(payment.Refunds.Count(r => r.IsInHand) <= 1, "two refunds in hand");
        Assert.False(
            payment.Call is null && payment.Status != PaymentStatus.RefundFailed && !isForPerson
                && payment.Refunds.Any(r => r.IsOpen),
            "a refund is forgotten");
        Assert.Equal(
            payment.Captured - payment.Refunded,
            new Money(payment.Moves.Sum(m => m.Amount.Won)));

        // A refund request is never followed by `payment.completed`.
        Assert.False(RefundWasRequested
            && decision.Messages.Any(m => m is { Message: PaymentCompleted, Again: false }));

        // Nothing is left hanging, and the kernel's terms for effects are kept.
        Assert.Equal(payment.Call is null, payment.WakeAt is null);
        Assert.False(
            payment.Status is PaymentStatus.Pending or PaymentStatus.Refunding && payment.WakeAt is null && !isForPerson,
            "it hangs");
        Assert.False(Wanted is { } wanted && _answered.Contains(wanted.Key),
            "an answered question is asked under its old key");
    }
}
