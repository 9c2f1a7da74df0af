using System.Text.Json.Serialization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>Why money moved.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<LedgerReason>))]
public enum LedgerReason
{
    /// <summary>The PG took it from the customer.</summary>
    Captured,

    /// <summary>The PG gave it back.</summary>
    Refunded,

    /// <summary>An operator gave it back outside the PG.</summary>
    SettledByHand,

    /// <summary>The bank took a deposit back.</summary>
    DepositReversed,
}

/// <summary>One movement of money: written once, never changed. A payment's sums are the sums of its rows.</summary>
/// <param name="Amount">Positive from the customer, negative to the customer.</param>
/// <param name="RefundId">The refund or settlement; null for a capture.</param>
/// <param name="TransactionKey">The PG's transaction, for reconciliation; null when settled by hand.</param>
public sealed record PaymentLedgerRow(
    PaymentId PaymentId,
    OrderId OrderId,
    LedgerReason Reason,
    Money Amount,
    DateTimeOffset At,
    RefundId? RefundId = null,
    string? TransactionKey = null,
    string? Remark = null)
{
    /// <summary>
    /// How many of its kind came before: a deposit that comes again, and a refund that surfaces after it was settled, are
    /// rows of their own.
    /// </summary>
    public int Ordinal { get; init; }

    /// <summary>The row's key: derived, so that the same movement cannot be written twice.</summary>
    [JsonIgnore]
    public string Key => this switch
    {
        { RefundId: { } refund, Ordinal: 0 } => $"{PaymentId}/{refund}",
        { RefundId: { } refund } => $"{PaymentId}/{refund}:{Ordinal}",
        { Reason: LedgerReason.DepositReversed } => $"{PaymentId}/reversal:{Ordinal}",
        { Ordinal: 0 } => $"{PaymentId}/capture",
        _ => $"{PaymentId}/capture:{Ordinal}",
    };
}
