using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders.Tests;

/// <summary>
/// A shop's Orders on a dictionary: decisions are applied as the kernel would, every state is written and read as by a
/// store, and the story tells what was sent.
/// </summary>
internal sealed partial class OrderStory
{
    public static readonly DateTimeOffset Morning = new(2026, 4, 1, 0, 30, 0, TimeSpan.Zero);
    public static readonly UserId Buyer = new("user-1");
    public static readonly UserId Operator = new("operator-1");
    public static readonly ShippingAddress Home = new("홍길동", "010-1234-5678", "04524", "서울시 중구 세종대로 110");

    public static readonly OrderParticipants Participants = new(
        new("inventory", TimeSpan.Zero, TimeSpan.Zero),
        new("payments", TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(5)),
        new("shipping", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5)));

    private readonly Dictionary<DocumentKey, object> _documents = [];
    private readonly Dictionary<(string Type, string Subject), Alert> _alerts = [];
    private readonly OrdersOptions _options;
    private readonly OrderSagaDecider _flow;
    private int _occasions;

    public OrderStory(OrdersOptions? options = null)
    {
        _options = options ?? new();
        _flow = new(
            new SagaEngine<Order>(OrderFlow.Definition(_options, Participants)),
            new SagaEngine<Amend>(AmendFlow.Definition(_options, Participants)));
        Ask<SeedProducts, ProductsSeeded>(
            new([Product("P-1", 12_900), Product("P-2", 30_000), Product("P-3", 9_000, "red")]),
                SeedProductsDecider.Decide);
    }

    public DateTimeOffset Now { get; private set; } = Morning;

    /// <summary>The last order that was placed.</summary>
    public OrderPlaced Placed { get; private set; } = null!;

    public Decision Last { get; private set; } = null!;

    public OrderSaga Saga => Find(OrderKinds.Sagas, OrderKinds.Sagas.Key(Placed.OrderId))!;

    public Order Order => Find(OrderKinds.Orders, OrderKinds.Orders.Key(Placed.OrderId))!;

    public OrderStatus Status => Saga.Status;

    public IReadOnlyList<IMessage> Sent => [.. Last.Messages.Select(m => m.Message)];

    public IReadOnlyCollection<Alert> OpenAlerts => _alerts.Values;

    public int DocumentsOf(DocumentKind kind) => _documents.Keys.Count(k => k.Kind == kind);

    public static Product Product(string id, long price, string? variant = null) =>
        new(new(id), VariantOf(variant), $"상품 {id}", new Money(price), WeightGrams: 400, new SellerId($"S-0{id[^1]}"));

    public static WantedLine Line(string product, int quantity, string? variant = null) =>
        new(new(product), VariantOf(variant), quantity);

    private static VariantId? VariantOf(string? variant) => variant is null ? null : new VariantId(variant);

    public static OrderStory New() => new OrderStory().WhenOrdered();

    public static OrderStory PaidFor()
    {
        var story = New();
        return story.When(story.Reserved, story.Paid);
    }

    public static OrderStory Prepared()
    {
        var story = PaidFor();
        return story.When(story.ParcelPrepared);
    }

    public static OrderStory Shipped()
    {
        var story = Prepared();
        return story.When(story.Dispatched);
    }

    // What the other services tell

    public InventoryReserved Reserved => new(Placed.OrderId, [], Now.AddMinutes(30));

    public AwaitingDeposit AccountOpened => new(
        Placed.OrderId, PaymentId.Of(Placed.OrderId), Placed.TotalAmount, "우리", "X6505636518308", Morning.AddDays(7));

    public InventoryExtended Extended => new(Placed.OrderId, Morning.AddDays(7).AddHours(1));

    public ReservationExpired Expired => new(Placed.OrderId, []);

    public DepositReversed Reversed => new(Placed.OrderId, PaymentId.Of(Placed.OrderId), Placed.TotalAmount);

    public PaymentCancelled NothingCaptured => new(Placed.OrderId, "nobody paid");

    public InventoryReleased Released => new(Placed.OrderId, []);

    public PaymentCompleted Paid => new(Placed.OrderId, PaymentId.Of(Placed.OrderId), "tx-1", Placed.TotalAmount);

    public PaymentFailed Declined =>
        new(Placed.OrderId, PaymentId.Of(Placed.OrderId), "card refused", "REJECT_CARD_PAYMENT");

    public ShippingPrepared ParcelPrepared =>
        new(Placed.OrderId, ShipmentId.Of(Placed.OrderId), "100200300400", "kr.cjlogistics", "CJ대한통운");

    public ShippingCancelled ParcelCancelled => new(Placed.OrderId, ShipmentId.Of(Placed.OrderId), "cancelled");

    public ShippingCancelRefused ParcelHandedOver =>
        new(Placed.OrderId, ShipmentId.Of(Placed.OrderId), "100200300400", "already handed over");

    public ShippingDispatched Dispatched =>
        new(Placed.OrderId, Buyer, "100200300400", "CJ대한통운", new DateOnly(2026, 4, 3), Parcel);

    public ShippingDelivered Delivered => new(Placed.OrderId, Buyer, Parcel, Now);

    public ReturnInitiated ReturnBegun => new(Placed.OrderId, Buyer, Parcel, "the customer sends it back");

    public ReturnReceived ParcelBack => new(Placed.OrderId, Buyer, Parcel);

    public RefundFailed RefundRefused =>
        new(Placed.OrderId, PaymentId.Of(Placed.OrderId), new RefundId(Guid.Empty), "account closed");

    public Parcel Parcel => new(ShipmentId.Of(Placed.OrderId), "100200300400", "kr.cjlogistics", "CJ대한통운");

    public PaymentRefunded Refund(long amount, byte number = 1) => new(
        Placed.OrderId,
        PaymentId.Of(Placed.OrderId),
        new RefundId(new Guid(number, 0, 0, new byte[8])),
        new Money(amount),
        Placed.TotalAmount,
        SettledByHand: false);

    public PaymentRefunded RefundedAll() => Refund(Placed.TotalAmount.Won);

    // What happens

    public PlaceOrderReply Place(params WantedLine[] lines) => Place(lines, Buyer);

    public PlaceOrderReply Place(IReadOnlyList<WantedLine> lines, UserId user, Idempotency? idempotency = null)
    {
        var wish = new PlaceOrder(user, lines, Home, new PaymentMethod("billing", "bk_ok"), "문 앞에", idempotency, Now);
        var reply = Ask<PlaceOrder, PlaceOrderReply>(
            wish, (d, asked) => PlaceOrderDecider.Decide(_options, _flow, d, asked), PlaceOrderDecider.Keys(wish));
        Placed = reply is PlaceOrderReply.Placed placed ? placed.Order : Placed;
        return reply;
    }

    public OrderStory WhenOrdered()
    {
        Assert.IsType<PlaceOrderReply.Placed>(Place(Line("P-1", 2)));
        return this;
    }

    public OrderStory When(params IOrderMessage[] messages)
    {
        foreach (var message in messages)
        {
            if (!TellAmend(message))
            {
                Tell((dynamic)message);
            }
        }

        return this;
    }

    public OrderStory After(TimeSpan time)
    {
        Now += time;
        return this;
    }

    /// <summary>No reply comes: the timer fires until the saga moves.</summary>
    public OrderStory WhenNoReplyComes()
    {
        var version = Saga.Saga.Version;
        while (Saga.Saga.Version == version)
        {
            var wake = Assert.NotNull(Saga.Saga.WakeAt);
            Now = wake > Now ? wake : Now;
            var due = new Due<OrderSaga>(NextId(), Now, Saga.Trail, Placed.OrderId.ToString(), Saga);
            Apply(_flow.TimerDue(Documents(), due with { ProcessStartedAt = Morning }));
        }

        return this;
    }

    public OrderStory WhenNoUndoIsEverAnswered()
    {
        while (Saga.Saga.Status is SagaStatus.Compensating)
        {
            WhenNoReplyComes();
        }

        return this;
    }

    public CancelOrderReply Cancel(UserId? by = null, bool asOperator = false) =>
        Ask<CancelOrder, CancelOrderReply>(
            new(Placed.OrderId, by ?? Buyer, asOperator, "changed my mind"),
            (d, asked) => CancelOrderDecider.Decide(_flow, d, asked));

    public OrderStory WhenCancelled()
    {
        Assert.IsType<CancelOrderReply.Cancelling>(Cancel());
        return this;
    }

    public SagaInterventionReply Retry() => Ask<SagaRetry, SagaInterventionReply>(
        new(Placed.SagaId, "the bank is back"), (d, asked) => SagaInterventionsDecider.Retry(_flow, d, asked));

    public SagaInterventionReply Resolve(string step, long? amount = null, bool restock = true) =>
        Ask<SagaResolve, SagaInterventionReply>(
        new(Placed.SagaId, step, new("paid out by transfer", amount, restock)),
        (d, asked) => SagaInterventionsDecider.Resolve(_flow, d, asked));

    public SagaWatched Watch() => Ask<WatchSaga, SagaWatched>(
        new(Placed.SagaId), (d, asked) => SagaInterventionsDecider.Watch(_options, _flow, d, asked));

    public OrderStory WithoutTimer()
    {
        _documents[OrderKinds.Sagas.Key(Placed.OrderId)] = Saga with { Saga = Saga.Saga with { WakeAt = null } };
        return this;
    }

    public TReply Ask<TRequest, TReply>(
        TRequest request, Decide<Asked<TRequest, TReply>> decide, IEnumerable<DocumentKey>? keys = null)
        where TRequest : Request<TReply>
    {
        var trail = new Trail(new CorrelationId(NextId()), UserId: Buyer, Traceparent: "00-trace");
        var asked = new Asked<TRequest, TReply>(NextId(), Now, trail, request) { ProcessStartedAt = Morning };
        Apply(decide(Documents(keys), asked));
        return (TReply)Last.Reply!;
    }

    private void Tell<T>(T message) where T : IOrderMessage => Apply(_flow.Told(
        Documents(), new Incoming<T>(EnvelopeOf(message), message, Now) { ProcessStartedAt = Morning }));

    private Envelope EnvelopeOf<T>(T message) where T : IOrderMessage => new(
        new EventId(NextId()),
        ShopMessages.Catalog.NameOf<T>(),
        "v1",
        Now,
        "test",
        Placed.CorrelationId,
        CausationId: null,
        Placed.SagaId,
        Buyer,
        new("00-trace"),
        message);

    private void Apply(Decision decision)
    {
        foreach (var change in decision.Changes)
        {
            _documents[change.Key] = change.Key.Kind.Read(change.Key.Kind.Write(change.State));
        }

        foreach (var key in decision.Removals)
        {
            _documents.Remove(key);
        }

        foreach (var change in decision.Alerts)
        {
            var key = (change.Alert.Type, change.Alert.Subject);
            if (change.Resolution is null)
            {
                _alerts[key] = change.Alert;
            }
            else
            {
                _alerts.Remove(key);
            }
        }

        Last = decision;
    }

    public T? Document<T>(DocumentKind<T> kind, string id) where T : class =>
        (T?)_documents.GetValueOrDefault(kind.Key(id));

    /// <summary>All documents, or only those of the keys that a handler names.</summary>
    private Documents Documents(IEnumerable<DocumentKey>? keys = null) => Kernel.Documents.Of(
        from key in keys ?? _documents.Keys
        where _documents.ContainsKey(key)
        select new DocumentChange(key, _documents[key]));

    private T? Find<T>(DocumentKind<T> kind, DocumentKey key) where T : class =>
        kind == key.Kind ? (T?)_documents.GetValueOrDefault(key) : null;

    private Guid NextId() => DerivedId.From(new Guid("01960000-0000-7000-8000-000000000000"), ++_occasions);
}
