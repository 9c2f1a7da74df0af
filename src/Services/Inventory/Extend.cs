using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Inventory;

/// <summary>`inventory.extend_requested`: a slow payment method needs the stock for longer.</summary>
internal static class Extend
{
    public static Decision Decide(Documents documents, Incoming<ExtendRequested> m, InventoryOptions options)
    {
        var reservation = documents.Find(InventoryKinds.Reservations, m.Message.OrderId);
        if (reservation is not { Status: ReservationStatus.Held, ExpiresAt: { } expiresAt })
        {
            // No answer promises a hold that is not there; the end of the hold was told when it happened.
            return Decision.On(m).Remark(
                "extend_ignored", $"Nothing to extend: the reservation is {reservation?.StatusName ?? "missing"}.");
        }

        var latest = reservation.CreatedAt + options.LongestHold;
        var until = m.Message.Until < latest ? m.Message.Until : latest;
        var next = until > expiresAt ? until : expiresAt; // a hold is never shortened
        return reservation.ExtendAnswer is { } answer && answer.Extended.ExpiresAt == next
            ? Decision.On(m)
                .SendAgain(answer.Sent, answer.Extended)
                .Remark("repeated_request", "The hold lasts that long already; the answer is sent again.")
            : Hold(m, reservation, next);
    }

    private static Decision Hold(Incoming<ExtendRequested> m, Reservation reservation, DateTimeOffset until)
    {
        var extended = new InventoryExtended(reservation.OrderId, until);
        return Decision.On(m)
            .Send(extended, out var sent)
            .Put(InventoryKinds.Reservations, reservation.OrderId, reservation with
            {
                ExpiresAt = until,
                Trail = m.Trail,
                ExtendAnswer = new ExtendAnswer(sent, extended),
            });
    }
}
