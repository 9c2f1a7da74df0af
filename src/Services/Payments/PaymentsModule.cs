using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Payments.Reconciling;

namespace DoaMarket.Payments;

/// <summary>
/// The Payments service: its documents, and what it does with messages, answers, timers and webhooks.
/// </summary>
public static class PaymentsModule
{
    /// <summary>Builds the module.</summary>
    public static ServiceModule Create(PaymentsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ServiceModule(ShopTopology.Payments)
            .Owns(PaymentKinds.Payments, PaymentKinds.Ledger)
            .Owns(ReconciliationKinds.Runs, ReconciliationKinds.PgRecords, ReconciliationKinds.Book)

            // Happy path: the charge, and what the PG answers.
            .On<PaymentRequested>(m => KeyOf(m.Message), (d, m) => Charging.Request(d, m, options))
            .OnAnswer(PaymentKinds.Payments, (d, m) => Answers.Decide(d, m, options))

            // Compensation.
            .On<RefundRequested>(m => KeyOf(m.Message), (d, m) => Refunding.Request(d, m, options))
            .On<PartialRefundRequested>(m => KeyOf(m.Message), (d, m) => PartRefunding.Request(d, m, options))
            .On<PaymentResolveRequested>(m => KeyOf(m.Message), (d, m) => Settling.Resolve(d, m, options))

            // Deadlines, lost answers, backoffs.
            .OnDue(PaymentKinds.Payments, (d, m) => Answers.Due(d, m, options))

            // Late arrivals: the PG's webhooks.
            .OnRequest<PaymentHint, PaymentHintTaken>(
                r => [KeyOf(r.OrderId)], (d, m) => Hinting.Request(d, m, options))

            // What operators do.
            .OnRequest<RefundPart, RefundPartReply>(
                r => [KeyOf(r.PaymentId)], (d, m) => PartRefunding.ByOperator(d, m, options))
            .OnRequest<RetryRefund, RefundPartReply>(
                r => [KeyOf(r.PaymentId)], (d, m) => PartRefunding.Retry(d, m, options))
            .OnRequest<SettleRefund, RefundPartReply>(
                r => [KeyOf(r.PaymentId)], (d, m) => Settling.ByOperator(d, m, options))
            .OnRequest<RereadPayment, RefundPartReply>(
                r => [KeyOf(r.PaymentId)], (d, m) => Rereading.Request(d, m, options))

            // Reconciliation with the PG.
            .OnRequest<OpenReconciliationBook, bool>(
                _ => [BookKey()], (d, m) => ReconciliationRun.Open(d, m, options))
            .OnRequest<Reconcile, ReconcileReply>(
                _ => [BookKey()], (d, m) => ReconciliationRun.Request(d, m, options))
            .OnDue(ReconciliationKinds.Book, (d, m) => ReconciliationRun.Due(d, m, options))
            .OnDue(
                ReconciliationKinds.Runs, (d, m) => ReconciliationRun.Due(d, m, options),
                then: m => ReconciliationRun.Needs(m.State))
            .OnAnswer(
                ReconciliationKinds.Runs, (d, m) => ReconciliationRun.Answered(d, m, options),
                then: ReconciliationRun.Needs);
    }

    private static DocumentKey BookKey() => ReconciliationKinds.Book.Key(ReconciliationKinds.BookKey);

    private static DocumentKey KeyOf(IOrderMessage message) => KeyOf(message.OrderId);

    private static DocumentKey KeyOf(OrderId order) => KeyOf(PaymentId.Of(order));

    private static DocumentKey KeyOf(PaymentId payment) => PaymentKinds.Payments.Key(payment);
}
