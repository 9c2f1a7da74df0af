using DoaMarket.Contracts;

namespace DoaMarket.Inventory.Tests;

/// <summary>The stock invariants S1–S5, checked over everything that the warehouse holds.</summary>
internal sealed class StockInvariants(Warehouse warehouse)
{
    private static readonly HashSet<(ReservationStatus? From, ReservationStatus To)> Allowed =
    [
        (null, ReservationStatus.Held),
        (null, ReservationStatus.Refused),
        (null, ReservationStatus.Tombstone),
        (ReservationStatus.Held, ReservationStatus.Committed),
        (ReservationStatus.Held, ReservationStatus.Released),
        (ReservationStatus.Held, ReservationStatus.Expired),
        (ReservationStatus.Committed, ReservationStatus.Restocked),
        (ReservationStatus.Committed, ReservationStatus.WrittenOff),
    ];

    private readonly Dictionary<OrderId, ReservationStatus> _seen = [];

    public void Check()
    {
        var rows = warehouse.Ledger.ToLookup(row => row.ItemKey, StringComparer.Ordinal);
        var held = HeldPerItem();
        foreach (var item in warehouse.Items)
        {
            Assert.True(item.Reserved >= 0 && item.Reserved <= item.OnHand, $"S1: {item}");
            Assert.Equal(held.GetValueOrDefault(item.Key), item.Reserved); // S2
            Assert.Equal(rows[item.Key].Sum(row => row.OnHandDelta), item.OnHand); // S3
            Assert.Equal(rows[item.Key].Sum(row => row.ReservedDelta), item.Reserved); // S3
            CheckNothingOversold(item, rows[item.Key]);
        }

        CheckTransitions();
    }

    // S4: what is there, plus what was sold for good, is what came in, corrected by hand.
    private static void CheckNothingOversold(StockItem item, IEnumerable<StockLedgerRow> rows)
    {
        var byReason = rows.ToLookup(row => row.Reason, row => row.OnHandDelta);
        var committed = -byReason[StockReason.Committed].Sum();
        var restocked = byReason[StockReason.Restocked].Sum();
        var cameIn = byReason[StockReason.Received].Sum() + byReason[StockReason.Adjusted].Sum();
        Assert.Equal(cameIn, item.OnHand + committed - restocked);
    }

    // S5: every reservation moves along allowed ways only, and each of its lines once per reason.
    private void CheckTransitions()
    {
        foreach (var reservation in warehouse.Reservations)
        {
            ReservationStatus? before = _seen.TryGetValue(reservation.OrderId, out var status) ? status : null;
            Assert.True(
                before == reservation.Status || Allowed.Contains((before, reservation.Status)),
                $"S5: {before?.ToString() ?? "none"} → {reservation.Status}");
            _seen[reservation.OrderId] = reservation.Status;
        }

        var doubled = warehouse.Ledger
            .Where(row => row.OrderId is not null)
            .GroupBy(row => (row.OrderId, row.ItemKey, row.Reason, row.AmendId))
            .Where(group => group.Count() > 1);
        Assert.Empty(doubled);
        Assert.All(warehouse.Reservations, CheckNeverMoreThanTaken);
    }

    private void CheckNeverMoreThanTaken(Reservation reservation)
    {
        var rows = warehouse.Ledger.Where(row => row.OrderId == reservation.OrderId).ToLookup(row => row.ItemKey);
        foreach (var line in reservation.Lines)
        {
            var taken = rows[StockItem.KeyOf(line.ProductId, line.VariantId)].ToLookup(r => r.Reason);
            var back = taken[StockReason.Released].Sum(r => -r.ReservedDelta)
                + taken[StockReason.Restocked].Sum(r => r.OnHandDelta) + taken[StockReason.Expired].Sum(r => -r.ReservedDelta);
            Assert.True(back <= line.Reserved, $"S5: {back} of {line} given back");
        }
    }

    private Dictionary<string, int> HeldPerItem() => warehouse.Reservations
        .Where(reservation => reservation.Status == ReservationStatus.Held)
        .SelectMany(reservation => reservation.Remaining)
        .GroupBy(line => StockItem.KeyOf(line.ProductId, line.VariantId), StringComparer.Ordinal)
        .ToDictionary(lines => lines.Key, lines => lines.Sum(line => line.Reserved), StringComparer.Ordinal);
}
