using DoaMarket.Contracts;
using DoaMarket.Kernel;

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

            // Happy path: the charge, and what the PG answers.
            .On<PaymentRequested>(m => KeyOf(m.Message), (d, m) => Charging.Request(d, m, options))
            .OnAnswer(PaymentKinds.Payments, (d, m) => Answers.Decide(d, m, options))

            // Compensation.
            .On<RefundRequested>(m => KeyOf(m.Message), (d, m) => Refunding.Request(d, m, options))
            .On<PaymentResolveRequested>(m => KeyOf(m.Message), (d, m) => Settling.Resolve(d, m, options))

            // Deadlines, lost answers, backoffs.
            .OnDue(PaymentKinds.Payments, (d, m) => Answers.Due(d, m, options))

            // Late arrivals: the PG's webhooks.
            .OnRequest<PaymentHint, PaymentHintTaken>(
                r => [KeyOf(r.OrderId)], (d, m) => Hinting.Request(d, m, options));
    }

    private static DocumentKey KeyOf(IOrderMessage message) => KeyOf(message.OrderId);

    private static DocumentKey KeyOf(OrderId order) => PaymentKinds.Payments.Key(PaymentId.Of(order));
}
