using System.Text;
using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Shipping;

namespace DoaMarket.Audit.Tests;

/// <summary>
/// A shop as a snapshot shows it, painted by hand. What documents have taken in follows from the messages and the routes, so
/// that a story need not say it.
/// </summary>
internal sealed class Picture : IStoreSnapshot
{
    public static readonly DateTimeOffset Noon = new(2026, 4, 1, 3, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<(string Table, string Key), (DocumentKind Kind, object State)> _documents = [];

    public Picture() => Figures = new(this);

    /// <summary>The statistics; they follow from the journal.</summary>
    public PaintedFigures Figures { get; }

    public List<JournalEntry> Journal { get; } = [];

    public List<OraclePayment> PgBooks { get; } = [];

    public List<OracleParcel> CarrierBooks { get; } = [];

    public List<OracleMessage> MessageBooks { get; } = [];

    /// <summary>Channels on which a message was never decided.</summary>
    public List<(EventId EventId, string Channel)> NeverDecided { get; } = [];

    public List<(string Queue, EventId EventId)> Waiting { get; } = [];

    public List<DeadLetter> Dead { get; } = [];

    public List<OrderId> Promised { get; } = [];

    /// <summary>Messages that a service never took in.</summary>
    public List<(string Service, EventId EventId)> NeverTakenIn { get; } = [];

    /// <summary>Messages that were taken in twice.</summary>
    public List<EventId> TakenInTwice { get; } = [];

    /// <summary>Documents whose timer column is empty, whatever their state wants.</summary>
    public List<string> WithoutTimer { get; } = [];

    public void Put<T>(DocumentKind<T> kind, string key, T state) where T : class => _documents[(kind.Table, key)] = (kind, state);

    public T Get<T>(DocumentKind<T> kind, string key) where T : class => (T)_documents[(kind.Table, key)].State;

    public void Remove(DocumentKind kind, string key) => Assert.True(_documents.Remove((kind.Table, key)));

    public void Change<T>(DocumentKind<T> kind, string key, Func<T, T> change) where T : class => Put(kind, key, change(Get(kind, key)));

    public void Change<T>(DocumentKind<T> kind, OrderId key, Func<T, T> change) where T : class => Change(kind, key.ToString(), change);

    /// <summary>Replaces the one message of this type about the order.</summary>
    public void Replace(OrderId order, string type, Func<JournalEntry, JournalEntry> change)
    {
        var i = Journal.FindIndex(m => m.EventType == type && m.Subject == order.ToString());
        Journal[i] = change(Journal[i]);
        Journal.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
    }

    public JournalEntry Message(OrderId order, string type) =>
        Journal.Single(m => m.EventType == type && m.Subject == order.ToString());

    /// <summary>Sends a message; it is caused by the order's newest one unless it begins something.</summary>
    public Sent Tell(IMessage message, bool begins = false)
    {
        var (n, type) = (Journal.Count + 1, ShopMessages.Catalog.Of(message).WireName);
        var id = new EventId(DerivedId.From(new Guid("019d0000-0000-7000-8000-000000000000"), n));
        var cause = begins ? null : Journal.LastOrDefault(m => m.Subject == message.Subject)?.EventId;
        Journal.Add(new(
            10 * n, id, type, "v1", Noon.AddSeconds(15 * n), SourceOf(type), new(id.Value), cause, null, null, message.Subject, null,
            Encoding.UTF8.GetString(ShopMessages.Catalog.Write(message))));
        return new(id, Journal[^1].Timestamp);
    }

    public AuditReport Audit(bool quiescent = true) =>
        ShopAudit.Run(this, PgBooks, CarrierBooks, quiescent, Noon.AddHours(2), Promised, messageBooks: MessageBooks);

    public IEnumerable<StoredDocument> Scan(DocumentKind kind) =>
        from document in (kind == NotificationKinds.Notifications ? _documents.Concat(Skipped()) : _documents)
            .Select(d => (d.Value.Kind, d.Key.Key, d.Value.State)).Concat(Figures.Documents())
        where document.Kind.Table == kind.Table
        let state = document.State
        let wakeAt = WithoutTimer.Contains(document.Key) ? null : document.Kind.WakeAt(state)
        select new StoredDocument(new(kind, document.Key), 1, state, wakeAt, wakeAt, [.. Handled(kind, state)], 0);

    public IEnumerable<JournalEntry> Messages() => Journal;

    public IEnumerable<(string Queue, EventId EventId)> Pending() => Waiting;

    public IEnumerable<OutboxRow> Outbox() => [];

    public IEnumerable<DeadLetter> DeadLetters() => Dead;

    public ValueTask DisposeAsync() => default;

    /// <summary>A customer who wants nothing: every message of the table that no story tells of is skipped.</summary>
    private IEnumerable<KeyValuePair<(string Table, string Key), (DocumentKind Kind, object State)>> Skipped()
    {
        var kind = NotificationKinds.Notifications;
        return
            from message in Journal
            where ShopTopology.Topology.Route(message.EventType).Any(q => q.Service == ShopTopology.Notifications)
                && message.EventType != "payment.completed"
            from channel in Channels.All
            let id = Notification.IdOf(message.EventId, channel, Stories.User)
            where !_documents.ContainsKey((kind.Table, id.ToString())) && !NeverDecided.Contains((message.EventId, channel))
            select KeyValuePair.Create((kind.Table, id.ToString()), ((DocumentKind)kind, (object)new Notification(
                id, new(Guid.Parse(message.Subject!)), Stories.User, "any", channel, "ko", null, null, NotificationStatus.Skipped,
                IsCalling: false, 0, 0, Noon, null, null, "off", new Trail(new(Guid.Empty), CausationId: message.EventId))));
    }

    private IEnumerable<Guid> Handled(DocumentKind kind, object state)
    {
        OrderId? order = state switch
        {
            OrderSaga s => s.OrderId,
            AmendSaga a => a.Amend.OrderId,
            Reservation r => r.OrderId,
            Payment p => p.OrderId,
            Shipment s => s.OrderId,
            OrderNotice n => n.OrderId,
            Stats.OrderBook b => b.OrderId,
            _ => null,
        };
        return order is null ? [] : Journal
            .Where(m => m.Subject == order.ToString() && ShopTopology.Topology.Route(m.EventType).Any(q => q.Service == kind.Service))
            .Where(m => !NeverTakenIn.Contains((kind.Service, m.EventId)))
            .SelectMany(m => Enumerable.Repeat(m.EventId.Value, TakenInTwice.Contains(m.EventId) ? 2 : 1));
    }

    private static string SourceOf(string type) => type.Split('.')[0] switch
    {
        _ when ShopTopology.Topology.Rules.FirstOrDefault(r => r.EventType == type) is { } rule => rule.Source,
        "inventory" => "inventory-service",
        "payment" or "alert" => "payment-service",
        "shipping" or "return" => "shipping-service",
        "notification" => "notification-service",
        _ => "order-service",
    };
}
