using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Shipping;
using PgUnknown = DoaMarket.Payments.OutcomeUnknown;
using CarrierUnknown = DoaMarket.Shipping.OutcomeUnknown;
using ShipmentStatus = DoaMarket.Shipping.ShipmentStatus;

namespace DoaMarket.Simulation.Tests;

/// <summary>
/// Bugs that people really make, one line each, planted where a service meets its store, its queues or the outside. They
/// live here alone: what is released has no switch to turn them on.
/// </summary>
internal static class PlantedBugs
{
    public static IReadOnlyDictionary<string, Planted> All { get; } = new Dictionary<string, Planted>(StringComparer.Ordinal)
    {
        // Queues
        ["acknowledges before the commit"] = new() { AcknowledgesFirst = true },
        ["acknowledges what has failed"] = Settling(s => s is Settlement.Retry ? new Settlement.Done(s.Delivery) : s),
        ["drops what should be a dead letter"] = Settling(s => s is Settlement.Dead ? new Settlement.Done(s.Delivery) : s),
        ["forgets what a document has taken in"] = new() { Loads = d => d with { Handled = [] } },

        // Store
        ["writes whatever version there is"] = new() { IgnoresVersions = true },
        ["writes the state and loses its message"] = Sending(m => m.Where(x => x.Envelope.Data is not InventoryReserved)),
        ["sends the message and loses its state"] = new() { Commits = c => Tells<PaymentCompleted>(c) ? Without<Payment>(c) : c },
        ["loses payment.completed"] = Sending(m => m.Where(x => x.Envelope.Data is not PaymentCompleted)),
        ["loses the saga's timers"] = Timerless<OrderSaga>(),
        ["loses the payments' timers"] = Timerless<Payment>(),
        ["loses the shipments' timers"] = Timerless<Shipment>(),
        ["forgets what caused a message"] = Sending(m => m.Select(x => x with { Envelope = x.Envelope with { CausationId = null } })),
        ["answers again under a new id"] = Sending(m => m.Select(x => x.Again ? Renamed(x, "again") : x)),

        // Orders
        ["does not wait for the refund before it releases"] = new() { Commits = ReleasesAtOnce },
        ["says cancelled when it begins to cancel"] = new() { Commits = SaysCancelledAtOnce },
        ["forgets the Idempotency-Key"] = new() { Commits = Without<IdempotencyRecord> },
        ["gives an order number twice"] = new() { Commits = Without<OrderNumbers> },

        // Inventory
        ["releases without a tombstone"] =
            new() { Commits = c => Without<Reservation>(c, r => r.Status == ReservationStatus.Tombstone) },
        ["forgets what is held"] =
            new() { Loads = d => d.State is StockItem item ? d with { State = item with { Reserved = 0 } } : d },
        ["takes an ended hold for a held one"] = new()
        {
            Loads = d => d.State is Reservation
            {
                Status: ReservationStatus.Expired or ReservationStatus.Released,
            } r ? d with { State = r with { Status = ReservationStatus.Held } } : d
        },
        ["writes no ledger row of a release"] =
            new() { Commits = c => Without<StockLedgerRow>(c, r => r.Reason == StockReason.Released) },
        ["writes no ledger row of a restock"] =
            new() { Commits = c => Without<StockLedgerRow>(c, r => r.Reason == StockReason.Restocked) },
        ["leaves a paid reservation held"] = Writing<Reservation>(
            r => r.Status == ReservationStatus.Committed, r => r with { Status = ReservationStatus.Held }),

        // Payments
        ["takes a PG timeout for a failure"] = new()
        {
            Understands = (e, r) =>
            e is ChargeCard && r is PgUnknown ? new ChargeDeclined("TIMEOUT", "no answer") : r
        },
        ["charges under a new key each time"] = new()
        {
            Calls = e =>
            e is ChargeCard c ? c with { IdempotencyKey = $"{c.IdempotencyKey}/{c.Key}" } : e
        },
        ["refunds a little less"] = new()
        {
            Calls = e =>
            e is CancelPayment c ? c with { Amount = c.Amount - new Money(100) } : e
        },
        ["believes the PG that it knows nothing"] = new()
        {
            Understands = (e, r) =>
            e is QueryPayment && r is PaymentFound { Status: PgStatus.Captured } ? new PaymentNotFound("NOT_FOUND") : r
        },
        ["writes no ledger row of a refund"] =
            new() { Commits = c => Without<PaymentLedgerRow>(c, r => r.Reason == LedgerReason.Refunded) },
        ["raises no alert for a failed refund"] = new()
        {
            Commits = c =>
            Without<AlertState>(c, a => a.Alert.Type == PaymentKinds.RefundFailedAlert)
        },

        // Shipping
        ["takes a carrier's timeout for no call"] = new()
        {
            Understands = (e, r) =>
            e is RegisterParcel && r is CarrierUnknown ? new NotAttempted(TimeSpan.FromSeconds(1), "no answer") : r
        },
        ["moves a parcel backwards"] = Writing<Shipment>(
            s => s.Status == ShipmentStatus.Delivered, s => s with { Status = ShipmentStatus.InTransit }),
        ["ships what is not paid"] = Writing<Shipment>(
            s => s.Status == ShipmentStatus.Prepared, s => s with { Status = ShipmentStatus.Dispatching }),

        // Notifications
        ["tells a customer twice"] = new() { Commits = TellsTwice },
    };

