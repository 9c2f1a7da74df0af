using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Shipping;
using DoaMarket.Stats;

namespace DoaMarket.Audit;

/// <summary>The whole shop, read once from one snapshot and sorted by order.</summary>
internal sealed class ShopRecords
{
    private readonly Dictionary<Guid, OrderFile> _orders = [];
    private readonly ToldReader _reader = new();

    private ShopRecords()
    {
    }

    public IReadOnlyCollection<OrderFile> Orders => _orders.Values;

    public List<(string Key, StockItem Item)> Stock { get; } = [];

    public List<StockLedgerRow> StockLedger { get; } = [];

    public List<(string Key, AlertState Alert)> Alerts { get; } = [];

    public List<(string Key, IdempotencyRecord Record)> IdempotencyKeys { get; } = [];

    public List<OrderNumbers> Numbers { get; } = [];

    public List<(string Key, Notification Notification)> Notifications { get; } = [];

    public StatsBooks StatsBooks { get; private set; } = StatsBooks.First;

    public List<DayFigures> StatsDays { get; } = [];

    public List<ProductDay> StatsProducts { get; } = [];

    /// <summary>Messages about no order.</summary>
    public List<Told> OtherTold { get; } = [];

    /// <summary>Every message's id.</summary>
    public HashSet<Guid> MessageIds { get; } = [];

    public HashSet<(string Queue, Guid EventId)> Pending { get; } = [];

    public List<DeadLetter> DeadLetters { get; } = [];

    /// <summary>Documents that have taken an event in twice, in words.</summary>
    public List<string> HandledTwice { get; } = [];

    public IReadOnlyList<string> Unreadable => _reader.Unreadable;

    public long Documents { get; private set; }

    /// <summary>When the newest message was sent, in Unix milliseconds.</summary>
    public long NewestMs { get; private set; }

    public static ShopRecords Of(IStoreSnapshot snapshot)
    {
        var shop = new ShopRecords();
        shop.ReadOrders(snapshot);
        shop.ReadInventory(snapshot);
        shop.ReadPaymentsAndShipping(snapshot);
        shop.ReadNotifications(snapshot);
        shop.ReadStats(snapshot);
        foreach (var queue in ShopTopology.Topology.Queues.Where(q => q.Service != ShopTopology.Journal))
        {
            shop.Each<AlertState>(snapshot, KernelKinds.Alerts(queue.Service), a => shop.Alerts.Add((a.Key, a.State)));
        }

        shop.ReadMessages(snapshot);
        return shop;
    }

    public OrderFile Of(OrderId id) => Of(id.Value);

    public OrderFile? Find(OrderId id) => _orders.GetValueOrDefault(id.Value);

    /// <summary>Whether exactly this alert is open.</summary>
    public bool IsOpen(string type, string subject) => OpenAlerts(type, subject) == 1;

    /// <summary>Whether a person is called to wake a document, whose timer has failed too often.</summary>
    public bool IsParked(DocumentKey key) => IsOpen(KernelKinds.ParkedAlert, key.ToString());

    public int OpenAlerts(string type, string subject) =>
        _openAlerts.GetValueOrDefault(KernelKinds.AlertKey(type, subject));

    private readonly Dictionary<string, int> _openAlerts = new(StringComparer.Ordinal);

    private OrderFile Of(Guid id)
    {
        if (!_orders.TryGetValue(id, out var file))
        {
            _orders.Add(id, file = new OrderFile(new OrderId(id)));
        }

        return file;
    }

    private void ReadOrders(IStoreSnapshot snapshot)
    {
        Each<Order>(snapshot, OrderKinds.Orders, o => Of(o.State.OrderId).Placed = Placed.Of(o.State));
        Each<SellerOrder>(
            snapshot, OrderKinds.SellerOrders, s => Of(s.State.OrderId).SubOrders.Add(s.State.SubOrderNumber));
        Each<AmendSaga>(snapshot, OrderKinds.Amends, a => Of(a.State.Amend.OrderId).Amends.Add(a));
        Each<OrderSaga>(snapshot, OrderKinds.Sagas, s => Of(s.State.OrderId).Saga = s);
        Each<IdempotencyRecord>(snapshot, OrderKinds.IdempotencyKeys, r => IdempotencyKeys.Add((r.Key, r.State)));
        Each<OrderNumbers>(snapshot, OrderKinds.Numbers, n => Numbers.Add(n.State));
    }

