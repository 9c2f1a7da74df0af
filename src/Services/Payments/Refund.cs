using System.Text.Json.Serialization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>Who wants money given back, and how much of it.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<RefundKind>))]
public enum RefundKind
{
    /// <summary>The saga, everything that is left: the order is undone.</summary>
    Full,

    /// <summary>The saga of a partial cancel, a part.</summary>
    PartialCancel,

    /// <summary>An operator, a part.</summary>
    Operator,

    /// <summary>Somebody at the PG's own console; it was found there and taken into the books.</summary>
    AtPg,
}

/// <summary>Where a refund stands.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<RefundStatus>))]
public enum RefundStatus
{
    /// <summary>Another one is in hand, or the charge is not definite yet.</summary>
    Queued,

    /// <summary>The PG is asked.</summary>
    UnderWay,

    /// <summary>The PG refuses: an alert is open, and those behind it wait.</summary>
    Failed,

    /// <summary>The money is back with the customer.</summary>
    Refunded,

    /// <summary>An operator settled it outside the PG, or nothing was there to be given back.</summary>
    Closed,
}

/// <summary>One refund of a payment. One is in hand at a time; the others wait behind it.</summary>
/// <param name="Id">Made by the asker; part of the PG's idempotency key and of its record.</param>
/// <param name="Kind">Who wants it.</param>
/// <param name="Asked">How much; null for everything that is left.</param>
/// <param name="Reason">For people.</param>
/// <param name="RetryNumber">Part of the PG's idempotency key: an operator's retry must not be answered with an old
/// refusal.</param>
/// <param name="RequestedAt">When it was asked for.</param>
public sealed record Refund(
    RefundId Id, RefundKind Kind, Money? Asked, string Reason, int RetryNumber, DateTimeOffset RequestedAt)
{
    /// <summary>Where it stands.</summary>
    public RefundStatus Status { get; init; } = RefundStatus.Queued;

    /// <summary>Refunds that were answered, or may have been carried out; reads do not count.</summary>
    public int Attempts { get; init; }

    /// <summary>What the PG last said it still holds: the guard that it checks.</summary>
    public Money Refundable { get; init; }

    /// <summary>
    /// How often that has changed. Part of the idempotency key: the PG would answer the old guard's refusal for ever,
    /// and under another guard the old request cannot be carried out any more.
    /// </summary>
    public int Guards { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? LastError { get; init; }

    /// <summary>What went back to the customer.</summary>
    public Money Amount { get; init; }

    /// <summary>The PG's transaction; null when there was none.</summary>
    public string? TransactionKey { get; init; }

    /// <summary>When it came to its end.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The operator who asked for it; null for a saga.</summary>
    public UserId? By { get; init; }

    /// <summary>Why an operator settled it outside the PG; null unless one did.</summary>
    public string? SettlementReason { get; init; }

    /// <summary>The last answer to `payment.partial_refund_requested`; those of full refunds are the payment's.</summary>
    public Reply? Reply { get; init; }

    /// <summary>Whether it still wants money given back.</summary>
    [JsonIgnore]
    public bool IsOpen => Status is RefundStatus.Queued or RefundStatus.UnderWay or RefundStatus.Failed;

    /// <summary>Whether it is the one that the PG is, or was last, asked for.</summary>
    [JsonIgnore]
    public bool IsInHand => Status is RefundStatus.UnderWay or RefundStatus.Failed;

    /// <summary>The PG's idempotency key.</summary>
    [JsonIgnore]
    public string IdempotencyKey =>
        Guards == 0 ? $"refund:{Id}:{RetryNumber}" : $"refund:{Id}:{RetryNumber}:{Guards}";

    /// <summary>Takes in what the PG holds.</summary>
    internal Refund Guarded(Money refundable) => refundable == Refundable
        ? this
        : this with { Refundable = refundable, Guards = Attempts == 0 && Guards == 0 ? 0 : Guards + 1 };
}

/// <summary>One movement of money at the PG that the ledger has: what reconciliation compares.</summary>
/// <param name="TransactionKey">The PG's transaction.</param>
/// <param name="Amount">Positive from the customer, negative to the customer.</param>
/// <param name="At">When it was booked.</param>
/// <param name="NotBefore">When it can have happened at the earliest.</param>
public sealed record PgMove(string TransactionKey, Money Amount, DateTimeOffset At, DateTimeOffset NotBefore);
