using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Inventory;

/// <summary>`inventory.reserve_requested`: all lines of the order are held, or none.</summary>
internal static class Reserve
{
    /// <summary>The stock items that the request names.</summary>
    public static IEnumerable<DocumentKey> StockNamed(Incoming<ReserveRequested> m) =>
        WantedLine.Merge(m.Message.Items).Select(line => InventoryKinds.StockItems.Key(line.Key));

    public static Decision Decide(Documents documents, Incoming<ReserveRequested> m, InventoryOptions options) =>
        documents.Find(InventoryKinds.Reservations, m.Message.OrderId) switch
        {
            null => FirstTime(documents, m, options),
            { ReserveAnswer: { } answer } known => AnswerAgain(m, known, answer),
            { Status: ReservationStatus.Tombstone } tombstone => TooLate(m, tombstone),
            var other => throw new InvalidOperationException(
                $"Reservation {other.OrderId} is {other.StatusName} without an answer."),
        };

    private static Decision FirstTime(Documents documents, Incoming<ReserveRequested> m, InventoryOptions options)
    {
        var request = m.Message;
        var lines = WantedLine.Merge(request.Items);
        if (m.Now > request.Deadline)
        {
            return Refuse(m, RefusalReason.DeadlinePassed, []);
        }

        if (lines.Count == 0 || lines.Count > options.MaxLinesPerOrder || request.Items.Any(line => line.Quantity < 1))
        {
            return Refuse(m, RefusalReason.InvalidLines, []);
        }

        var stock = lines.ToDictionary(
            line => line.Key, line => documents.Find(InventoryKinds.StockItems, line.Key), StringComparer.Ordinal);
        var missing = lines
            .Where(line => line.Shortfall(Available(line)) > 0)
            .Select(line => line.Missing(Available(line)))
            .ToList();
        if (missing.Count > 0)
        {
            var reason = stock.ContainsValue(null) ? RefusalReason.UnknownProduct : RefusalReason.InsufficientStock;
            return Refuse(m, reason, missing);
        }

        return Hold(m, lines, line => stock[line.Key]!, options);

        int Available(WantedLine line) => stock[line.Key]?.Available ?? 0;
    }

    private static Decision Hold(
        Incoming<ReserveRequested> m,
        IReadOnlyList<WantedLine> lines,
        Func<WantedLine, StockItem> stockOf,
        InventoryOptions options)
    {
        var orderId = m.Message.OrderId;
        var expiresAt = m.Now + options.HoldFor;
        var held = lines.Select(line => line.Held()).ToList();
        var reserved = new InventoryReserved(orderId, held, expiresAt);
        var decision = Decision.On(m).Send(reserved, out var sent);
        foreach (var line in lines)
        {
            decision.Move(stockOf(line), StockReason.Reserved, line.Held().Reserved, orderId);
        }

        var answer = new ReserveAnswer(sent, reserved, Failed: null);
        return decision.Put(
            InventoryKinds.Reservations,
            orderId,
            new Reservation(orderId, ReservationStatus.Held, held, m.Now, expiresAt, m.Trail, answer));
    }

    // The refusal is kept: a repeated request must not succeed after its order was told that nothing is held.
    private static Decision Refuse(Incoming<ReserveRequested> m, string reason, IReadOnlyList<StockLine> missing)
    {
        var orderId = m.Message.OrderId;
        var failed = new ReserveFailed(orderId, reason, missing);
        var decision = Decision.On(m).Send(failed, out var sent);
        var answer = new ReserveAnswer(sent, Reserved: null, failed);
        return decision.Put(
            InventoryKinds.Reservations,
            orderId,
            new Reservation(orderId, ReservationStatus.Refused, [], m.Now, ExpiresAt: null, m.Trail, answer));
    }

    private static Decision AnswerAgain(Incoming<ReserveRequested> m, Reservation known, ReserveAnswer answer) =>
        Decision.On(m)
            .SendAgain(answer.Sent, answer.Message)
            .Remark("repeated_request", $"Reserve was decided before (now {known.StatusName}): answered again.");

    // Nothing was held and nothing will be: that is exactly what reserve_failed proves. Whoever still waits for the
    // reserve is told so, once; whoever has compensated already takes it as a late reply.
    private static Decision TooLate(Incoming<ReserveRequested> m, Reservation tombstone)
    {
        var failed = new ReserveFailed(m.Message.OrderId, RefusalReason.ReleasedBefore, []);
        return Decision.On(m)
            .Send(failed, out var sent)
            .Put(InventoryKinds.Reservations, m.Message.OrderId, tombstone with
            {
                Trail = m.Trail,
                ReserveAnswer = new ReserveAnswer(sent, Reserved: null, failed),
            })
            .Remark("late_request_refused", "The release overtook this reserve; nothing is held.");
    }
}
