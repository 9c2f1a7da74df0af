using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;

namespace DoaMarket.Simulation;

/// <summary>S1 to S5 after every commit of Inventory: every unit is accounted for twice.</summary>
internal sealed class StockGuard(World world)
{
    private readonly Dictionary<string, Sums> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<OrderId, Reservation> _reservations = [];
    private readonly List<Sums> _touched = [];

    /// <summary>Whether an order's stock is sold to it.</summary>
    public bool IsCommitted(OrderId order) =>
        _reservations.GetValueOrDefault(order)?.Status == ReservationStatus.Committed;

    public void Look(UnitCommit commit)
    {
        _touched.Clear();
        foreach (var write in commit.Documents)
        {
            switch (write.State)
            {
                case StockItem item:
                    (Of(write.Key.Id).OnHand, Of(write.Key.Id).Reserved) = (item.OnHand, item.Reserved);
                    break;
                case StockLedgerRow row:
                    Take(row);
                    break;
                case Reservation reservation:
                    Take(reservation);
                    break;
            }
        }

        foreach (var sums in _touched)
        {
            Check(sums);
        }
    }

    private void Take(StockLedgerRow row)
    {
        var sums = Of(row.ItemKey);
        sums.LedgerOnHand += row.OnHandDelta;
        sums.LedgerReserved += row.ReservedDelta;
        sums.Received += row.Reason is StockReason.Received or StockReason.Adjusted ? row.OnHandDelta : 0;
    }

    private void Take(Reservation now)
    {
        var before = _reservations.GetValueOrDefault(now.OrderId);
        _reservations[now.OrderId] = now;
        Count(before, -1);
        Count(now, 1);
        if (before?.Status == now.Status)
        {
            return;
        }

        world.Tell(now.OrderId, $"reservation {now.StatusName}");
        if (!MayFollow(before?.Status, now.Status))
        {
            world.Violates("S5", $"order {now.OrderId}: its reservation went from {before?.Status} to {now.Status}");
        }
    }

    private void Count(Reservation? reservation, int sign)
    {
        foreach (var line in reservation?.Remaining ?? [])
        {
            var sums = Of(StockItem.KeyOf(line.ProductId, line.VariantId));
            sums.Held += reservation!.Status == ReservationStatus.Held ? sign * line.Reserved : 0;
            sums.Sold += reservation.Status is ReservationStatus.Committed or ReservationStatus.WrittenOff
                ? sign * line.Reserved
                : 0;
        }
    }

    private static bool MayFollow(ReservationStatus? before, ReservationStatus now) => (before, now) switch
    {
        (null, ReservationStatus.Held or ReservationStatus.Refused or ReservationStatus.Tombstone) => true,
        (ReservationStatus.Held, ReservationStatus.Committed or ReservationStatus.Released
            or ReservationStatus.Expired or ReservationStatus.Restocked or ReservationStatus.WrittenOff) => true,
        (null, ReservationStatus.Committed or ReservationStatus.Released) => true, // several messages in one commit
        (ReservationStatus.Committed, ReservationStatus.Restocked or ReservationStatus.WrittenOff) => true,
        _ => false,
    };

    private void Check(Sums sums)
    {
        if (sums.Reserved < 0 || sums.Reserved > sums.OnHand)
        {
            world.Violates("S1", $"item {sums.Key}: {sums.Reserved} reserved of {sums.OnHand} on hand");
        }

        if (sums.Reserved != sums.Held)
        {
            world.Violates("S2", $"item {sums.Key}: {sums.Reserved} reserved, but reservations hold {sums.Held}");
        }

        if (sums.OnHand != sums.LedgerOnHand || sums.Reserved != sums.LedgerReserved)
        {
            world.Violates(
                "S3", $"item {sums.Key}: {sums.OnHand} on hand and {sums.Reserved} reserved, but its ledger sums to "
                    + $"{sums.LedgerOnHand} and {sums.LedgerReserved}");
        }

        if (sums.OnHand + sums.Sold != sums.Received)
        {
            world.Violates(
                "S4", $"item {sums.Key}: {sums.OnHand} on hand and {sums.Sold} sold of {sums.Received} received");
        }
    }

    private Sums Of(string key)
    {
        if (!_items.TryGetValue(key, out var sums))
        {
            _items.Add(key, sums = new(key));
        }

        if (!_touched.Contains(sums))
        {
            _touched.Add(sums);
        }

        return sums;
    }

    private sealed class Sums(string key)
    {
        public string Key => key;

        public long OnHand { get; set; }

        public long Reserved { get; set; }

        public long LedgerOnHand { get; set; }

        public long LedgerReserved { get; set; }

        public long Received { get; set; }

        public long Held { get; set; }

        public long Sold { get; set; }
    }
}
