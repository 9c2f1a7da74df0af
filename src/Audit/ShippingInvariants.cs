using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Shipping;

namespace DoaMarket.Audit;

/// <summary>G6, H1, H3: what Shipping's documents and the journal say of parcels.</summary>
internal static class ShippingInvariants
{
    private const string Dispatched = "shipping.dispatched";

    public static IEnumerable<AuditResult> Of(ShopRecords shop)
    {
        var pivot = new Check("G6", "after dispatch there are only returns: neither parcel nor order is cancelled");
        var gates = new Check(
            "H1",
            "a dispatched parcel was paid in full, its stock sold, not all refunded, no partial cancel open; it holds the "
                + "order's remaining lines and goes where its owner wants it");
        var forward = new Check("H3", "a parcel's status never moves backwards");
        foreach (var order in shop.Orders)
        {
            if (order.Shipment is not null)
            {
                forward.LookAt(Backwards(order));
            }

            if (IsDispatched(order))
            {
                pivot.LookAt(CancelledAfterwards(order));
                gates.LookAt(ClosedGates(order));
            }
        }

        return [pivot.Result, gates.Result, forward.Result];
    }

    private static bool IsDispatched(OrderFile order) =>
        (order.Shipment is { } s && Rank(s.State.Status) >= Rank(ShipmentStatus.Dispatched))
        || order.First(Dispatched) is not null
        || order.CarrierRows.Any(r => r.Kind == OracleParcel.Dispatch);

