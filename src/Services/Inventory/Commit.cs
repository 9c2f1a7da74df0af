using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Inventory;

/// <summary>`payment.completed`: what is held is sold.</summary>
internal static class Commit
{
    public static Decision Decide(Documents documents, Incoming<PaymentCompleted> m)
    {
        var orderId = m.Message.OrderId;
        var reservation = documents.Find(InventoryKinds.Reservations, orderId);
        if (reservation is not { Status: ReservationStatus.Held })
        {
            // A payment that comes after the hold ended changes nothing here: the saga heard of the end and refunds.
            return Decision.On(m).Remark(
                "payment_ignored", $"Nothing to commit: the reservation is {reservation?.StatusName ?? "missing"}.");
        }

        // Still held, so the units are there, also when the hold should have ended a moment ago.
        var decision = Decision.On(m).Send(new InventoryCommitted(orderId, reservation.Remaining));
        decision.MoveLines(documents, reservation, StockReason.Committed);
        return decision.Put(InventoryKinds.Reservations, orderId, reservation with
        {
            Status = ReservationStatus.Committed,
            ExpiresAt = null,
            Trail = m.Trail,
        });
    }
}
