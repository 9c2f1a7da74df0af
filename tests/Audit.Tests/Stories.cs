using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Sagas;
using DoaMarket.Shipping;
using static DoaMarket.Sagas.StepStatus;
using PaymentStatus = DoaMarket.Payments.PaymentStatus;
using ShipmentStatus = DoaMarket.Shipping.ShipmentStatus;

namespace DoaMarket.Audit.Tests;

/// <summary>Five orders, each with another end, as the services would have left them.</summary>
internal static partial class Stories
{
    public static readonly OrderId Delivered = Id(1), Cancelled = Id(2), PaidLate = Id(3), RefundRefused = Id(4), Returned = Id(5);

    public const string Item = "P-1";
    private const string Day = "20260401";
    private static readonly ProductId Product = new(Item);
    internal static readonly UserId User = new("user-1");
    private static readonly Money Total = new(12_900), ItemsTotal = new(9_900), Fee = new(3_000);
    private static readonly OrderItem[] Items = [new(Product, null, "사과", 2, new(4_950), new("S-01"), 300)];
    private static readonly ReservedLine[] Lines = [new(Product, null, 2)];
    private static readonly ShippingAddress Address = new("홍길동", "010-1234-5678", "04524", "서울시 중구 1");
    private static readonly PaymentMethod Card = new("billing", "bk_ok");
    private static readonly Trail Trail = new(new(Guid.Empty));

    /// <summary>The healthy shop.</summary>
    public static Picture Shop()
    {
        var p = new Picture();
        p.Put(InventoryKinds.StockLedger, "first", new(Product, null, StockReason.Received, 20, 0, null, Picture.Noon));
        Deliver(p);
        Cancel(p);
        PayLate(p);
        RefuseRefund(p);
        Return(p);

        // 20 received, 4 of which are sold: to Delivered and to RefundRefused.
        p.Put(InventoryKinds.StockItems, Item, new(Product, null, OnHand: 16, Reserved: 0, LowStockThreshold: 2));
        p.Put(OrderKinds.Numbers, Day, new(Day, 5));
        return p;
    }

    /// <summary>An order that has just been placed and is being reserved.</summary>
    public static OrderId Begin(Picture p)
    {
        var id = Id(6);
        Place(p, id);
        p.Tell(new ReserveRequested(id, [], Picture.Noon));
        Saga(p, id, SagaStatus.InProgress, OrderFlow.ReserveInventory, Completed, InProgress, Pending, Pending, Pending);
        p.Change(OrderKinds.Numbers, Day, n => n.Next());
        return id;
    }

    public static PaymentId PaymentOf(OrderId id) => PaymentId.Of(id);

    public static string ShipmentOf(OrderId id) => ShipmentId.Of(id).ToString();

    /// <summary>Opens an alert, as the service that raises it does.</summary>
    public static void Alert(Picture p, string service, string type, string subject, OrderId id)
    {
        p.Tell(new AlertRaised(type, AlertSeverity.P1, subject, "text", id.ToString()));
        p.Put(
            KernelKinds.Alerts(service), KernelKinds.AlertKey(type, subject),
            new(new(type, AlertSeverity.P1, subject, "text", id.ToString()), service, Picture.Noon, null, null, 1, null));
    }

    /// <summary>Says that one of the delivered order's two apples was cancelled in time.</summary>
    public static OrderAmended Amended() => new(
        Delivered, NumberOf(Delivered), User, new(DerivedId.From(Delivered.Value, "amend")), [Items[0] with { Quantity = 1 }],
        new(4_950), new(4_950), new(3_000), new(7_950), [], "one is enough");

    private static OrderId Id(int n) => new(DerivedId.From(new Guid("019d0000-0000-7000-8000-00000000000a"), n));

