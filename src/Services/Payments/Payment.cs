using System.Text.Json.Serialization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>
/// The payment of one order: what was asked, what the PG is known to have done, and what is still open.
/// </summary>
/// <param name="Amount">What is to be charged; zero on a tombstone, which never saw the request.</param>
/// <param name="Trail">The last message that moved it, for what is born of timers and answers.</param>
public sealed record Payment(
    PaymentId Id,
    OrderId OrderId,
    UserId? UserId,
    Money Amount,
    string Currency,
    PaymentStatus Status,
    Trail Trail,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>How to charge; null on a tombstone: a refund request that overtook its charge request.</summary>
    public ChargeTerms? Terms { get; init; }

    /// <summary>The one open question to the PG; null when nothing is open.</summary>
    public PgCall? Call { get; init; }

    /// <summary>How many questions were put so far: it numbers them.</summary>
    public int Calls { get; init; }

    /// <summary>When the open question is put (again); null when nothing is open.</summary>
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>Whether a charge before the open question may have reached the PG.</summary>
    public bool ChargeMayHaveBegun { get; init; }

    /// <summary>The PG's key of the payment, once captured.</summary>
    public string? PaymentKey { get; init; }

    /// <summary>The PG's key of the capture.</summary>
    public string? TransactionKey { get; init; }

    /// <summary>The virtual account that the customer pays into; null when there is none.</summary>
    public PgAccount? Account { get; init; }

    /// <summary>How often the bank has taken a deposit back.</summary>
    public int Reversals { get; init; }

    /// <summary>What the PG repeats in this payment's webhooks.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>What the PG took from the customer, without deposits that the bank took back.</summary>
    public Money Captured { get; init; }

    /// <summary>What the PG gave back.</summary>
    public Money Refunded { get; init; }

    /// <summary>What operators gave back outside the PG.</summary>
    public Money SettledByHand { get; init; }

    /// <summary>
    /// What an operator left with the shop when closing the payment: the amount that was named is less than was owed.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Money Retained { get; init; }

    /// <summary>Why an operator closed the payment; null unless one did.</summary>
    public string? SettlementReason { get; init; }

    /// <summary>
    /// What the PG knows the order with, where that is not what was asked of it: a person must settle it. Null otherwise.
    /// </summary>
    public Money? AmountAtPg { get; init; }

    /// <summary>A refund request that waits for the charge to become definite.</summary>
    public RefundOwed? RefundOwed { get; init; }

    /// <summary>Every refund that was asked for, in the order of asking.</summary>
    public IReadOnlyList<Refund> Refunds { get; init; } = [];

    /// <summary>Every movement at the PG that the ledger has.</summary>
    public IReadOnlyList<PgMove> Moves { get; init; } = [];

    /// <summary>Whether the open question is to take refunds made at the PG's console into the books.</summary>
    public bool IsAdopting { get; init; }

    /// <summary>The last answer to `payment.requested`.</summary>
    public Reply? ChargeReply { get; init; }

    /// <summary>The `payment.awaiting_deposit` that was sent.</summary>
    public Reply? DepositReply { get; init; }

    /// <summary>The last answer to `payment.refund_requested`.</summary>
    public Reply? RefundReply { get; init; }

    /// <summary>The last webhooks taken in, by transmission id; the oldest is forgotten first.</summary>
    public IReadOnlyList<string> Hints { get; init; } = [];

    /// <summary>What is captured and not given back.</summary>
    [JsonIgnore]
    public Money Held => Captured - Refunded - SettledByHand;

    /// <summary>What of it can still be owed to the customer.</summary>
    [JsonIgnore]
    public Money Outstanding => Held - Retained;

    /// <summary>The refund that the PG is, or was last, asked for; null when none is in hand.</summary>
    [JsonIgnore]
    public Refund? Refund => Refunds.FirstOrDefault(r => r.IsInHand);

    /// <summary>What is not given back and not promised to be: nothing while everything is promised.</summary>
    [JsonIgnore]
    public Money Refundable => Refunds.Any(r => r is { IsOpen: true, Asked: null })
        ? Money.Zero
        : Refunds.Where(r => r.IsOpen).Aggregate(Outstanding, (left, r) => left - (r.Asked ?? Money.Zero));

    /// <summary>Whether money that comes now is what the order waits for.</summary>
    [JsonIgnore]
    public bool IsPayable =>
        Status is PaymentStatus.Pending or PaymentStatus.AwaitingDeposit && RefundOwed is null;

    /// <summary>Whether a charge may be on its way to the PG or may have reached it.</summary>
    [JsonIgnore]
    public bool ChargeCanHaveBegun => ChargeMayHaveBegun || Call is { Action: PgAction.Charge, IsAsked: true };
}

/// <summary>How to charge.</summary>
/// <param name="Deadline">No charge begins at it or after it.</param>
public sealed record ChargeTerms(PaymentMethod Method, string OrderName, DateTimeOffset Deadline)
{
    /// <summary>Until when a deposit may come; null for methods that charge at once.</summary>
    public DateTimeOffset? DepositDueAt { get; init; }
}

/// <summary>A refund request that came before the charge was definite.</summary>
/// <param name="RetryNumber">The highest seen.</param>
public sealed record RefundOwed(string Reason, int RetryNumber);

/// <summary>A reply that was sent, remembered so that it can be sent again under its own id.</summary>
public sealed record Reply(
    Sent Sent,
    PaymentCompleted? Completed = null,
    PaymentFailed? Failed = null,
    PaymentCancelled? Cancelled = null,
    PaymentRefunded? Refunded = null,
    RefundFailed? RefundFailed = null,
    AwaitingDeposit? Awaiting = null)
{
    /// <summary>The payload.</summary>
    [JsonIgnore]
    public IMessage Message =>
        (IMessage?)Completed ?? (IMessage?)Failed ?? (IMessage?)Cancelled ?? (IMessage?)Refunded
        ?? (IMessage?)RefundFailed ?? Awaiting
        ?? throw new InvalidOperationException("A remembered reply has no message.");
}
