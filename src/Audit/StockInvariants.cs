using DoaMarket.Inventory;

namespace DoaMarket.Audit;

/// <summary>
/// S1 to S5: nothing is oversold, and every unit is accounted for twice, by reservations and by the ledger.
/// </summary>
internal static class StockInvariants
{
    public static IEnumerable<AuditResult> Of(ShopRecords shop)
    {
        var bounds = new Check("S1", "0 ≤ reserved ≤ on hand");
        var held = new Check("S2", "reserved = what held reservations hold");
        var ledger = new Check("S3", "on hand and reserved = the sums of the stock ledger");
        var oversold = new Check("S4", "on hand + sold − restocked = received ± adjusted: nothing is oversold");
        var items = Sums(shop);
        foreach (var (key, sum) in items)
        {
            bounds.Look();
            held.Look();
            ledger.Look();
            oversold.Look();
            bounds.Expect(
                sum.Reserved >= 0 && sum.Reserved <= sum.OnHand,
                () => $"item {key}: {sum.Reserved} reserved of {sum.OnHand} on hand");
            held.Expect(
                sum.Reserved == sum.Held,
                () => $"item {key}: {sum.Reserved} reserved, but reservations hold {sum.Held}");
            ledger.Expect(
                sum.OnHand == sum.LedgerOnHand && sum.Reserved == sum.LedgerReserved,
                () => $"item {key}: {sum.OnHand} on hand and {sum.Reserved} reserved, "
                    + $"but its ledger sums to {sum.LedgerOnHand} and {sum.LedgerReserved}");
            oversold.Expect(
                sum.OnHand + sum.Sold == sum.Received,
                () => $"item {key}: {sum.OnHand} on hand and {sum.Sold} sold, "
                    + $"but {sum.Received} received and adjusted");
        }

        return [bounds.Result, held.Result, ledger.Result, oversold.Result, Moves(shop)];
    }

    /// <summary>S5: what the ledger says of an order's lines is one life of a reservation.</summary>
    private static AuditResult Moves(ShopRecords shop)
    {
        var check = new Check(
            "S5",
            "a reservation is held, then committed, released or expired, once; "
            + "restocked once after a commit; one per order");
        foreach (var order in shop.Orders.Where(o => o.Reservation is not null || o.StockRows.Count > 0))
        {
            check.LookAt(FaultsOf(order));
        }

        return check.Result;
    }

    private static IEnumerable<string> FaultsOf(OrderFile order)
    {
        if (order.Reservation is not { State: var reservation } kept)
        {
            yield return $"order {order.Id}: {order.StockRows.Count} stock ledger rows, but no reservation";
            yield break;
        }

        if (kept.Key != order.Id.ToString())
        {
            yield return $"order {order.Id}: its reservation lies under {kept.Key}";
        }

        var lines = reservation.Lines.Select(l => StockItem.KeyOf(l.ProductId, l.VariantId))
            .ToHashSet(StringComparer.Ordinal);
        var rows = order.StockRows.ToLookup(r => r.ItemKey, r => r.Reason, StringComparer.Ordinal);
        foreach (var item in lines.Union(rows.Select(r => r.Key), StringComparer.Ordinal))
        {
            var wanted = lines.Contains(item) ? Life(reservation.Status) : [];
            if (!rows[item].Order().SequenceEqual(wanted.Order()))
            {
                yield return $"order {order.Id}: its reservation is {reservation.StatusName}, "
                    + $"but the ledger of {item} has [{string.Join(", ", rows[item])}]";
            }
        }
    }

    private static StockReason[] Life(ReservationStatus status) => status switch
    {
        ReservationStatus.Held => [StockReason.Reserved],
        ReservationStatus.Committed => [StockReason.Reserved, StockReason.Committed],
        ReservationStatus.Released => [StockReason.Reserved, StockReason.Released],
        ReservationStatus.Expired => [StockReason.Reserved, StockReason.Expired],
        ReservationStatus.Restocked => [StockReason.Reserved, StockReason.Committed, StockReason.Restocked],
        _ => [],
    };

    private static SortedDictionary<string, ItemSums> Sums(ShopRecords shop)
    {
        var items = new SortedDictionary<string, ItemSums>(StringComparer.Ordinal);
        foreach (var (key, item) in shop.Stock)
        {
            (Of(key).OnHand, Of(key).Reserved) = (item.OnHand, item.Reserved);
        }

        foreach (var row in shop.StockLedger)
        {
            var sums = Of(row.ItemKey);
            sums.LedgerOnHand += row.OnHandDelta;
            sums.LedgerReserved += row.ReservedDelta;
            sums.Received += row.Reason is StockReason.Received or StockReason.Adjusted ? row.OnHandDelta : 0;
        }

        foreach (var reservation in shop.Orders.Select(o => o.Reservation?.State).OfType<Reservation>())
        {
            foreach (var line in reservation.Lines)
            {
                var sums = Of(StockItem.KeyOf(line.ProductId, line.VariantId));
                sums.Held += reservation.Status == ReservationStatus.Held ? line.Reserved : 0;
                // What was restocked is back.
                sums.Sold += reservation.Status == ReservationStatus.Committed ? line.Reserved : 0;
            }
        }

        return items;

        ItemSums Of(string key) => items.TryGetValue(key, out var sums) ? sums : items[key] = new();
    }

    /// <summary>One item's figures, each from its own source.</summary>
    private sealed class ItemSums
    {
        public long OnHand { get; set; }

        public long Reserved { get; set; }

        public long LedgerOnHand { get; set; }

        public long LedgerReserved { get; set; }

        public long Received { get; set; }

        public long Held { get; set; }

        public long Sold { get; set; }
    }
}