    private static void Deliver(Picture p)
    {
        var id = Delivered;
        var paid = Pay(p, id);
        var prepared = Prepare(p, id);
        p.Tell(new SendRequested(id, User, "order_confirmed", NumberOf(id), Total));
        p.Tell(new OrderCompleted(id, NumberOf(id), Total));
        Mail(p, id);
        Dispatch(p, id);
        p.Tell(new ShippingInTransit(id, User, "in_transit", ParcelOf(id), Picture.Noon));
        p.Tell(new ShippingInTransit(id, User, "out_for_delivery", ParcelOf(id), Picture.Noon));
        p.Tell(new ShippingDelivered(id, User, ParcelOf(id), Picture.Noon));
        p.Tell(new OrderDelivered(id, NumberOf(id)));
        Payment(p, id, PaymentStatus.Completed, x => x with { ChargeReply = paid });
        Shipment(p, id, ShipmentStatus.Delivered, new(Prepared: prepared));
        Saga(p, id, SagaStatus.Completed, null, Completed, Completed, Completed, Completed, Completed);
        p.Change(OrderKinds.Sagas, id, s => s with
        {
            Shipment = new(Orders.ShipmentStatus.Delivered),
            History = [.. s.History, new(OrderStatus.Delivered, Picture.Noon.AddHours(1))],
        });
    }

    private static void Cancel(Picture p)
    {
        var id = Cancelled;
        var paid = Pay(p, id);
        var prepared = Prepare(p, id);
        p.Tell(new OrderCancelling(id, "changed my mind"), begins: true);
        p.Tell(new ShippingCancelRequested(id, "changed my mind", AskedByPerson: true, 0));
        var cancelled = new ShippingCancelled(id, ShipmentId.Of(id), "changed my mind");
        var cancelledId = p.Tell(cancelled);
        p.CarrierBooks.Add(new(ClientReference.Of(id), OracleParcel.Cancel, "kr.hanjin", TrackingOf(id)));
        var refunded = Refund(p, id);
        Restock(p, id);
        p.Tell(new OrderCancelled(id, NumberOf(id), User, Total, "changed my mind", CancelCauses.Person));
        Payment(p, id, PaymentStatus.Refunded, x => x with { ChargeReply = paid, RefundReply = refunded, Refunded = Total });
        Shipment(p, id, ShipmentStatus.Cancelled, new(Prepared: prepared, Cancelled: new(cancelledId, cancelled)));
        Saga(p, id, SagaStatus.Cancelled, null, Compensated, Compensated, Compensated, Compensated, Skipped);
    }

    /// <summary>Declined, so it was cancelled; then the PG had captured it after all.</summary>
    private static void PayLate(Picture p)
    {
        var id = PaidLate;
        var reserved = Reserve(p, id);
        p.Tell(new PaymentRequested(id, User, Total, Card, "사과", Picture.Noon));
        var failed = new PaymentFailed(id, PaymentOf(id), "declined", "REJECT");
        var failedId = p.Tell(failed);
        p.Tell(new OrderCancelling(id, "declined"));
        p.Tell(new ReleaseRequested(id, "declined"));
        var released = new InventoryReleased(id, Lines);
        var releasedId = p.Tell(released);
        Move(p, id, StockReason.Released, 0, -2);
        p.Put(InventoryKinds.Reservations, id.ToString(), new(
            id, ReservationStatus.Released, Lines, Picture.Noon, null, Trail, reserved, new(releasedId, released)));
        p.Tell(new OrderCancelled(id, NumberOf(id), User, Total, "declined", CancelCauses.Payment));
        Capture(p, id);
        var refunded = Refund(p, id, asked: false);
        Payment(p, id, PaymentStatus.Refunded, x => x with
        {
            ChargeReply = new(failedId, Failed: failed),
            RefundReply = refunded,
            Refunded = Total,
            Refunds =
            [
                new(RefundOf(id), RefundKind.Full, null, "late", 0, Picture.Noon)
                {
                    Status = RefundStatus.Refunded,
                    Amount = Total,
                },
            ],
        });
        Saga(p, id, SagaStatus.Cancelled, null, Compensated, Compensated, Failed, Skipped, Skipped);
    }

