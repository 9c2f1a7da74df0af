using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping.Tests;

/// <summary>
/// One order's shipment and its carriers, driven the way the loop drives them: decisions are committed, messages
/// deduplicated, the wanted call started after each change, timers fired when due. Every state goes through its JSON.
/// </summary>
internal sealed class World
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);

    private static readonly DocumentKind<Shipment> Kind = ShippingKinds.Shipments;

    private readonly HashSet<EventId> _handled = [];
    private readonly Dictionary<EventId, IMessage> _sent = [];
    private int _ids;

    public ShippingOptions Options { get; init; } = new();

    public DateTimeOffset Now { get; set; } = Start;

    public OrderId Order { get; } = new(Guid.Parse("0195fe00-0000-7000-8000-000000000001"));

    public UserId User { get; } = new("user-1");

    public CarrierModel Cj { get; } = new("kr.cjlogistics", "61");

    public CarrierModel Hanjin { get; } = new("kr.hanjin", "42");

    public Shipment? Shipment { get; private set; }

    public List<OutgoingDraft> Sent { get; } = [];

    public List<AlertChange> Alerts { get; } = [];

    public List<Note> Notes { get; } = [];

    /// <summary>Told of each commit that changed the shipment: before and after.</summary>
    public Action<Shipment?, Shipment>? Committed { get; set; }

    public ShipmentStatus? Status => Shipment?.Status;

    public Effect? Wanted => Shipment is null ? null : Kind.Wanted(Shipment);

    public IReadOnlyList<string> SentTypes => [.. Sent.Select(m => m.Message.GetType().Name)];

    public CarrierModel Carrier(string id) => id == Cj.Id ? Cj : Hanjin;

    public T Last<T>() where T : IMessage => (T)Sent.Last(m => m.Message is T).Message;

    public IReadOnlyList<OutgoingDraft> All<T>() where T : IMessage => [.. Sent.Where(m => m.Message is T)];

    // Messages

    public PrepareRequested PrepareMessage(TimeSpan? within = null, string postalCode = "04524", int quantity = 2) =>
        new(
        Order,
        User,
        [new OrderItem(new("P-1001"), null, "머그컵", quantity, new(12_900), new("S-01"), WeightGrams: 500)],
        new("홍길동", "010-1234-5678", postalCode, "서울시 중구 세종대로 110", "3층"),
        "문 앞에 놓아 주세요",
        Now + (within ?? TimeSpan.FromSeconds(30)));

    public void Prepare() => Tell(PrepareMessage());

    public void Pay() => Tell(new PaymentCompleted(Order, PaymentId.Of(Order), "tx-1", new(25_800)));

    public void Commit() => Tell(new InventoryCommitted(Order, []));

    public void Cancel(bool byPerson = true, int retry = 0) =>
        Tell(new ShippingCancelRequested(Order, "고객 변심", byPerson, retry));

    public void Resolve() => Tell(new ShippingResolveRequested(Order, "택배사와 전화로 정리"));

    public AmendId NewAmend() => new(NewId());

    /// <summary>A partial cancel that leaves so many pieces in the parcel.</summary>
    public void Amend(AmendId amend, int remaining, TimeSpan? within = null) =>
        Tell(new ShippingAmendRequested(
            Order, amend, remaining == 0 ? [] : Lines(remaining), "색상 변경", Now + (within ?? TimeSpan.FromSeconds(30))));

    public void UndoAmend(AmendId amend, int pieces = 2) =>
        Tell(new ShippingAmendUndoRequested(Order, amend, Lines(pieces), "시간 초과"));

    public void SettleAmend(AmendId amend) => Tell(Settlement(amend));

    public OrderAmended Settlement(AmendId amend) => new(
        Order, "ORD-20260302-000001", User, amend, Lines(1), new(12_900), new(12_900), new(0), new(12_900), [], "r");

    public IReadOnlyList<OrderItem> Lines(int pieces) => PrepareMessage(quantity: pieces).Items;

    public ShippingAddress Address(string postalCode = "06236") =>
        new("김영희", "010-9876-5432", postalCode, "서울시 강남구 테헤란로 1");

    /// <summary>The owner, or somebody else, wants the parcel sent elsewhere.</summary>
    public ChangeAddressReply ChangeAddress(ShippingAddress? to = null, UserId? by = null)
    {
        var docs = Documents.Of(Shipment is null ? [] : [new DocumentChange(Kind.Key(ShipmentId.Of(Order)), Shipment)]);
        var decision = Readdressing.Decide(
            docs,
            new(NewId(), Now, new Trail(new(NewId())), new(ShipmentId.Of(Order), by ?? User, to ?? Address())),
            Options);
        Take(decision);
        return Assert.IsAssignableFrom<ChangeAddressReply>(decision.Reply);
    }

    public void OrderReturned() => Tell(new OrderReturned(Order, "ORD-20260302-000001", User, new(25_800), "returned"));

    public Envelope Tell(IMessage message)
    {
        var envelope = Enveloped(message);
        Deliver(envelope);
        return envelope;
    }

    public Envelope Enveloped(IMessage message) => new(
        new(NewId()), ShopMessages.Catalog.NameOf(message.GetType()), "v1", Now, "order-service",
        new(Order.Value), null, new(Order.Value), User, new(), message);

    /// <summary>Delivers a message; a second time it is dropped, as the loop does.</summary>
    public void Deliver(Envelope envelope)
    {
        if (_handled.Add(envelope.EventId))
        {
            Take(Decide(envelope));
        }
    }

    public Decision Decide(Envelope e)
    {
        var docs = Documents.Of(Shipment is null ? [] : [new DocumentChange(Kind.Key(ShipmentId.Of(Order)), Shipment)]);
        return e.Data switch
        {
            PrepareRequested m => Preparing.Decide(docs, new(e, m, Now), Options),
            PaymentCompleted m => Dispatching.Paid(docs, new(e, m, Now), Options),
            InventoryCommitted m => Dispatching.Committed(docs, new(e, m, Now), Options),
            ShippingCancelRequested m => Cancelling.Decide(docs, new(e, m, Now), Options),
            OrderReturned m => Returning.Completed(docs, new(e, m, Now), Options),
            ShippingAmendRequested m => Amending.Decide(docs, new(e, m, Now), Options),
            ShippingAmendUndoRequested m => Amending.Undo(docs, new(e, m, Now), Options),
            OrderAmended m => Amending.Settled(docs, new(e, m, Now), Options),
            ShippingResolveRequested m => ByHand.Decide(docs, new(e, m, Now), Options),
            _ => throw new InvalidOperationException(e.EventType),
        };
    }

    /// <summary>The tracker hints that the parcel moved.</summary>
    public CarrierReportReply Hint(string? trackingNumber = null)
    {
        var docs = Documents.Of(Shipment is null ? [] : [new DocumentChange(Kind.Key(ShipmentId.Of(Order)), Shipment)]);
        var decision = Tracking.Hinted(
            docs,
            new(NewId(), Now, new Trail(new(NewId())), new(
                ShipmentId.Of(Order), Shipment?.Waybill?.CarrierId ?? Cj.Id,
                trackingNumber ?? Shipment?.Waybill?.TrackingNumber ?? "6100000001")),
            Options);
        Take(decision);
        return Assert.IsType<CarrierReportReply>(decision.Reply);
    }

    // The carrier's side

    public CarrierReportReply Report(
        string status, string webhookId, string? trackingNumber = null, string? reference = null) =>
        Report(new CarrierReported(
            Shipment?.Waybill?.CarrierId ?? Cj.Id,
            trackingNumber ?? Shipment?.Waybill?.TrackingNumber ?? "6100000001",
            reference ?? ClientReference.Of(Order),
            status,
            Now,
            webhookId));

    public CarrierReportReply Report(CarrierReported report)
    {
        var docs = Documents.Of(Shipment is null ? [] : [new DocumentChange(Kind.Key(ShipmentId.Of(Order)), Shipment)]);
        var decision = CarrierReports.Decide(docs, new(NewId(), Now, new Trail(new(NewId())), report), Options);
        Take(decision);
        return Assert.IsType<CarrierReportReply>(decision.Reply);
    }

    /// <summary>The carrier does what is wanted and answers.</summary>
    public void Call()
    {
        var effect = Wanted ?? throw new InvalidOperationException($"Nothing is wanted: {Status}");
        Answer(effect, Carrier(effect.Gateway).Do(effect));
    }

    /// <summary>The carrier does what is wanted; the answer is lost on the way.</summary>
    public void CallButLoseTheAnswer()
    {
        var effect = Wanted ?? throw new InvalidOperationException($"Nothing is wanted: {Status}");
        Carrier(effect.Gateway).Do(effect);
        Answer(effect, new OutcomeUnknown("timeout"));
    }

    public void Answer(EffectResult result) =>
        Answer(Wanted ?? throw new InvalidOperationException("Nothing is wanted."), result);

    public void Answer(Effect effect, EffectResult result) => Take(CarrierAnswers.Decide(
        new(NewId(), Now, Shipment!.Trail, Kind.Key(ShipmentId.Of(Order)).Id, Shipment, effect, result), Options));

    // Time

    /// <summary>Lets time pass, firing the timer whenever it is due on the way.</summary>
    public void Pass(TimeSpan time)
    {
        var until = Now + time;
        for (var fired = 0; Shipment is not null && Kind.WakeAt(Shipment) is { } at && at <= until; fired++)
        {
            Assert.True(fired < 1_000, "The timer spins.");
            Now = at > Now ? at : Now;
            Wake();
        }

        Now = until;
    }

    public void Wake() => Take(Timers.Decide(
        new(NewId(), Now, Shipment!.Trail, Kind.Key(ShipmentId.Of(Order)).Id, Shipment), Options));

    /// <summary>
    /// Calls and waits until nothing is wanted and no timer is set nearer than the next question for news.
    /// </summary>
    public void Settle()
    {
        for (var step = 0; step < 500; step++)
        {
            if (Wanted is not null)
            {
                Call();
            }
            else if (Shipment is not null && Kind.WakeAt(Shipment) is { } at && at < Now + TimeSpan.FromHours(1))
            {
                Pass(at > Now ? at - Now : TimeSpan.Zero);
            }
            else
            {
                return;
            }
        }

        Assert.Fail($"Does not settle: {Shipment!.Status} {Shipment.Call}");
    }

    private void Take(Decision decision)
    {
        Notes.AddRange(decision.Notes);
        Alerts.AddRange(decision.Alerts);
        foreach (var sent in decision.Messages)
        {
            // The same id always means the same message; only a reply that is given again may share one.
            Assert.Equal(sent.Again, _sent.ContainsKey(sent.EventId));
            if (_sent.TryGetValue(sent.EventId, out var first))
            {
                Assert.Equal(first, sent.Message);
            }

            _sent[sent.EventId] = sent.Message;
            Sent.Add(sent);
        }

        Assert.InRange(decision.Changes.Count, 0, 1);
        foreach (var change in decision.Changes)
        {
            var before = Shipment;
            Shipment = (Shipment)Kind.Read(Kind.Write(change.State));
            Committed?.Invoke(before, Shipment);
        }
    }

    private Guid NewId() => DerivedId.From(Order.Value, ++_ids);
}