    private void ReadInventory(IStoreSnapshot snapshot)
    {
        Each<StockItem>(snapshot, InventoryKinds.StockItems, i => Stock.Add((i.Key, i.State)));
        Each<Reservation>(snapshot, InventoryKinds.Reservations, r => Of(r.State.OrderId).Reservation = r);
        Each<StockLedgerRow>(snapshot, InventoryKinds.StockLedger, row =>
        {
            StockLedger.Add(row.State);
            if (row.State.OrderId is { } order)
            {
                Of(order).StockRows.Add(row.State);
            }
        });
    }

    private void ReadPaymentsAndShipping(IStoreSnapshot snapshot)
    {
        Each<Payment>(snapshot, PaymentKinds.Payments, p => Of(p.State.OrderId).Payment = p);
        Each<PaymentLedgerRow>(snapshot, PaymentKinds.Ledger, row => Of(row.State.OrderId).MoneyRows.Add(row.State));
        Each<Shipment>(snapshot, ShippingKinds.Shipments, s =>
            Of(s.State.OrderId).Shipment = s with { State = s.State with { History = [] } });
    }

    private void ReadNotifications(IStoreSnapshot snapshot)
    {
        Each<OrderNotice>(snapshot, NotificationKinds.OrderNotices, n => Of(n.State.OrderId).Notice = n);
        Each<Notification>(snapshot, NotificationKinds.Notifications, n =>
        {
            Notifications.Add((n.Key, n.State));
            var order = Of(n.State.OrderId);
            order.MailsSent += n.State.Status == NotificationStatus.Sent ? 1 : 0;
            order.MailsFailed += n.State.Status == NotificationStatus.Failed ? 1 : 0;
        });
    }

    private void ReadStats(IStoreSnapshot snapshot)
    {
        Each<StatsBooks>(snapshot, StatsKinds.Books, b => StatsBooks = b.State);
        Each<OrderBook>(snapshot, StatsKinds.Orders, o => Of(o.State.OrderId).Stats = o);
        Each<DayFigures>(snapshot, StatsKinds.Days, d => StatsDays.Add(d.State));
        Each<ProductDay>(snapshot, StatsKinds.Products, p => StatsProducts.Add(p.State));
    }

    private void ReadMessages(IStoreSnapshot snapshot)
    {
        foreach (var (_, alert) in Alerts.Where(a => a.Alert.IsOpen))
        {
            var key = KernelKinds.AlertKey(alert.Alert.Type, alert.Alert.Subject);
            _openAlerts[key] = _openAlerts.GetValueOrDefault(key) + 1;
        }

        foreach (var entry in snapshot.Messages())
        {
            Take(entry);
        }

        ReadOutbox(snapshot);
        Pending.UnionWith(snapshot.Pending().Select(p => (p.Queue, p.EventId.Value)));
        DeadLetters.AddRange(snapshot.DeadLetters());
    }

    // What is committed and on its way to the broker waits for all its receivers, the journal among them.
    private void ReadOutbox(IStoreSnapshot snapshot)
    {
        foreach (var row in snapshot.Outbox())
        {
            var message = row.Message;
            if (row.To is { } queue)
            {
                Pending.Add((queue, message.EventId.Value));
                continue;
            }

            Pending.UnionWith(
                ShopTopology.Topology.Route(message.EventType).Select(q => (q.Queue, message.EventId.Value)));
            if (!MessageIds.Contains(message.EventId.Value))
            {
                Take(message.ToJournal());
            }
        }
    }

    private void Take(JournalEntry entry)
    {
        var told = _reader.Read(entry);
        MessageIds.Add(told.Id);
        NewestMs = Math.Max(NewestMs, told.SentAtMs);
        (Guid.TryParse(entry.Subject, out var order) ? Of(order).Told : OtherTold).Add(told);
    }

    private void Each<T>(IStoreSnapshot snapshot, DocumentKind kind, Action<Kept<T>> take) where T : class
    {
        foreach (var document in snapshot.Scan(kind))
        {
            Documents++;
            foreach (var twice in document.Handled.GroupBy(id => id).Where(g => g.Skip(1).Any()))
            {
                HandledTwice.Add($"{document.Key}: has taken in {twice.Key} {twice.Count()} times");
            }

            take(new(document.Key.Id, (T)document.State, document.WakeAt, document.Handled));
        }
    }
}