    private static void RefuseRefund(Picture p)
    {
        var id = RefundRefused;
        var paid = Pay(p, id);
        p.Tell(new PrepareRequested(id, User, Items, Address, null, Picture.Noon));
        var notPrepared = new PrepareFailed(id, "no carrier goes there", null);
        var notPreparedId = p.Tell(notPrepared);
        p.Tell(new OrderCancelling(id, "no carrier goes there"));
        p.Tell(new RefundRequested(id, "no carrier goes there", 0));
        var refused = new RefundFailed(id, PaymentOf(id), RefundOf(id), "the PG refuses");
        var refusedId = p.Tell(refused);
        Alert(p, ShopTopology.Payments, PaymentKinds.RefundFailedAlert, PaymentOf(id).ToString(), id);
        Alert(p, ShopTopology.Orders, OrderAlerts.Attention, OrderSagaId.Of(id).ToString(), id);
        Payment(p, id, PaymentStatus.RefundFailed, x => x with { ChargeReply = paid, RefundReply = new(refusedId, RefundFailed: refused) });
        Shipment(p, id, ShipmentStatus.Failed, new(PrepareFailed: new(notPreparedId, notPrepared)));
        Saga(p, id, SagaStatus.NeedsAttention, OrderFlow.ProcessPayment, Completed, Completed, CompensationFailed, Failed, Skipped);
    }

    private static void Return(Picture p)
    {
        var id = Returned;
        var paid = Pay(p, id);
        var prepared = Prepare(p, id);
        p.Tell(new SendRequested(id, User, "order_confirmed", NumberOf(id), Total));
        p.Tell(new OrderCompleted(id, NumberOf(id), Total));
        Dispatch(p, id);
        p.Tell(new OrderCancelling(id, "too late"), begins: true);
        p.Tell(new ShippingCancelRequested(id, "too late", AskedByPerson: true, 0));
        var refused = new ShippingCancelRefused(id, ShipmentId.Of(id), TrackingOf(id), "handed over");
        var refusedId = p.Tell(refused);
        p.Tell(new ReturnInitiated(id, User, ParcelOf(id), "too late"));
        p.CarrierBooks.Add(new(ClientReference.Of(id), OracleParcel.Return, "kr.hanjin", TrackingOf(id)));
        var received = new ReturnReceived(id, User, ParcelOf(id));
        var receivedId = p.Tell(received);
        var refunded = Refund(p, id);
        Restock(p, id);
        p.Tell(new OrderReturned(id, NumberOf(id), User, Total, "too late"));
        p.Tell(new ReturnCompleted(id, User, ParcelOf(id)));
        Payment(p, id, PaymentStatus.Refunded, x => x with { ChargeReply = paid, RefundReply = refunded, Refunded = Total });
        Shipment(p, id, ShipmentStatus.ReturnCompleted, new(
            prepared, CancelRefused: new(refusedId, refused), ReturnReceived: new(receivedId, received)));
        Saga(p, id, SagaStatus.Cancelled, null, Compensated, Compensated, Compensated, Compensated, Completed);
        p.Change(OrderKinds.Sagas, id, s =>
        {
            var steps = s.Saga.Steps.Select(x => x.Name == OrderFlow.PrepareShipping ? x with { Told = UndoReport.CameBack } : x);
            var saga = s.Saga with { Steps = [.. steps], CompletedAt = Picture.Noon };
            return s with { Saga = saga, History = [s.History[0], new(OrderStatus.Returned, Picture.Noon.AddHours(1))] };
        });
    }

