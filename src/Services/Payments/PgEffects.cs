using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>Charge the customer once.</summary>
/// <param name="Key">See <see cref="Effect"/>.</param>
/// <param name="IdempotencyKey">The PG's own: the same for every repetition of this charge.</param>
/// <param name="NotAfter">The call may not begin at it or after it.</param>
public sealed record ChargeCard(
    string Key,
    OrderId OrderId,
    UserId UserId,
    Money Amount,
    PaymentMethod Method,
    string OrderName,
    string IdempotencyKey,
    DateTimeOffset NotAfter) : Effect(PaymentKinds.Gateway, Key);

/// <summary>Issue a virtual account that the customer pays into.</summary>
/// <param name="Key">See <see cref="Effect"/>.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Amount">What must be paid in, to the won.</param>
/// <param name="Bank">The bank that the customer chose.</param>
/// <param name="CustomerName">Who pays.</param>
/// <param name="OrderName">For people.</param>
/// <param name="DueAt">Until when the deposit must come; the PG closes the account then.</param>
/// <param name="IdempotencyKey">The PG's own: the same for every repetition.</param>
/// <param name="NotAfter">The call may not begin at it or after it.</param>
public sealed record IssueAccount(
    string Key,
    OrderId OrderId,
    Money Amount,
    string Bank,
    string CustomerName,
    string OrderName,
    DateTimeOffset DueAt,
    string IdempotencyKey,
    DateTimeOffset NotAfter) : Effect(PaymentKinds.Gateway, Key);

/// <summary>Close a virtual account that nothing was paid into. With money in it the PG refuses.</summary>
public sealed record CloseAccount(string Key, string PaymentKey, OrderId OrderId, string Reason, string IdempotencyKey)
    : Effect(PaymentKinds.Gateway, Key);

/// <summary>Read the payment of an order.</summary>
public sealed record QueryPayment(string Key, OrderId OrderId) : Effect(PaymentKinds.Gateway, Key);

/// <summary>Give money back.</summary>
/// <param name="Key">See <see cref="Effect"/>.</param>
/// <param name="PaymentKey">The PG's key of the payment.</param>
/// <param name="OrderId">The order, against which the answer is checked.</param>
/// <param name="RefundId">Put into the reason, so that a later read recognises this refund.</param>
/// <param name="Amount">How much.</param>
/// <param name="Refundable">What the PG must still hold, or it refuses.</param>
/// <param name="Reason">For people.</param>
/// <param name="IdempotencyKey">The PG's own: the same for every repetition of this refund.</param>
public sealed record CancelPayment(
    string Key,
    string PaymentKey,
    OrderId OrderId,
    RefundId RefundId,
    Money Amount,
    Money Refundable,
    string Reason,
    string IdempotencyKey) : Effect(PaymentKinds.Gateway, Key)
{
    /// <summary>Where a deposit goes back to; null for cards.</summary>
    public RefundReceiveAccount? Account { get; init; }
}

/// <summary>What a payment is at the PG.</summary>
public enum PgStatus
{
    /// <summary>Begun or authenticated: not decided yet.</summary>
    Open,

    /// <summary>The virtual account is open, and nothing is in it.</summary>
    AwaitingDeposit,

    /// <summary>Captured; some of it may have been given back.</summary>
    Captured,

    /// <summary>Captured, and all of it given back.</summary>
    Canceled,

    /// <summary>Refused or expired: nothing was captured, and nothing will be.</summary>
    Dead,
}

/// <summary>One refund as the PG tells it.</summary>
/// <param name="Reason">The reason given with it; ours holds the refund's id.</param>
/// <param name="IsDone">Whether it is carried out.</param>
public sealed record PgRefund(string Reason, Money Amount, bool IsDone, string? TransactionKey);

/// <summary>The PG knows the payment and tells how it stands.</summary>
/// <param name="RawStatus">The PG's own word, for people.</param>
/// <param name="IsConfirmable">The customer authenticated it, and nobody has confirmed it yet.</param>
/// <param name="Balance">What the PG still holds.</param>
public sealed record PaymentFound(
    PgStatus Status,
    string RawStatus,
    bool IsConfirmable,
    string PaymentKey,
    string TransactionKey,
    Money Total,
    Money Balance,
    IReadOnlyList<PgRefund> Refunds,
    string? Secret) : EffectResult
{
    /// <summary>The virtual account; null when the customer does not pay into one.</summary>
    public PgAccount? Account { get; init; }

    /// <summary>Whether the PG holds money of the customer.</summary>
    public bool IsHeld => Status == PgStatus.Captured && Balance > Money.Zero;

    /// <summary>Our refund among the PG's, recognised by its id; null when it is not there.</summary>
    public PgRefund? Ours(RefundId id) =>
        Refunds.FirstOrDefault(r => r.Reason.Contains(id.ToString(), StringComparison.OrdinalIgnoreCase));
}

/// <summary>A virtual account as the PG tells it.</summary>
/// <param name="DueAt">Until when the deposit must come.</param>
public sealed record PgAccount(string Bank, string AccountNumber, DateTimeOffset DueAt);

/// <summary>The PG does not know the order: nothing was captured so far.</summary>
public sealed record PaymentNotFound(string Code) : EffectResult;

/// <summary>
/// The card's issuer refused this charge: the answer belongs to its idempotency key, whichever copy asked.
/// </summary>
public sealed record ChargeDeclined(string Code, string Reason) : EffectResult;

/// <summary>The PG refused this request; it says nothing of an earlier one.</summary>
public sealed record RequestRefused(string Code, string Reason) : EffectResult;

/// <summary>Whether anything happened at the PG is unknown.</summary>
/// <param name="Code">The PG's code, if it gave one.</param>
public sealed record OutcomeUnknown(string? Code, string Reason) : EffectResult;
