using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Sagas;
using static DoaMarket.Sagas.StepStatus;
using PaymentStatus = DoaMarket.Payments.PaymentStatus;
using ShipmentStatus = DoaMarket.Shipping.ShipmentStatus;

namespace DoaMarket.Audit.Tests;

/// <summary>Two more orders: one of which parts went back, and one whose deposit the bank took back.</summary>
internal static partial class Stories
{
    public static readonly OrderId PartlyRefunded = Id(101), DepositTakenBack = Id(102);
    public static readonly RefundId CancelledPart = new(DerivedId.From(PartlyRefunded.Value, "part"));
    public static readonly RefundId OperatorsPart = new(DerivedId.From(PartlyRefunded.Value, "operator"));

    /// <summary>Adds them to the shop.</summary>
    public static Picture WithMoney(Picture p)
    {
        RefundInParts(p);
        ReverseDeposit(p);
        p.Change(InventoryKinds.StockItems, Item, i => i with { OnHand = i.OnHand - 2 });
        p.Change(OrderKinds.Numbers, Day, n => n.Next().Next());
        return p;
    }

    private static void RefundInParts(Picture p)
    {
        var id = PartlyRefunded;
        var paid = Pay(p, id);
        var prepared = Prepare(p, id);
        p.Tell(new SendRequested(id, User, "order_confirmed", NumberOf(id), Total));
        p.Tell(new OrderCompleted(id, NumberOf(id), Total));
        p.Tell(new ShippingAmended(id, new(CancelledPart.Value), ShipmentId.Of(id)));
        p.Tell(new PartialRefundRequested(id, CancelledPart, new(4_950), "one less", 0));
        var cancelled = GiveBack(p, id, CancelledPart, new(4_950));
        var wished = GiveBack(p, id, OperatorsPart, new(1_000));
        Payment(p, id, PaymentStatus.Completed, x => x with
        {
            ChargeReply = paid,
            Refunded = new(5_950),
            Refunds =
            [
                Done(new(CancelledPart, RefundKind.PartialCancel, new(4_950), "one less", 0, Picture.Noon), cancelled),
                Done(new(OperatorsPart, RefundKind.Operator, new(1_000), "damaged", 0, Picture.Noon), wished),
            ],
        });
        Shipment(p, id, ShipmentStatus.Prepared, new(Prepared: prepared));
        Saga(p, id, SagaStatus.Completed, null, Completed, Completed, Completed, Completed, Completed);
    }

    private static Refund Done(Refund refund, Reply reply) =>
        refund with { Status = RefundStatus.Refunded, Amount = refund.Asked ?? Money.Zero, Reply = reply };

    private static Reply GiveBack(Picture p, OrderId id, RefundId refund, Money amount)
    {
        p.PgBooks.Add(new(id.ToString(), OraclePayment.Cancel, $"pk-{id}", amount.Won, $"refund:{refund}"));
        Row(p, new(PaymentOf(id), id, LedgerReason.Refunded, Money.Zero - amount, Picture.Noon, refund));
        var refunded = new PaymentRefunded(id, PaymentOf(id), refund, amount, Total, SettledByHand: false);
        return new(p.Tell(refunded), Refunded: refunded);
    }

    private static void ReverseDeposit(Picture p)
    {
        var id = DepositTakenBack;
        var reserved = Reserve(p, id);
        p.Tell(new PaymentRequested(id, User, Total, Card, "사과", Picture.Noon));
        var awaiting = new AwaitingDeposit(id, PaymentOf(id), Total, "우리", "65056365183080", Picture.Noon.AddDays(1));
        var awaitingId = p.Tell(awaiting);
        Capture(p, id);
        var completed = new PaymentCompleted(id, PaymentOf(id), $"tx-{id}", Total);
        var completedId = p.Tell(completed);
        p.Tell(new OrderPaid(id, PaymentOf(id), Total));
        p.Tell(new InventoryCommitted(id, Lines));
        Move(p, id, StockReason.Committed, -2, -2);
        p.Put(
            InventoryKinds.Reservations, id.ToString(),
            new(id, ReservationStatus.Committed, Lines, Picture.Noon, null, Trail, reserved));
        p.PgBooks.Add(new(id.ToString(), OraclePayment.Reversal, $"pk-{id}", Total.Won, null));
        Row(p, new(PaymentOf(id), id, LedgerReason.DepositReversed, Money.Zero - Total, Picture.Noon));
        p.Tell(new DepositReversed(id, PaymentOf(id), Total));
        p.Tell(new OrderCancelling(id, "the bank took the deposit back"));
        p.Tell(new RefundRequested(id, "the bank took the deposit back", 0));
        var cancelled = new PaymentCancelled(id, "the account is closed");
        var cancelledId = p.Tell(cancelled);
        Restock(p, id);
        p.Tell(new OrderCancelled(
            id, NumberOf(id), User, Total, "the bank took the deposit back", CancelCauses.Payment));
        Payment(p, id, PaymentStatus.Cancelled, x => x with
        {
            ChargeReply = new(completedId, Completed: completed),
            DepositReply = new(awaitingId, Awaiting: awaiting),
            RefundReply = new(cancelledId, Cancelled: cancelled),
            Captured = Money.Zero,
            Reversals = 1,
        });
        Shipment(p, id, ShipmentStatus.Stub, new());
        Saga(p, id, SagaStatus.Cancelled, null, Compensated, Compensated, Compensated, Skipped, Skipped);
    }
}