    private static void Place(Picture p, OrderId id)
    {
        p.Tell(new OrderCreated(id, NumberOf(id), User, Items, ItemsTotal, Fee, Total, [new(Items[0].SellerId, ItemsTotal, Fee, Total)]), begins: true);
        p.Put(OrderKinds.Orders, id.ToString(), new(
            id, NumberOf(id), OrderSagaId.Of(id), new(id.Value), User, Items, ItemsTotal, Fee, Money.Zero, Total, Address, Card, null,
            Picture.Noon));
        foreach (var its in SellerOrder.Of(p.Get(OrderKinds.Orders, id.ToString())))
        {
            p.Put(OrderKinds.SellerOrders, SellerOrder.Key(its.SellerId, id), its);
        }

        p.Put(OrderKinds.IdempotencyKeys, IdempotencyRecord.Key(User, $"key-{id}"), new("hash", new(
            id, NumberOf(id), OrderSagaId.Of(id), new(id.Value), OrderStatus.Pending, Items, ItemsTotal, Fee, Money.Zero, Total,
            Picture.Noon), Picture.Noon));
        p.Put(NotificationKinds.OrderNotices, id.ToString(), OrderNotice.New(id));
        p.Promised.Add(id);
    }

    private static ReserveAnswer Reserve(Picture p, OrderId id)
    {
        Place(p, id);
        p.Tell(new ReserveRequested(id, [new(Product, null, 2)], Picture.Noon));
        var reserved = new InventoryReserved(id, Lines, Picture.Noon);
        Move(p, id, StockReason.Reserved, 0, 2);
        return new(p.Tell(reserved), reserved, null);
    }

    private static Reply Pay(Picture p, OrderId id)
    {
        var reserved = Reserve(p, id);
        p.Tell(new PaymentRequested(id, User, Total, Card, "사과", Picture.Noon));
        Capture(p, id);
        var completed = new PaymentCompleted(id, PaymentOf(id), $"tx-{id}", Total);
        var completedId = p.Tell(completed);
        p.Tell(new OrderPaid(id, PaymentOf(id), Total));
        p.Tell(new InventoryCommitted(id, Lines));
        Move(p, id, StockReason.Committed, -2, -2);
        p.Put(InventoryKinds.Reservations, id.ToString(), new(id, ReservationStatus.Committed, Lines, Picture.Noon, null, Trail, reserved));
        return new(completedId, Completed: completed);
    }

    private static Given<ShippingPrepared> Prepare(Picture p, OrderId id)
    {
        p.Tell(new PrepareRequested(id, User, Items, Address, null, Picture.Noon));
        p.CarrierBooks.Add(new(ClientReference.Of(id), OracleParcel.Waybill, "kr.hanjin", TrackingOf(id)));
        var prepared = new ShippingPrepared(id, ShipmentId.Of(id), TrackingOf(id), "kr.hanjin", "한진택배");
        return new(p.Tell(prepared), prepared);
    }

    private static void Dispatch(Picture p, OrderId id)
    {
        p.CarrierBooks.Add(new(ClientReference.Of(id), OracleParcel.Dispatch, "kr.hanjin", TrackingOf(id)));
        p.Tell(new ShippingDispatched(id, User, TrackingOf(id), "한진택배", new(2026, 4, 3), ParcelOf(id)));
    }

    internal static void Mail(Picture p, OrderId id)
    {
        var cause = p.Message(id, "order.created").EventId;
        var notification = new Notification(
            Notification.IdOf(cause, "email", User), id, User, "order_received", "email", "ko", "u@example.com", new("subject", "text"),
            NotificationStatus.Sent, IsCalling: false, 0, 0, Picture.Noon, null, Picture.Noon, null, Trail with { CausationId = cause });
        p.Put(NotificationKinds.Notifications, notification.Id.ToString(), notification);
        p.MessageBooks.Add(new("email", $"{notification.Id}@doamarket.example", "u@example.com", IsRepeated: false));
        p.Tell(new NotificationSent(id, notification.Id, notification.Type, notification.Channel));
    }

    private static void Capture(Picture p, OrderId id)
    {
        p.PgBooks.Add(new(id.ToString(), OraclePayment.Capture, $"pk-{id}", Total.Won, $"charge:{id}"));
        Row(p, new(PaymentOf(id), id, LedgerReason.Captured, Total, Picture.Noon));
    }