    private static IEnumerable<string> CancelledAfterwards(OrderFile order)
    {
        if (order.First(Dispatched) is { } dispatched
            && order.Told.Any(t => t.Type == "shipping.cancelled" && !t.MayPrecede(dispatched)))
        {
            yield return $"order {order.Id}: its parcel was dispatched, then cancelled";
        }

        if (order.First("order.cancelled") is { } cancelled)
        {
            yield return $"order {order.Id}: {cancelled.Id} says that it is cancelled, "
                + "though its parcel was dispatched";
        }

        var handedOver = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in order.CarrierRows)
        {
            if (row.Kind == OracleParcel.Dispatch)
            {
                handedOver.Add(row.TrackingNumber);
            }
            else if (row.Kind == OracleParcel.Cancel && handedOver.Contains(row.TrackingNumber))
            {
                yield return $"order {order.Id}: {row.Carrier} cancelled {row.TrackingNumber} "
                    + "after it had been dispatched";
            }
        }
    }

    private static IEnumerable<string> ClosedGates(OrderFile order)
    {
        var dispatched = order.First(Dispatched);
        if (order.Shipment?.State is not { } shipment || order.Placed is not { } placed)
        {
            yield return $"order {order.Id}: a parcel was dispatched, "
                + $"but there is no {(order.Placed is null ? "order" : "shipment")}";
            yield break;
        }

        // What the bank takes back later does not make the dispatch wrong: a person is called for it.
        var isReversed = order.First("payment.deposit_reversed") is { } reversed && IsBefore(reversed);
        var captured = isReversed ? order.Captured : order.FirstCaptured;
        if (captured != placed.Total || !shipment.IsPaid || !order.WasTold(["payment.completed"], dispatched))
        {
            yield return $"order {order.Id}: dispatched with {captured} of {placed.Total} captured"
                + (shipment.IsPaid ? "" : ", and its shipment had not heard of a payment");
        }

        var reservation = order.Reservation?.State.Status;
        if (reservation is not (ReservationStatus.Committed or ReservationStatus.Restocked or ReservationStatus.WrittenOff)
            || !shipment.IsCommitted || !order.WasTold(["inventory.committed"], dispatched))
        {
            yield return $"order {order.Id}: dispatched, but it was not told that its stock is sold "
                + $"(the reservation is {order.Reservation?.State.StatusName ?? "missing"})";
        }

        var refunded = order.Told.Where(IsBefore).Select(t => t.Body).OfType<PaymentRefunded>()
            .DistinctBy(r => r.RefundId).Aggregate(Money.Zero, (sum, r) => sum + r.Amount);
        if (refunded >= placed.Total)
        {
            yield return $"order {order.Id}: dispatched although it had been refunded";
        }

        foreach (var row in WrongParcel(order, shipment, placed))
        {
            yield return row;
        }

        bool IsBefore(Told told) => dispatched is { } d && !d.MayPrecede(told);
    }

    private static IEnumerable<string> WrongParcel(OrderFile order, Shipment shipment, Placed placed)
    {
        foreach (var amend in shipment.Amends.Where(a => a.Status == AmendStatus.Open))
        {
            yield return $"order {order.Id}: dispatched while the partial cancel {amend.AmendId} was open";
        }

        var inside = Lines(shipment.Consignment?.Items, []).ToList();
        var owed = Remaining(order, placed).ToList();
        if (!inside.SequenceEqual(owed, StringComparer.Ordinal))
        {
            yield return $"order {order.Id}: the parcel holds [{string.Join(", ", inside)}], "
                + $"of the order remain [{string.Join(", ", owed)}]";
        }

        foreach (var row in order.CarrierRows.Where(r => r.Kind == OracleParcel.Dispatch && r.PostalCode is not null))
        {
            if (row.PostalCode != shipment.Consignment?.Address.PostalCode)
            {
                yield return $"order {order.Id}: {row.Carrier} takes {row.TrackingNumber} to {row.PostalCode}, "
                    + $"its owner wants it at {shipment.Consignment?.Address.PostalCode}";
            }
        }
    }

    /// <summary>What was ordered, less what partial cancels took out.</summary>
    private static IEnumerable<string> Remaining(OrderFile order, Placed placed) => Lines(
        placed.Items,
        order.Told.Select(t => t.Body).OfType<OrderAmended>().DistinctBy(m => m.AmendId).SelectMany(m => m.Cancelled));

    private static IEnumerable<string> Lines(IReadOnlyList<OrderItem>? items, IEnumerable<OrderItem> without)
    {
        var pieces = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (item, sign) in (items ?? []).Select(i => (i, 1)).Concat(without.Select(i => (i, -1))))
        {
            var key = StockItem.KeyOf(item.ProductId, item.VariantId);
            pieces[key] = pieces.GetValueOrDefault(key) + (sign * item.Quantity);
        }

        return pieces.Where(p => p.Value != 0).Select(p => $"{p.Key}×{p.Value}");
    }

    /// <summary>What was told goes forward, and the shipment stands where it was told to stand, or further.</summary>
    private static IEnumerable<string> Backwards(OrderFile order)
    {
        var (furthest, last) = (0, default(Told));
        var seen = new HashSet<int>();
        foreach (var told in order.Told)
        {
            // The same news may be told again as the answer to a new question; only the first time it moves anything.
            if (RankOf(told) is not { } rank || !seen.Add(rank))
            {
                continue;
            }

            if (rank > furthest)
            {
                (furthest, last) = (rank, told);
            }
            else if (!told.MayPrecede(last))
            {
                yield return $"order {order.Id}: {told.Type} was told after {last.Type}";
            }
        }

        var status = order.Shipment!.State.Status;
        if (Rank(status) < furthest)
        {
            yield return $"order {order.Id}: {last.Type} was told, but the shipment is {status.Wire()}";
        }
    }

    private static int? RankOf(Told told) => told switch
    {
        { Type: "shipping.prepared" } => Rank(ShipmentStatus.Prepared),
        { Type: Dispatched } => Rank(ShipmentStatus.Dispatched),
        { Body: ShippingInTransit { Status: "out_for_delivery" } } => Rank(ShipmentStatus.OutForDelivery),
        { Body: ShippingInTransit } => Rank(ShipmentStatus.InTransit),
        { Type: "shipping.delivered" } => Rank(ShipmentStatus.Delivered),
        { Type: "shipping.delivery_failed" } => Rank(ShipmentStatus.DeliveryFailed),
        { Type: "return.initiated" } => Rank(ShipmentStatus.Returning),
        { Type: "return.picked_up" } => Rank(ShipmentStatus.ReturnPickedUp),
        { Type: "return.received" } => Rank(ShipmentStatus.Returned),
        { Type: "return.completed" } => Rank(ShipmentStatus.ReturnCompleted),
        _ => null,
    };

    /// <summary>
    /// How far a status is along the road; a shipment that ends before the carrier has it ends beside the road.
    /// </summary>
    internal static int Rank(ShipmentStatus status) => status switch
    {
        ShipmentStatus.Stub or ShipmentStatus.Preparing or ShipmentStatus.Failed => 1,
        ShipmentStatus.Prepared or ShipmentStatus.Dispatching
            or ShipmentStatus.Cancelling or ShipmentStatus.Cancelled => 2,
        ShipmentStatus.Dispatched => 3,
        ShipmentStatus.InTransit => 4,
        ShipmentStatus.OutForDelivery => 5,
        ShipmentStatus.DeliveryFailed => 6,
        ShipmentStatus.Delivered => 7,
        ShipmentStatus.Returning => 8,
        ShipmentStatus.ReturnPickedUp => 9,
        ShipmentStatus.Returned => 10,
        ShipmentStatus.ReturnCompleted => 11,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No status of a shipment."),
    };
}
