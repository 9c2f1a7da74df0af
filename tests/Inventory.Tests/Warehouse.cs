using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Inventory.Tests;

/// <summary>
/// Inventory in memory: it names and loads documents, decides, and writes, one occasion after another, as the kernel's
/// loop does in a batch. Stories are told to it, and what it sent is read from it. The stock invariants are checked
/// after every step, whatever the story.
/// </summary>
internal sealed class Warehouse
{
    private static readonly Guid Source = new("01980000-0000-7000-8000-000000000001");

    private readonly Dictionary<DocumentKey, object> _documents = [];
    private readonly HashSet<(DocumentKey Own, EventId EventId)> _handled = [];
    private readonly StockInvariants _invariants;
    private int _ids;

    public Warehouse() => _invariants = new StockInvariants(this);

    public InventoryOptions Options { get; init; } = new();

    public DateTimeOffset Now { get; set; } = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Everything that was sent, in order.</summary>
    public List<OutgoingDraft> Sent { get; } = [];

    public List<Note> Notes { get; } = [];

    public List<AuditEntry> Audits { get; } = [];

    public List<AlertChange> Alerts { get; } = [];

    public IEnumerable<StockItem> Items => _documents.Values.OfType<StockItem>();

    public IEnumerable<Reservation> Reservations => _documents.Values.OfType<Reservation>();

    public IEnumerable<StockLedgerRow> Ledger => _documents.Values.OfType<StockLedgerRow>();

    public Guid NextId() => DerivedId.From(Source, ++_ids);

    public OrderId NewOrder() => new(NextId());

    public StockItem Item(string product, string? variant = null) =>
        (StockItem)_documents[InventoryKinds.StockItems.Key(StockItem.KeyOf(new(product), Variant(variant)))];

    public Reservation? Reservation(OrderId order) =>
        (Reservation?)_documents.GetValueOrDefault(InventoryKinds.Reservations.Key(order));

    /// <summary>The messages of one type that were sent, repeated ones included.</summary>
    public IReadOnlyList<T> SentOf<T>() where T : IMessage => [.. Sent.Select(m => m.Message).OfType<T>()];

    public Decision Reserve(OrderId order, params StockLine[] lines) =>
        Receive(new ReserveRequested(order, lines, Now + TimeSpan.FromSeconds(30)));

    public Decision Release(OrderId order, bool restock = true) => Receive(new ReleaseRequested(order, "test", restock));

    public Decision Pay(OrderId order) =>
        Receive(new PaymentCompleted(order, PaymentId.Of(order), "tx", new Money(1000)));

    public Decision ExtendTo(OrderId order, DateTimeOffset until) => Receive(new ExtendRequested(order, until));

    public Decision ReleaseLines(OrderId order, AmendId amend, params StockLine[] lines) =>
        Receive(new ReleaseLinesRequested(order, amend, lines, "test"));

    public AmendId NewAmend() => new(NextId());

    /// <summary>Receives a message, under a new id unless one is given; the same id is taken in once.</summary>
    public Decision Receive(IOrderMessage message, EventId? eventId = null)
    {
        var id = eventId ?? new EventId(NextId());
        return message switch
        {
            ReserveRequested m => Handle(
                m, id, (d, o) => Inventory.Reserve.Decide(d, o, Options), also: Inventory.Reserve.StockNamed),
            ReleaseRequested m => Handle(m, id, Inventory.Release.Decide, then: InventoryKinds.StockOfReservation),
            ReleaseLinesRequested m => Handle(
                m, id, Inventory.ReleaseLines.Decide, then: InventoryKinds.StockOfReservation),
            PaymentCompleted m => Handle(m, id, Commit.Decide, then: InventoryKinds.StockOfReservation),
            ExtendRequested m => Handle(m, id, (d, o) => Extend.Decide(d, o, Options)),
            _ => throw new ArgumentException($"{message.GetType().Name} is not for Inventory.", nameof(message)),
        };
    }

