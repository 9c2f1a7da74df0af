using System.Text.Json.Serialization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>
/// One partial cancel: which lines, and what it comes to. It does not change; what moves is its saga.
/// </summary>
/// <param name="Before">The order's lines before it.</param>
/// <param name="Cancelled">The lines, or parts of lines, that are cancelled.</param>
/// <param name="Remaining">The lines after it.</param>
/// <param name="RefundAmount">What goes back to the customer: the sums before less the sums after.</param>
/// <param name="Sums">What the remaining lines come to, the fee computed anew.</param>
/// <param name="Sellers">Each seller's part of what remains.</param>
public sealed record Amend(
    AmendId AmendId,
    OrderId OrderId,
    string OrderNumber,
    UserId UserId,
    IReadOnlyList<OrderItem> Before,
    IReadOnlyList<OrderItem> Cancelled,
    IReadOnlyList<OrderItem> Remaining,
    Money RefundAmount,
    OrderSums Sums,
    IReadOnlyList<SellerPart> Sellers,
    string Reason,
    DateTimeOffset AskedAt)
{
    /// <summary>
    /// Its refund: derived, so that the answers of this refund are told from those of any other of the payment.
    /// </summary>
    [JsonIgnore]
    public RefundId RefundId => RefundOf(AmendId);

    /// <summary>What is to be given back to the stock.</summary>
    public IReadOnlyList<StockLine> CancelledStock() =>
        [.. Cancelled.Select(i => new StockLine(i.ProductId, i.VariantId, i.Quantity))];

    /// <summary>The refund of a partial cancel.</summary>
    public static RefundId RefundOf(AmendId amend) => new(DerivedId.From(amend.Value, "refund"));
}

/// <summary>A partial cancel with its saga: the document.</summary>
/// <param name="Amend">What is cancelled.</param>
/// <param name="Saga">The saga's ledger.</param>
/// <param name="Trail">The order's trail: its messages belong to the order's story.</param>
public sealed record AmendSaga(Amend Amend, SagaState Saga, Trail Trail);

/// <summary>The id of a partial cancel's saga follows from the partial cancel's, and back.</summary>
public static class AmendSagaId
{
    /// <summary>The saga of a partial cancel.</summary>
    public static SagaId Of(AmendId amend) => OrderSagaId.Of(new OrderId(amend.Value));

    /// <summary>The partial cancel of a saga.</summary>
    public static AmendId AmendOf(SagaId saga) => new(OrderSagaId.OrderOf(saga).Value);
}

/// <summary>A partial cancel as its order remembers it.</summary>
/// <param name="Cancelled">The lines, or parts of lines, that it cancels.</param>
/// <param name="Sums">What the remaining lines come to.</param>
/// <param name="Status">Where its saga stands.</param>
/// <param name="IsApproved">
/// Whether Shipping has taken the lines out of the parcel: from there it is never undone.
/// </param>
/// <param name="EndedAt">When its saga ended; null while it moves.</param>
/// <param name="IsSuperseded">Whether the whole order went back before it ended, which covers the rest of it.</param>
public sealed record AmendFact(
    AmendId AmendId,
    IReadOnlyList<OrderItem> Cancelled,
    Money RefundAmount,
    OrderSums Sums,
    string Reason,
    DateTimeOffset AskedAt,
    SagaStatus Status,
    bool IsApproved,
    DateTimeOffset? EndedAt,
    bool IsSuperseded = false)
{
    /// <summary>Whether it has not ended.</summary>
    [JsonIgnore]
    public bool IsOpen => EndedAt is null;

    /// <summary>What the order remembers of it.</summary>
    public static AmendFact Of(AmendSaga amend)
    {
        var (a, saga) = (amend.Amend, amend.Saga);
        var ended = saga.Status is SagaStatus.Completed or SagaStatus.Cancelled;
        return new(
            a.AmendId, a.Cancelled, a.RefundAmount, a.Sums, a.Reason, a.AskedAt, saga.Status,
            saga.Status is not SagaStatus.Cancelled
                && saga.Step(AmendFlow.AmendShipment).Status is StepStatus.Completed,
            ended ? saga.UpdatedAt : null,
            ended && saga.Step(AmendFlow.ReleaseLines) is { Status: StepStatus.Skipped, Reason: not null });
    }
}

/// <summary>A cancel of the whole order that waits until a running partial cancel has ended.</summary>
/// <param name="ByPerson">Whether a person wants it; false when the hold of the stock expired.</param>
public sealed record WaitingCancel(string Reason, bool ByPerson, DateTimeOffset AskedAt);
