using System.Globalization;
using DoaMarket.Shipping;

namespace DoaMarket.Audit;

/// <summary>G5, H2: what the outside's own books say was done, whatever ours say.</summary>
internal static class OutsideInvariants
{
    public static IEnumerable<AuditResult> Of(
        ShopRecords shop, Scope scope, bool hasPgBooks, bool hasCarrierBooks)
    {
        const string title = "each outside effect happened at most once per order and operation";
        var once = new Check("G5", title + (hasPgBooks, hasCarrierBooks) switch
        {
            (true, true) => "",
            (true, false) => " (money only: the carriers' books are not at hand)",
            (false, true) => " (parcels only: the PG's books are not at hand)",
            _ => " (not checked: the outside's books are not at hand)",
        });
        var live = new Check(
            "H2",
            "an order has at most one live waybill, in the end none for a parcel that was given up"
                + (hasCarrierBooks ? "" : " (not checked: the carriers' books are not at hand)"));
        foreach (var order in shop.Orders.Where(o => o.PgRows.Count > 0 || o.CarrierRows.Count > 0))
        {
            once.LookAt(Repeated(order));
            if (order.CarrierRows.Count > 0)
            {
                live.LookAt(LiveTogether(order).Concat(scope.IsQuiescent ? LiveForNothing(order) : []));
            }
        }

        return [once.Result, live.Result];
    }

    private static IEnumerable<string> Repeated(OrderFile order) =>
        order.PgRows.Where(r => r.IdempotencyKey is not null).Select(r => $"{r.Kind} under {r.IdempotencyKey}")
            .Concat(order.CarrierRows.Select(r => r.Kind == OracleParcel.Waybill
                ? $"{r.Carrier} {r.Kind} for {r.ClientReference}"
                : $"{r.Carrier} {r.Kind} of {r.TrackingNumber}"))
            .GroupBy(what => what, StringComparer.Ordinal)
            .Where(g => g.Skip(1).Any())
            .Select(
                g => $"order {order.Id}: {g.Key} happened {g.Count().ToString(CultureInfo.InvariantCulture)} times");

    private static IEnumerable<string> LiveTogether(OrderFile order)
    {
        var live = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in order.CarrierRows)
        {
            var waybill = $"{row.Carrier} {row.TrackingNumber}";
            if (row.Kind == OracleParcel.Cancel)
            {
                live.Remove(waybill);
            }
            else if (row.Kind == OracleParcel.Waybill && live.Add(waybill) && live.Count > 1)
            {
                yield return $"order {order.Id}: {string.Join(" and ", live)} lived at once";
            }
        }
    }

    /// <summary>What a person has settled with the carrier, or the carrier has taken all the same, is theirs to stop.</summary>
    private static IEnumerable<string> LiveForNothing(OrderFile order)
    {
        if (order.Shipment?.State is not
            { Status: ShipmentStatus.Cancelled or ShipmentStatus.Failed, SettledByHand: null } shipment)
        {
            yield break;
        }

        foreach (var waybill in order.CarrierRows.GroupBy(r => $"{r.Carrier} {r.TrackingNumber}", StringComparer.Ordinal))
        {
            if (waybill.All(r => r.Kind == OracleParcel.Waybill))
            {
                yield return $"order {order.Id}: its shipment is {shipment.Status.Wire()}, but {waybill.Key} lives on";
            }
        }
    }
}
