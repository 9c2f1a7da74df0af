using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Orders;

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
            + "restocked or written off once after a commit, in part by each partial cancel; one per order; what an "
            + "operator says is lost is not put back");
        foreach (var order in shop.Orders.Where(o => o.Reservation is not null || o.StockRows.Count > 0))
        {
            check.LookAt(FaultsOf(order).Concat(LostAndPutBack(order)));
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

        foreach (var item in order.StockRows.Select(r => r.ItemKey)
            .Union(reservation.Lines.Select(KeyOf), StringComparer.Ordinal))
        {
            var rows = order.StockRows.Where(r => r.ItemKey == item)
                .Select(r => (r.Reason, r.AmendId?.Value, Units(r))).ToList();
            var wanted = Life(reservation, item);
            if (!rows.Order().SequenceEqual(wanted.Order()))
            {
                yield return $"order {order.Id}: its reservation is {reservation.StatusName}, "
                    + $"but the ledger of {item} has [{Told(rows)}] instead of [{Told(wanted)}]";
            }
        }

        foreach (var twice in (reservation.LinesAnswers ?? []).CountBy(a => a.AmendId).Where(c => c.Value > 1))
        {
            yield return $"order {order.Id}: the partial cancel {twice.Key} was answered {twice.Value} times";
        }
    }

    /// <summary>
    /// Goods that an operator says are lost stay out of stock, and no others do: from the settlement to the request, and
    /// from the request to the reservation.
    /// </summary>
    private static IEnumerable<string> LostAndPutBack(OrderFile order)
    {
        var releases = order.Told.Where(t => t.Body is ReleaseRequested).ToList();
        var isLost = releases.Select(t => ((ReleaseRequested)t.Body!).Restock).Distinct().ToList() is [false];
        var status = order.Reservation?.State.Status;
        if (isLost ? status is ReservationStatus.Restocked : status is ReservationStatus.WrittenOff)
        {
            yield return $"order {order.Id}: its goods are {(isLost ? "lost" : "there")} by what Inventory was told, "
                + $"but its reservation is {order.Reservation!.State.StatusName}";
        }

        if (order.Saga?.State.Saga is not { } saga || !SagaPattern.IsReadable(saga)
            || saga.Step(OrderFlow.PrepareShipping).Settlement is not { Restock: false })
        {
            yield break;
        }

        var settled = order.Told.First(t => t.Body is ShippingResolveRequested { Restock: false });
        foreach (var release in releases.Where(
            t => t.Body is ReleaseRequested { Restock: true } && !t.MayPrecede(settled)))
        {
            yield return $"order {order.Id}: an operator settled its parcel as lost, "
                + $"but {release.Type} {release.Id} has its goods put back";
        }
    }

    private static string KeyOf(ReservedLine line) => StockItem.KeyOf(line.ProductId, line.VariantId);

    /// <summary>
    /// A partial cancel's row gives back just what was answered; how many units the others moved, S2 to S4 judge.
    /// </summary>
    private static int Units(StockLedgerRow row) =>
        row.AmendId is null ? 0 : Math.Max(Math.Abs(row.OnHandDelta), Math.Abs(row.ReservedDelta));

    private static string Told(IEnumerable<(StockReason Reason, Guid? Amend, int Units)> rows) => string.Join(
        ", ", rows.Select(r => r.Amend is null ? r.Reason.ToString() : $"{r.Reason} {r.Units} by a partial cancel"));

    /// <summary>The rows that one item of a reservation must have: each partial cancel's, and its own life's.</summary>
    private static List<(StockReason Reason, Guid? Amend, int Units)> Life(Reservation reservation, string item)
    {
        int Sum(IEnumerable<ReservedLine> lines) => lines.Where(l => KeyOf(l) == item).Sum(l => l.Reserved);

        List<(StockReason Reason, Guid? Amend, int Units)> life = [];
        var (held, sold) = (Sum(reservation.Lines), 0);
        Add(StockReason.Reserved, null, held);
        foreach (var answer in reservation.LinesAnswers ?? [])
        {
            var units = Sum(answer.Lines);
            Add(answer.WereSold ? StockReason.Restocked : StockReason.Released, answer.AmendId.Value, units);
            held -= answer.WereSold ? 0 : units;
            sold += answer.WereSold ? units : 0;
        }

        switch (reservation.Status)
        {
            case ReservationStatus.Committed or ReservationStatus.Restocked or ReservationStatus.WrittenOff:
                Add(StockReason.Committed, null, held);
                Add(StockReason.Restocked, null, reservation.Status is ReservationStatus.Restocked ? held - sold : 0);
                Add(StockReason.WrittenOff, null, reservation.Status is ReservationStatus.WrittenOff ? held - sold : 0);
                break;
            case ReservationStatus.Released:
                Add(StockReason.Released, null, held);
                break;
            case ReservationStatus.Expired:
                Add(StockReason.Expired, null, held);
                break;
            default:
                break;
        }

        return life;

        void Add(StockReason reason, Guid? amend, int units)
        {
            if (units != 0)
            {
                life.Add((reason, amend, amend is null ? 0 : units));
            }
        }
    }

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
            foreach (var line in reservation.Remaining)
            {
                var sums = Of(StockItem.KeyOf(line.ProductId, line.VariantId));
                sums.Held += reservation.Status == ReservationStatus.Held ? line.Reserved : 0;
                // What was restocked is back; what was written off never will be.
                sums.Sold += reservation.Status is ReservationStatus.Committed or ReservationStatus.WrittenOff
                    ? line.Reserved
                    : 0;
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
