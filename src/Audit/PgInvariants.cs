using DoaMarket.Contracts;
using DoaMarket.Payments;

namespace DoaMarket.Audit;

/// <summary>M3, M4: our payment ledger beside the PG's own journal.</summary>
internal static class PgInvariants
{
    private const string NotAtHand = "not checked: the PG's books are not at hand";

    public static IEnumerable<AuditResult> Of(ShopRecords shop, Scope scope, bool hasBooks)
    {
        const string same = "our ledger = the PG's books, both directions, per order (exempt: settled by hand, or a person "
            + "is called since the PG has another amount than was asked for)";
        const string once = "the PG never holds two captures for one order";
        if (!hasBooks)
        {
            return [new("M3", $"{same} ({NotAtHand})", 0, []), new("M4", $"{once} ({NotAtHand})", 0, [])];
        }

        var (ledger, capture) = (new Check("M3", scope.Title(same)), new Check("M4", once));
        foreach (var order in shop.Orders)
        {
            if ((order.PgRows.Count > 0 || order.MoneyRows.Count > 0) && IsComparable(order, scope)
                && !IsForPerson(shop, order))
            {
                ledger.LookAt(Differences(order));
            }

            if (order.PgRows.Count > 0)
            {
                capture.LookAt(SecondCaptures(order));
            }
        }

        return [ledger.Result, capture.Result];
    }

    // The intent is committed before the PG is called: money of an unknown payment is wrong at any time.
    private static bool IsComparable(OrderFile order, Scope scope) => order.Payment is not { State: var payment }
        || (scope.CoversMoneyOf(order) && scope.IsResting(payment.UpdatedAt));

    private static bool IsForPerson(ShopRecords shop, OrderFile order) =>
        order.Payment?.State is { AmountAtPg: not null } payment
            && shop.IsOpen(PaymentKinds.AmountMismatchAlert, payment.Id.ToString());

    private static IEnumerable<string> Differences(OrderFile order)
    {
        var (captured, refunded) = (
            SumOf(order, OraclePayment.Capture) - SumOf(order, OraclePayment.Reversal),
            SumOf(order, OraclePayment.Cancel));
        var isSettledByHand = order.Payment?.State is { } payment
            && (payment.SettlementReason is not null || payment.Refunds.Any(r => r.SettlementReason is not null));
        if (isSettledByHand ? captured < order.Captured : captured != order.Captured)
        {
            yield return $"order {order.Id}: captured {captured} at the PG, but the ledger says {order.Captured}";
        }

        if (isSettledByHand ? refunded < order.Refunded : refunded != order.Refunded)
        {
            yield return $"order {order.Id}: refunded {refunded} at the PG, but the ledger says {order.Refunded}";
        }
    }

    private static Money SumOf(OrderFile order, string kind) =>
        new(order.PgRows.Where(r => r.Kind == kind).Sum(r => r.AmountWon));

    private static IEnumerable<string> SecondCaptures(OrderFile order)
    {
        var balances = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var row in order.PgRows)
        {
            var sign = row.Kind == OraclePayment.Capture ? 1 : -1;
            balances[row.PaymentKey] = balances.GetValueOrDefault(row.PaymentKey) + (sign * row.AmountWon);
            if (row.Kind == OraclePayment.Capture && balances.Count(b => b.Value > 0) > 1)
            {
                var held = balances.Where(b => b.Value > 0).Select(b => $"{new Money(b.Value)} in {b.Key}");
                yield return $"order {order.Id}: the PG held {string.Join(" and ", held)} at once";
            }
        }
    }
}
