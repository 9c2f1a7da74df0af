using DoaMarket.Contracts;

namespace DoaMarket.Payments;

/// <summary>A payment in a list.</summary>
/// <param name="Captured">What the PG took, in won.</param>
/// <param name="Refunded">What the PG gave back.</param>
/// <param name="SettledByHand">What operators gave back outside the PG.</param>
/// <param name="Retained">What an operator left with the shop when closing the payment by hand.</param>
/// <param name="Refundable">What could still be given back: nothing of it is promised to a refund under way.</param>
public sealed record PaymentSummaryView(
    PaymentId PaymentId, OrderId OrderId, string? UserId, string Status, string Currency, Money Amount, Money Captured,
    Money Refunded, Money SettledByHand, Money Retained, Money Refundable, string? Method, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>What of a payment is shown.</summary>
    public static PaymentSummaryView Of(Payment p) => new(
        p.Id, p.OrderId, p.UserId?.Value, p.Status.Name(), p.Currency, p.Amount, p.Captured, p.Refunded, p.SettledByHand,
        p.Retained, p.Refundable, p.Terms?.Method.Type, p.CreatedAt, p.UpdatedAt);
}

/// <summary>A payment with all that was given back, and its books.</summary>
public sealed record PaymentView(
    PaymentSummaryView Payment, IReadOnlyList<RefundView> Refunds, IReadOnlyList<LedgerRowView> Ledger);

/// <summary>One refund.</summary>
/// <param name="Kind">full, partial_cancel, operator or at_pg.</param>
/// <param name="Status">queued, under_way, failed, refunded or closed (settled by hand, or nothing was left).</param>
/// <param name="Asked">How much was asked for; null for everything that was left.</param>
/// <param name="Amount">What went back.</param>
/// <param name="RequestedBy">The operator, if one asked for it and you are one.</param>
public sealed record RefundView(
    RefundId RefundId, string Kind, string Status, Money? Asked, Money Amount, string Reason, string? LastError,
    DateTimeOffset RequestedAt, DateTimeOffset? EndedAt, string? RequestedBy)
{
    /// <summary>What of a refund is shown; what operators know only to them.</summary>
    public static RefundView Of(Refund r, bool forOperator) => new(
        r.Id, Words.Of(r.Kind), Words.Of(r.Status), r.Asked, r.Amount, r.Reason, forOperator ? r.LastError : null,
        r.RequestedAt, r.EndedAt, forOperator ? r.By?.Value : null);
}

/// <summary>One movement of money.</summary>
/// <param name="Amount">Positive from the customer, negative to the customer.</param>
public sealed record LedgerRowView(
    string Reason, Money Amount, DateTimeOffset At, RefundId? RefundId, string? TransactionKey)
{
    /// <summary>What of a row is shown.</summary>
    public static LedgerRowView Of(PaymentLedgerRow r) =>
        new(Words.Of(r.Reason), r.Amount, r.At, r.RefundId, r.TransactionKey);
}

/// <summary>An operator's wish to give a part back.</summary>
/// <param name="Amount">In won.</param>
public sealed record RefundBody(Money Amount, string Reason);

/// <summary>Why an operator does something.</summary>
public sealed record PaymentReasonBody(string Reason);