    /// <summary>Fires the reservation's timer, whether it is due or not.</summary>
    public Decision Fire(OrderId order)
    {
        var key = InventoryKinds.Reservations.Key(order);
        var state = (Reservation)_documents[key];
        var due = new Due<Reservation>(NextId(), Now, state.Trail, key.Id, state);
        return Take(Expire.Decide(new NamedDocuments(_documents, [key, .. state.StockKeys]), due));
    }

    /// <summary>Fires every timer that is due.</summary>
    public void FireDue()
    {
        var due = Reservations.Where(r => InventoryKinds.Reservations.WakeAt(r) <= Now).Select(r => r.OrderId).ToList();
        foreach (var order in due)
        {
            Fire(order);
        }
    }

    public AdjustStockReply Adjust(string product, int delta, string reason = "counted", string? variant = null, string? seller = null)
    {
        var by = seller is null ? (SellerId?)null : new SellerId(seller);
        var request = new AdjustStock(new(product), Variant(variant), delta, reason, by);
        var documents = new NamedDocuments(_documents, Inventory.Adjust.StockNamed(request));
        var decision = Inventory.Adjust.Decide(documents, Ask<AdjustStock, AdjustStockReply>(request), Options);
        return (AdjustStockReply)Take(decision).Reply!;
    }

    public SeedStockReply Seed(params SeedItem[] items)
    {
        var request = new SeedStock(items);
        var documents = new NamedDocuments(_documents, Inventory.Seed.StockNamed(request));
        var decision = Inventory.Seed.Decide(documents, Ask<SeedStock, SeedStockReply>(request), Options);
        return (SeedStockReply)Take(decision).Reply!;
    }

    public Warehouse With(string product, int quantity, int threshold = 0, string? variant = null)
    {
        Seed(new SeedItem(new(product), Variant(variant), quantity, threshold));
        return this;
    }

    public (int OnHand, int Reserved) Units(string product, string? variant = null) =>
        (Item(product, variant).OnHand, Item(product, variant).Reserved);

    public static ReservedLine Claimed(string product, int quantity, string? variant = null) =>
        new(new(product), Variant(variant), quantity);

    public static StockLine Line(string product, int quantity, string? variant = null) =>
        new(new(product), Variant(variant), quantity);

    private static VariantId? Variant(string? variant) => variant is null ? null : new VariantId(variant);

    private Asked<TRequest, TReply> Ask<TRequest, TReply>(TRequest request) where TRequest : Request<TReply> =>
        new(NextId(), Now, new Trail(new CorrelationId(Source), UserId: new UserId("operator-1")), request);

    private Decision Handle<T>(
        T message,
        EventId eventId,
        Decide<Incoming<T>> decide,
        Func<Incoming<T>, IEnumerable<DocumentKey>>? also = null,
        KeysFrom<Incoming<T>>? then = null) where T : IOrderMessage
    {
        var envelope = new Envelope(
            eventId, ShopMessages.Catalog.NameOf<T>(), "v1", Now, "test", new CorrelationId(message.OrderId.Value),
            null, null, new UserId("customer-1"), new MessageMetadata(), message);
        var m = new Incoming<T>(envelope, message, Now);
        var own = InventoryKinds.ReservationOf(m);
        if (!_handled.Add((own, eventId)))
        {
            return Decision.On(m);
        }

        var documents = new NamedDocuments(_documents, [own, .. also?.Invoke(m) ?? []]);
        documents.Name(then?.Invoke(documents, m) ?? []);
        return Take(decide(documents, m));
    }

    private Decision Take(Decision decision)
    {
        foreach (var change in decision.Changes)
        {
            // What is written must be readable again: the next decider sees it as the store would give it.
            var kind = change.Key.Kind;
            var stored = kind.Read(kind.Write(change.State));
            var isLedger = kind == InventoryKinds.StockLedger;
            Assert.False(isLedger && _documents.ContainsKey(change.Key), "A ledger row was written over.");
            _documents[change.Key] = stored;
        }

        Sent.AddRange(decision.Messages);
        Notes.AddRange(decision.Notes);
        Audits.AddRange(decision.Audits);
        Alerts.AddRange(decision.Alerts);
        _invariants.Check();
        return decision;
    }
}
