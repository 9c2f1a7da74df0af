using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Inventory;

/// <summary>The timer of a reservation: a hold that nobody paid ends.</summary>
internal static class Expire
{
    public static Decision Decide(Documents documents, Due<Reservation> due)
    {
        var reservation = due.State;
        if (reservation is not { Status: ReservationStatus.Held, ExpiresAt: { } expiresAt } || due.Now < expiresAt)
        {
            return Decision.On(due); // paid, given back or extended in the meantime: the state decides, not the timer
        }

        var decision = Decision.On(due).Send(new ReservationExpired(reservation.OrderId, reservation.Remaining));
        decision.MoveLines(documents, reservation, StockReason.Expired);
        return decision.Put(InventoryKinds.Reservations, reservation.OrderId, reservation with
        {
            Status = ReservationStatus.Expired,
            ExpiresAt = null,
        });
    }
}
