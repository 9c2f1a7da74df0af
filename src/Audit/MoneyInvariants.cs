using DoaMarket.Contracts;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Sagas;
using PaymentStatus = DoaMarket.Payments.PaymentStatus;

namespace DoaMarket.Audit;

/// <summary>M1, M2, M5, M6: what Payments' own books say.</summary>
internal static class MoneyInvariants
{
    public static IEnumerable<AuditResult> Of(ShopRecords shop, Scope scope)
    {
        var bounds = new Check(
            "M1",
            "refunded ≤ min(captured, what was approved), captured ≤ the order's total, "
            + "and a payment's sums are the sums of its ledger");
        var end = new Check(
            "M2",
            scope.Title(
                "a cancelled order's capture is refunded in full, less what an operator settled for, a completed one's as "
                + "far as partial cancels and operators approved, or the refund has failed"));
        var late = new Check(
            "M5",
            scope.Title(
                "a capture after the order had stopped being payable is refunded in full, or the refund has failed"));
        foreach (var order in shop.Orders.Where(o => o.Payment is not null || o.MoneyRows.Count > 0))
        {
            bounds.LookAt(OutOfBounds(order));
            if (scope.CoversMoneyOf(order))
            {
                var isLate = order.Captured > Money.Zero && order.Payment?.State.ChargeReply?.Completed is null;
                (isLate ? late : end).LookAt(NotAtItsEnd(order, isLate));
            }
        }

        return [bounds.Result, end.Result, late.Result, Alerts(shop)];
    }

    private static IEnumerable<string> OutOfBounds(OrderFile order)
    {
        if (order.Payment?.State is not { } payment)
        {
            yield return $"order {order.Id}: {order.MoneyRows.Count} payment ledger rows, but no payment";
            yield break;
        }

        var (captured, refunded, byHand) = (order.Captured, order.Refunded, order.ByHand);
        if ((captured, refunded, byHand) != (payment.Captured, payment.Refunded, payment.SettledByHand))
        {
            yield return $"order {order.Id}: captured {payment.Captured}, refunded {payment.Refunded}, "
                + $"by hand {payment.SettledByHand}, but its ledger sums to {captured}, {refunded} and {byHand}";
        }

        // A charge of unknown outcome may be settled by hand before it surfaces: then only what is missing is refunded.
        var owed = captured > byHand ? captured - byHand : Money.Zero;
        if (refunded < Money.Zero || byHand < Money.Zero || refunded > owed)
        {
            yield return $"order {order.Id}: refunded {refunded} and settled by hand {byHand} of {captured} captured";
        }

        if (captured > Money.Zero && refunded + byHand > order.Reduction())
        {
            yield return $"order {order.Id}: refunded {refunded} and settled by hand {byHand}, "
                + $"but only {order.Reduction()} was approved";
        }

        var mayRetain = order.Told.Any(t => t.Body is PaymentResolveRequested { RefundId: null, Amount: not null });
        if (order.Retained < Money.Zero || (order.Retained > Money.Zero && !mayRetain)
            || refunded + byHand + order.Retained > (captured > byHand ? captured : byHand))
        {
            yield return $"order {order.Id}: {order.Retained} of {captured} stays with the shop after {refunded} was refunded "
                + $"and {byHand} settled by hand, {(mayRetain ? "which is more than there is" : "which no operator decided")}";
        }

        var total = order.Placed?.Total ?? payment.Amount;
        if (captured > total || (payment.Terms is not null && payment.Amount != total))
        {
            yield return $"order {order.Id}: total {total}, asked of the PG {payment.Amount}, captured {captured}";
        }
    }

    private static IEnumerable<string> NotAtItsEnd(OrderFile order, bool isLate)
    {
        if (order.Payment?.State.Status == PaymentStatus.RefundFailed || order.Saga?.State.Saga is not { } saga)
        {
            yield break; // that its alert is open is M6; that it has a saga is G1
        }

        var back = order.Refunded + order.ByHand + order.Retained;
        if (saga.Status == SagaStatus.Completed && !isLate && back < order.Reduction())
        {
            yield return $"order {order.Id}: completed, and {back} of {order.Captured} was given back, "
                + $"but {order.Reduction()} was approved";
        }

        if ((isLate || IsPaymentUndone(saga)) && order.Captured > back)
        {
            yield return $"order {order.Id}: saga {Words.Of(saga.Status)}, captured {order.Captured}, "
                + $"but only {back} was given back";
        }
    }

    private static bool IsPaymentUndone(SagaState saga) =>
        saga.Status == SagaStatus.Cancelled
        || saga.Steps.Any(
            s => s is { Name: OrderFlow.ProcessPayment, Status: StepStatus.Compensated or StepStatus.Failed });

    private static AuditResult Alerts(ShopRecords shop)
    {
        var check = new Check("M6", "a payment is refund_failed exactly while one REFUND_FAILED alert is open for it");
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var payment in shop.Orders.Select(o => o.Payment?.State).OfType<Payment>())
        {
            check.Look();
            known.Add(payment.Id.ToString());
            var open = shop.OpenAlerts(PaymentKinds.RefundFailedAlert, payment.Id.ToString());
            check.Expect(
                open == (payment.Status == PaymentStatus.RefundFailed ? 1 : 0),
                () => $"order {payment.OrderId}: payment {payment.Id} is {payment.Status.Name()}, "
                    + $"and {open} REFUND_FAILED alerts are open");
        }

        foreach (var (_, state) in shop.Alerts)
        {
            var isOfNoPayment = state is { IsOpen: true, Alert.Type: PaymentKinds.RefundFailedAlert }
                && !known.Contains(state.Alert.Subject);
            check.Expect(
                !isOfNoPayment, () => $"a REFUND_FAILED alert is open for {state.Alert.Subject}, which is no payment");
        }

        return check.Result;
    }
}
