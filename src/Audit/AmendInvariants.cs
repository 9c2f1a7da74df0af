using DoaMarket.Contracts;
using DoaMarket.Orders;
using DoaMarket.Sagas;

namespace DoaMarket.Audit;

/// <summary>
/// G7 and M7: partial cancels come to an end, and an order's money stays what it was, less what they took, shared out
/// among its sellers to the won.
/// </summary>
internal static class AmendInvariants
{
    public static IEnumerable<AuditResult> Of(ShopRecords shop, Scope scope)
    {
        var ends = new Check(
            "G7", "a partial cancel's saga ends or needs attention with an open alert, its order knows where it "
                + "stands, and what it did was told once");
        var sums = new Check(
            "M7", "an order's total is its lines and fee; partial cancels take their refunds from it; "
                + "sellers' parts add up");
        foreach (var order in shop.Orders.Where(o => o.Placed is not null || o.Amends.Count > 0))
        {
            ends.LookAt(Unknown(order).Concat(Hanging(order, shop, scope)).Concat(Untold(order)));
            if (order.Placed is { } placed)
            {
                sums.LookAt(Misjudged(order, placed.Order).Concat(Unshared(order, placed.Order)));
            }
        }

        return [sums.Result, ends.Result];
    }

    /// <summary>The order and the documents of its partial cancels say the same, in one commit each.</summary>
    private static IEnumerable<string> Unknown(OrderFile order)
    {
        var facts = order.Saga?.State.Amends ?? [];
        foreach (var (amend, saga) in order.Amends.Select(a => (a.State.Amend, a.State)))
        {
            var known = facts.SingleOrDefault(f => f.AmendId == amend.AmendId);
            var its = AmendFact.Of(saga);
            if (known is null || (known.Status, known.IsApproved, known.EndedAt, known.RefundAmount, known.Sums)
                != (its.Status, its.IsApproved, its.EndedAt, its.RefundAmount, its.Sums))
            {
                yield return $"order {order.Id}: partial cancel {amend.AmendId} is {Words.Of(its.Status)}, and its order "
                    + (known is null ? "does not know it" : $"takes it for {Words.Of(known.Status)}");
            }
        }

        if (facts.Count != order.Amends.Count)
        {
            yield return $"order {order.Id}: it knows {facts.Count} partial cancels, "
                + $"and {order.Amends.Count} are there";
        }

        if (facts.Count(f => f.IsOpen) > 1)
        {
            yield return $"order {order.Id}: {facts.Count(f => f.IsOpen)} partial cancels are open at once";
        }

        if (order.Saga?.State is { CancelWaiting: { } cancel, IsAmending: false })
        {
            yield return $"order {order.Id}: a cancel waits since {cancel.AskedAt:u}, but no partial cancel moves";
        }
    }

    private static IEnumerable<string> Hanging(OrderFile order, ShopRecords shop, Scope scope)
    {
        foreach (var kept in order.Amends)
        {
            var (id, saga) = (kept.State.Amend.AmendId, kept.State.Saga);
            var alerts = shop.OpenAlerts(OrderAlerts.Attention, saga.SagaId.ToString());
            if (alerts != (saga.Status is SagaStatus.NeedsAttention ? 1 : 0))
            {
                yield return $"order {order.Id}: partial cancel {id} is {Words.Of(saga.Status)}, "
                    + $"and {alerts} SAGA_NEEDS_ATTENTION alerts are open";
            }

            var moves = saga.Status is SagaStatus.InProgress or SagaStatus.Compensating;
            if (moves && (scope.IsQuiescent || (kept.WakeAt is null && !shop.IsParked(OrderKinds.Amends.Key(id)))))
            {
                yield return $"order {order.Id}: partial cancel {id} is {Words.Of(saga.Status)} at {saga.CurrentStep} "
                    + (kept.WakeAt is { } at ? $"until {at:u}" : "without a timer");
            }

            if (saga.SagaId != AmendSagaId.Of(id) || saga.Version < 1)
            {
                yield return $"order {order.Id}: the saga {saga.SagaId} of partial cancel {id} is another's";
            }
        }
    }

