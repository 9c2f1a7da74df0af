using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders.Tests;

/// <summary>Partial cancels in a story.</summary>
internal sealed partial class OrderStory
{
    /// <summary>The last partial cancel that was accepted.</summary>
    public AmendAccepted Accepted { get; private set; } = null!;

    public AmendSaga Amend => Find(OrderKinds.Amends, OrderKinds.Amends.Key(Accepted.AmendId))!;

    public AmendFact AmendFact => Saga.Amends.Single(a => a.AmendId == Accepted.AmendId);

    /// <summary>Two lines, 38,700 and 30,000: the parcel is free from 50,000 on.</summary>
    public static OrderStory TwoLinesPrepared(OrdersOptions? options = null) =>
        PreparedWith(new OrderStory(options), Line("P-1", 3), Line("P-2", 1));

    public static OrderStory PreparedWith(OrderStory story, params WantedLine[] lines)
    {
        Assert.IsType<PlaceOrderReply.Placed>(story.Place(lines));
        story.When(story.Reserved, story.Paid);
        return story.When(story.ParcelPrepared);
    }

    /// <summary>One of the two lines is being cancelled; Shipping has not answered.</summary>
    public static OrderStory AmendAsked()
    {
        var story = TwoLinesPrepared();
        Assert.IsType<CancelItemsReply.Accepted>(story.CancelItems(Line("P-1", 2)));
        return story;
    }

    /// <summary>Shipping has agreed; the refund is asked for.</summary>
    public static OrderStory AmendApproved()
    {
        var story = AmendAsked();
        return story.When(story.ParcelAmended);
    }

    /// <summary>Parcel, money and stock have followed.</summary>
    public static OrderStory Amended()
    {
        var story = AmendApproved();
        return story.When(story.DifferenceRefunded, story.CancelledReleased);
    }

    public ShippingAmended ParcelAmended => new(Placed.OrderId, Accepted.AmendId, ShipmentId.Of(Placed.OrderId));

    public ShippingAmendRefused ParcelGone => new(Placed.OrderId, Accepted.AmendId, "the carrier has it");

    public ShippingAmendUndone ParcelWholeAgain => new(Placed.OrderId, Accepted.AmendId);

    public LinesReleased CancelledReleased => new(Placed.OrderId, Accepted.AmendId, []);

    public PaymentRefunded DifferenceRefunded => new(
        Placed.OrderId, PaymentId.Of(Placed.OrderId), Orders.Amend.RefundOf(Accepted.AmendId), Accepted.RefundAmount,
        Placed.TotalAmount, SettledByHand: false);

    public RefundFailed DifferenceRefused => new(
        Placed.OrderId, PaymentId.Of(Placed.OrderId), Orders.Amend.RefundOf(Accepted.AmendId), "account closed");

    public PaymentRefunded RestRefunded => Refund(Placed.TotalAmount.Won - Accepted.RefundAmount.Won, number: 9);

    public CancelItemsReply CancelItems(params WantedLine[] lines) => CancelItems(lines, Buyer);

    public CancelItemsReply CancelItems(
        IReadOnlyList<WantedLine> lines, UserId by, bool asOperator = false, Idempotency? idempotency = null)
    {
        var wish = new CancelItems(Placed.OrderId, by, asOperator, lines, "the wrong colour", idempotency);
        var reply = Ask<CancelItems, CancelItemsReply>(
            wish, (d, asked) => CancelItemsDecider.Decide(_options, _flow, d, asked), CancelItemsDecider.Keys(wish));
        Accepted = reply is CancelItemsReply.Accepted accepted ? accepted.Amend : Accepted;
        return reply;
    }

    /// <summary>Shipping, Payments or Inventory do not answer: the timer fires until the saga moves.</summary>
    public OrderStory WhenNoReplyComesToTheAmend()
    {
        var version = Amend.Saga.Version;
        while (Amend.Saga.Version == version)
        {
            var wake = Assert.NotNull(Amend.Saga.WakeAt);
            Now = wake > Now ? wake : Now;
            var due = new Due<AmendSaga>(NextId(), Now, Amend.Trail, Accepted.AmendId.ToString(), Amend);
            Apply(_flow.AmendTimerDue(Documents(), due with { ProcessStartedAt = Morning }));
        }

        return this;
    }

    public OrderStory WhenTheAmendIsNeverAnswered()
    {
        while (Amend.Saga.Status is SagaStatus.InProgress or SagaStatus.Compensating)
        {
            WhenNoReplyComesToTheAmend();
        }

        return this;
    }

    public SagaInterventionReply RetryAmend() => Ask<SagaRetry, SagaInterventionReply>(
        new(Accepted.SagaId, "the bank is back"), (d, asked) => SagaInterventionsDecider.Retry(_flow, d, asked));

    public SagaInterventionReply ResolveAmend(string step) => Ask<SagaResolve, SagaInterventionReply>(
        new(Accepted.SagaId, step, new("paid out by transfer")),
        (d, asked) => SagaInterventionsDecider.Resolve(_flow, d, asked));

    public SagaInterventionReply CancelAmend() => Ask<AmendCancel, SagaInterventionReply>(
        new(Accepted.SagaId, "asked by mistake"), (d, asked) => SagaInterventionsDecider.Cancel(_flow, d, asked));

    public OrderStory WhenKeysAreDue()
    {
        foreach (var key in _documents.Keys.Where(k => k.Kind == OrderKinds.IdempotencyKeys).ToList())
        {
            var record = (IdempotencyRecord)_documents[key];
            Assert.Equal(record.ForgetAt, OrderKinds.IdempotencyKeys.WakeAt(record));
            var trail = new Trail(new CorrelationId(NextId()));
            Apply(IdempotencyRecord.Forget(
                Documents(), new Due<IdempotencyRecord>(NextId(), Now, trail, key.Id, record)));
        }

        return this;
    }

    public PriceChanged ChangePrice(string product, long price, UserId by, bool asOperator = false)
    {
        var wish = new ChangePrice(new(product), null, new Money(price), by, asOperator, "spring sale");
        return Ask<ChangePrice, PriceChanged>(wish, ChangePriceDecider.Decide, ChangePriceDecider.Keys(wish));
    }

    private bool TellAmend(IOrderMessage message)
    {
        switch (message)
        {
            case ShippingAmended m:
                TellOfAmend(m, m.AmendId);
                return true;
            case ShippingAmendRefused m:
                TellOfAmend(m, m.AmendId);
                return true;
            case ShippingAmendUndone m:
                TellOfAmend(m, m.AmendId);
                return true;
            case LinesReleased m:
                TellOfAmend(m, m.AmendId);
                return true;
            default:
                return false;
        }
    }

    private void TellOfAmend<T>(T message, AmendId amend) where T : IOrderMessage => Apply(_flow.ToldOfAmend(
        Documents(), new Incoming<T>(EnvelopeOf(message), message, Now) { ProcessStartedAt = Morning }, amend));
}
