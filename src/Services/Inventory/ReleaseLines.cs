using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Inventory;

/// <summary>
/// `inventory.release_lines_requested`: a partial cancel gives some lines back, never more than the order still has.
/// It is always answered, and each partial cancel once.
/// </summary>
internal static class ReleaseLines
{
    /// <exception cref="InvalidOperationException">
    /// The order has had more partial cancels than it may have: kept as a dead letter, with an alert.
    /// </exception>
    public static Decision Decide(Documents documents, Incoming<ReleaseLinesRequested> m)
    {
        var reservation = documents.Find(InventoryKinds.Reservations, m.Message.OrderId);
        if (reservation?.LinesAnswers?.FirstOrDefault(a => a.AmendId == m.Message.AmendId) is { } answer)
        {
            return AnswerAgain(m, answer);
        }

        if (reservation?.LinesAnswers?.Count >= Reservation.MaxPartialCancels)
        {
            throw new InvalidOperationException(
                $"Order {m.Message.OrderId} has had {Reservation.MaxPartialCancels} partial cancels, the most it may.");
        }

        return reservation switch
        {
            { Status: ReservationStatus.Held } => GiveBack(documents, m, reservation, StockReason.Released),
            { Status: ReservationStatus.Committed } => GiveBack(documents, m, reservation, StockReason.Restocked),
            null => Overtaken(m),
            _ => Answer(m, reservation, [], wereSold: false).Remark(
                "nothing_to_release", $"The reservation is {reservation.StatusName}: the order has no lines any more."),
        };
    }

    private static Decision GiveBack(
        Documents documents, Incoming<ReleaseLinesRequested> m, Reservation reservation, StockReason reason)
    {
        var lines = StillThere(m, reservation);
        var sold = reason is StockReason.Restocked;
        var decision = Answer(m, reservation, lines, sold);
        decision.MoveLines(documents, reservation, lines, reason, m.Message.AmendId);
        if (lines.Sum(line => (long)line.Reserved) < m.Message.Lines.Sum(line => (long)line.Quantity))
        {
            decision.Remark(
                "less_released", "More was to be given back than the order still has: it gave back what it had.");
        }

        return sold && lines.Count > 0 ? decision.Send(new InventoryRestocked(reservation.OrderId, lines)) : decision;
    }

    /// <summary>What is asked for, as far as the order still has it; one line per item, ordered by key.</summary>
    private static List<ReservedLine> StillThere(Incoming<ReleaseLinesRequested> m, Reservation reservation)
    {
        var asked = WantedLine.Merge(m.Message.Lines.Where(line => line.Quantity > 0))
            .ToDictionary(line => (line.ProductId, line.VariantId), line => line.Quantity);
        return
        [
            .. from line in reservation.Remaining
               let quantity = Math.Min(line.Reserved, asked.GetValueOrDefault((line.ProductId, line.VariantId)))
               where quantity > 0
               select line with { Reserved = (int)quantity },
        ];
    }

    // A partial cancel follows a parcel, and that a reservation. If there is none, the order never held anything here,
    // and a reserve that comes after its own partial cancel must not begin to.
    private static Decision Overtaken(Incoming<ReleaseLinesRequested> m)
    {
        var tombstone = new Reservation(m.Message.OrderId, ReservationStatus.Tombstone, [], m.Now, null, m.Trail);
        return Answer(m, tombstone, [], wereSold: false)
            .Remark("nothing_to_release", "No reserve came so far; a later one will be refused.");
    }

    private static Decision Answer(
        Incoming<ReleaseLinesRequested> m, Reservation reservation, IReadOnlyList<ReservedLine> lines, bool wereSold)
    {
        var (orderId, amendId) = (m.Message.OrderId, m.Message.AmendId);
        return Decision.On(m)
            .Send(new LinesReleased(orderId, amendId, lines), out var sent)
            .Put(InventoryKinds.Reservations, orderId, reservation with
            {
                Trail = m.Trail,
                LinesAnswers = [.. reservation.LinesAnswers ?? [], new LinesAnswer(amendId, sent, lines, wereSold)],
            });
    }

    private static Decision AnswerAgain(Incoming<ReleaseLinesRequested> m, LinesAnswer answer) =>
        Decision.On(m)
            .SendAgain(answer.Sent, new LinesReleased(m.Message.OrderId, answer.AmendId, answer.Lines))
            .Remark("repeated_request", "The lines of this partial cancel were released before: answered again.");
}