    private static Reply Refund(Picture p, OrderId id, bool asked = true)
    {
        if (asked)
        {
            p.Tell(new RefundRequested(id, "undo", 0));
        }

        p.PgBooks.Add(new(id.ToString(), OraclePayment.Cancel, $"pk-{id}", Total.Won, $"refund:{id}"));
        Row(p, new(PaymentOf(id), id, LedgerReason.Refunded, Money.Zero - Total, Picture.Noon, RefundOf(id)));
        var refunded = new PaymentRefunded(id, PaymentOf(id), RefundOf(id), Total, Total, SettledByHand: false);
        return new(p.Tell(refunded), Refunded: refunded);
    }

    private static void Restock(Picture p, OrderId id)
    {
        p.Tell(new ReleaseRequested(id, "undo"));
        var released = new InventoryReleased(id, Lines);
        var releasedId = p.Tell(released);
        p.Tell(new InventoryRestocked(id, Lines));
        Move(p, id, StockReason.Restocked, 2, 0);
        p.Change(InventoryKinds.Reservations, id, r => r with
        {
            Status = ReservationStatus.Restocked,
            ReleaseAnswer = new(releasedId, released),
        });
    }

    private static void Move(Picture p, OrderId id, StockReason reason, int onHand, int reserved) =>
        p.Put(InventoryKinds.StockLedger, $"{id}/{reason}", new(Product, null, reason, onHand, reserved, id, Picture.Noon));

    private static void Row(Picture p, PaymentLedgerRow row) => p.Put(PaymentKinds.Ledger, row.Key, row);

    private static void Payment(Picture p, OrderId id, PaymentStatus status, Func<Payment, Payment> with) =>
        p.Put(PaymentKinds.Payments, PaymentOf(id).ToString(), with(
            new(PaymentOf(id), id, User, Total, Money.Currency, status, Trail, Picture.Noon, Picture.Noon)
            {
                Terms = new(Card, "사과", Picture.Noon),
                Captured = Total,
            }));

    private static void Shipment(Picture p, OrderId id, ShipmentStatus status, Replies replies) =>
        p.Put(ShippingKinds.Shipments, ShipmentOf(id), new()
        {
            OrderId = id,
            Status = status,
            Trail = Trail,
            CreatedAt = Picture.Noon,
            UserId = User,
            IsPaid = true,
            IsCommitted = true,
            Consignment = new(Items, Address, null, 1_000, Picture.Noon, ["kr.hanjin"], "kr.hanjin"),
            Replies = replies,
        });

    private static void Saga(Picture p, OrderId id, SagaStatus status, string? current, params StepStatus[] steps)
    {
        string[] names =
        [
            OrderFlow.CreateOrder, OrderFlow.ReserveInventory, OrderFlow.ProcessPayment, OrderFlow.PrepareShipping,
            OrderFlow.SendNotifications,
        ];
        var completedAt = status == SagaStatus.Completed ? Picture.Noon : (DateTimeOffset?)null;
        var wakeAt = status == SagaStatus.InProgress ? Picture.Noon : (DateTimeOffset?)null;
        var state = new SagaState(
            OrderSagaId.Of(id), id.ToString(), new(id.Value), "order_flow", 1, status, current,
            [.. names.Zip(steps, (name, s) => new StepState(name, s))], Compensated: status == SagaStatus.Cancelled, 1, Picture.Noon,
            Picture.Noon, wakeAt)
        { CompletedAt = completedAt };
        var saga = new OrderSaga(id, User, state, Trail, [new(OrderStatus.Pending, Picture.Noon)]);
        var now = OrderStatuses.Of(state, null);
        p.Put(OrderKinds.Sagas, id.ToString(), now == OrderStatus.Pending
            ? saga
            : saga with { History = [.. saga.History, new(now, Picture.Noon)] });
    }

    private static string NumberOf(OrderId id) => $"ORD-{Day}-{id.Value.ToString("N")[^6..]}";

    public static RefundId RefundOf(OrderId id) => new(DerivedId.From(id.Value, "refund"));

    private static string TrackingOf(OrderId id) => $"5{id.Value.ToString("N")[^6..]}";

    private static Parcel ParcelOf(OrderId id) => new(ShipmentId.Of(id), TrackingOf(id), "kr.hanjin", "한진택배");
}
