using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Inventory;

/// <summary>`inventory.release_requested`: what the order holds or took is given back. It is always answered.</summary>
internal static class Release
{
    public static Decision Decide(Documents documents, Incoming<ReleaseRequested> m) =>
        documents.Find(InventoryKinds.Reservations, m.Message.OrderId) switch
        {
            { ReleaseAnswer: { } answer } known => AnswerAgain(m, known, answer),
            { Status: ReservationStatus.Held } held => GiveBack(documents, m, held),
            { Status: ReservationStatus.Committed } sold when m.Message.Restock => Restock(documents, m, sold),
            { Status: ReservationStatus.Committed } lost => WriteOff(documents, m, lost),
            {
                Status: ReservationStatus.Expired or ReservationStatus.Refused or ReservationStatus.Tombstone
            } empty => NothingToGiveBack(m, empty),
            null => Overtaken(m),
            var other => throw new InvalidOperationException(
                $"Reservation {other.OrderId} is {other.StatusName} without an answer."),
        };

    // Also when the goods are said to be lost: nothing is dispatched before its stock is sold, so these never left.
    private static Decision GiveBack(Documents documents, Incoming<ReleaseRequested> m, Reservation held)
    {
        var decision = Answer(m, held with { Status = ReservationStatus.Released, ExpiresAt = null }, held.Remaining);
        decision.MoveLines(documents, held, StockReason.Released);
        return decision;
    }

    private static Decision Restock(Documents documents, Incoming<ReleaseRequested> m, Reservation sold)
    {
        // The status moves on, so that no line can come back twice.
        var rest = sold.Remaining;
        var decision = Answer(m, sold with { Status = ReservationStatus.Restocked }, rest);
        decision.MoveLines(documents, sold, StockReason.Restocked);
        return rest.Count == 0
            ? decision.Remark("nothing_to_release", "Partial cancels have given every line back before.")
            : decision.Send(new InventoryRestocked(sold.OrderId, rest));
    }

    // An operator says that the goods are lost. The status moves on and the answer is kept, so that no repeat of the
    // request, whatever it says, puts them back; units that turn up after all are an adjustment.
    private static Decision WriteOff(Documents documents, Incoming<ReleaseRequested> m, Reservation lost)
    {
        var decision = Answer(m, lost with { Status = ReservationStatus.WrittenOff }, []);
        decision.MoveLines(documents, lost, StockReason.WrittenOff);
        var units = lost.Remaining.Sum(line => line.Reserved);
        return decision.Remark("written_off", $"The goods are lost: {units} units stay out of stock.");
    }

    private static Decision NothingToGiveBack(Incoming<ReleaseRequested> m, Reservation empty) =>
        Answer(m, empty, []).Remark("nothing_to_release", $"The reservation is {empty.StatusName}.");

    // The undo came before its do. The tombstone refuses the do when it comes, so that nothing is held for an order
    // that was given up.
    private static Decision Overtaken(Incoming<ReleaseRequested> m) =>
        Answer(m, new Reservation(m.Message.OrderId, ReservationStatus.Tombstone, [], m.Now, null, m.Trail), [])
            .Remark("nothing_to_release", "No reserve came so far; a later one will be refused.");

    private static Decision Answer(Incoming<ReleaseRequested> m, Reservation next, IReadOnlyList<ReservedLine> lines)
    {
        var released = new InventoryReleased(next.OrderId, lines);
        return Decision.On(m)
            .Send(released, out var sent)
            .Put(InventoryKinds.Reservations, next.OrderId, next with
            {
                Trail = m.Trail,
                ReleaseAnswer = new ReleaseAnswer(sent, released),
            });
    }

    private static Decision AnswerAgain(Incoming<ReleaseRequested> m, Reservation known, ReleaseAnswer answer) =>
        Decision.On(m)
            .SendAgain(answer.Sent, answer.Released)
            .Remark("repeated_request", $"Release was decided before (now {known.StatusName}): answered again.");
}