    private static Planted Settling(Func<Settlement, Settlement> settle) =>
        new() { Commits = c => c with { Settlements = [.. c.Settlements.Select(settle)] } };

    private static Planted Sending(Func<IEnumerable<OutgoingMessage>, IEnumerable<OutgoingMessage>> send) =>
        new() { Commits = c => c with { Messages = [.. send(c.Messages)] } };

    private static Planted Timerless<T>() => new()
    {
        Commits = c => c with
        {
            Documents = [.. c.Documents.Select(d => d.State is T ? d with { WakeAt = null, DueAt = null } : d)],
        },
    };

    private static Planted Writing<T>(Func<T, bool> which, Func<T, T> change) where T : class => new()
    {
        Commits = c => c with { Documents = [.. c.Documents.Select(d => d.State is T t && which(t) ? With(d, change(t)) : d)] },
    };

    private static DocumentWrite With(DocumentWrite write, object state) =>
        write with { State = state, Body = write.Key.Kind.Write(state) };

    private static UnitCommit Without<T>(UnitCommit c) => Without<T>(c, _ => true);

    private static UnitCommit Without<T>(UnitCommit c, Func<T, bool> which) =>
        c with { Documents = [.. c.Documents.Where(d => d.State is not T t || !which(t))] };

    private static bool Tells<T>(UnitCommit c) => c.Messages.Any(m => m.Envelope.Data is T);

    private static OutgoingMessage Renamed(OutgoingMessage m, string purpose) => m with
    {
        Envelope = m.Envelope with { EventId = new(DerivedId.From(m.Envelope.EventId.Value, purpose)) },
        Again = false,
    };

    private static UnitCommit ReleasesAtOnce(UnitCommit c) => With(
        c, m => m.Envelope.Data is RefundRequested r ? new ReleaseRequested(r.OrderId, r.Reason) : null);

    private static UnitCommit SaysCancelledAtOnce(UnitCommit c)
    {
        var orders = c.Documents.Select(d => d.State).OfType<OrderSaga>().ToDictionary(s => s.OrderId);
        return With(c, m => m.Envelope.Data is OrderCancelling x && orders.TryGetValue(x.OrderId, out var saga)
            ? new OrderCancelled(x.OrderId, "", saga.UserId, Money.Zero, "at once", "customer")
            : null);
    }

    private static UnitCommit With(UnitCommit c, Func<OutgoingMessage, IMessage?> more) => c with
    {
        Messages =
        [
            .. c.Messages.SelectMany(m => more(m) is { } message
                ? new[] { m, Sent(Renamed(m, "more"), message) }
                : [m]),
        ],
    };

    private static OutgoingMessage Sent(OutgoingMessage like, IMessage message)
    {
        var type = ShopMessages.Catalog.Of(message);
        return like with
        {
            Envelope = like.Envelope with { EventType = type.WireName, Data = message },
            Body = ShopMessages.Catalog.Write(message),
            PersonalBody = null,
            Queues = ShopTopology.Topology.Route(type.WireName),
        };
    }

    private static UnitCommit TellsTwice(UnitCommit c) => c with
    {
        Documents =
        [
            .. c.Documents.SelectMany(d => d is { State: Notification, ExpectedVersion: 0 }
                ? new[] { d, d with { Key = new(d.Key.Kind, DerivedId.From(Guid.Parse(d.Key.Id), "twice").ToString("D")) } }
                : [d]),
        ],
    };
}