    private static IEnumerable<string> Untold(OrderFile order)
    {
        var facts = order.Saga?.State.Amends ?? [];
        (string Type, int Times)[] due =
        [
            ("order.amended", facts.Count(f => f is { Status: SagaStatus.Completed, IsSuperseded: false })),
            ("order.amend_refused", facts.Count(f => f is { Status: SagaStatus.Cancelled, IsSuperseded: false })),
        ];
        foreach (var (type, times) in due.Where(d => order.Count(d.Type) < d.Times))
        {
            yield return $"order {order.Id}: {type} was sent {order.Count(type)} times, and by its state {times} times";
        }

        if (order.Count("order.amended") + order.Count("order.amend_refused") > facts.Count)
        {
            yield return $"order {order.Id}: more ends of partial cancels were told than it has";
        }

        // The pivot: no money and no stock goes back before Shipping has agreed.
        foreach (var after in (string[])["payment.partial_refund_requested", "inventory.release_lines_requested"])
        {
            if (order.First(after) is { } asked && !order.WasTold(["shipping.amended"], before: asked))
            {
                yield return $"order {order.Id}: {after} {asked.Id} was sent before shipping.amended";
            }
        }
    }

    private static IEnumerable<string> Misjudged(OrderFile order, Order placed)
    {
        var itemsTotal = Remains.TotalOf(placed.Items);
        if (placed.ItemsTotal != itemsTotal || placed.TotalAmount != Remains.SumsOf(placed).Amount
            || placed.TotalAmount < Money.Zero)
        {
            yield return $"order {order.Id}: its lines come to {itemsTotal}, fee {placed.ShippingFee}, "
                + $"discount {placed.DiscountAmount}, but its total is {placed.TotalAmount}";
        }

        IReadOnlyList<AmendFact> before = [];
        foreach (var amend in order.Saga?.State.Amends ?? [])
        {
            var left = Remains.Without(Remains.Of(placed, before), amend.Cancelled);
            var refund = Remains.SumsOf(placed, before).Amount - amend.Sums.Amount;
            if (amend.RefundAmount != refund || refund < Money.Zero || left.Count == 0
                || amend.Sums.ItemsTotal != Remains.TotalOf(left)
                || (placed.ShippingTerms is { } terms && amend.Sums.ShippingFee != terms.FeeFor(amend.Sums.ItemsTotal)))
            {
                yield return $"order {order.Id}: partial cancel {amend.AmendId} refunds {amend.RefundAmount}, and "
                    + $"leaves {left.Count} lines of {Remains.TotalOf(left)} with a fee of {amend.Sums.ShippingFee}";
            }

            before = [.. before, amend];
        }

        var reduction = before.Where(a => a.IsApproved).Aggregate(Money.Zero, (sum, a) => sum + a.RefundAmount);
        var now = Remains.SumsOf(placed, before).Amount;
        if (placed.TotalAmount - reduction != now)
        {
            yield return $"order {order.Id}: {placed.TotalAmount} less {reduction} of partial cancels is not {now}";
        }
    }

    private static IEnumerable<string> Unshared(OrderFile order, Order placed)
    {
        var amends = order.Saga?.State.Amends ?? [];
        var payment = order.Saga?.State.Payment;
        var shares = SellerShare.Of(placed, amends, payment?.Amount ?? Money.Zero, payment?.Refunds ?? []);
        var sums = Remains.SumsOf(placed, amends);
        (string What, Money Whole, Money Parts)[] added =
        [
            ("total", placed.TotalAmount, Sum(shares, s => s.Ordered.Amount)),
            ("remaining amount", sums.Amount, Sum(shares, s => s.Remaining.Amount)),
            ("remaining fee", sums.ShippingFee, Sum(shares, s => s.Remaining.ShippingFee)),
            ("payment", payment?.Amount ?? Money.Zero, Sum(shares, s => s.Paid)),
            ("refunds", Sum(payment?.Refunds ?? [], r => r.Amount), Sum(shares, s => s.Refunded)),
        ];
        foreach (var (what, whole, parts) in added.Where(a => a.Whole != a.Parts))
        {
            yield return $"order {order.Id}: its sellers' shares of the {what} add up to {parts} of {whole}";
        }

        var expected = SellerOrder.Of(placed).Select(s => s.SubOrderNumber).Order(StringComparer.Ordinal);
        var listed = order.SubOrders.Order(StringComparer.Ordinal).ToList();
        if (!expected.SequenceEqual(listed, StringComparer.Ordinal))
        {
            yield return $"order {order.Id}: its sellers' lists have it as [{string.Join(", ", listed)}]";
        }
    }

    private static Money Sum<T>(IEnumerable<T> of, Func<T, Money> amount) =>
        of.Aggregate(Money.Zero, (sum, x) => sum + amount(x));
}
