using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>A customer, or an operator, wants some lines of an order cancelled before it is dispatched.</summary>
/// <param name="AsOperator">Whether as an operator; a customer reaches only orders of their own.</param>
/// <param name="Lines">How many of which lines; a line may be named in parts.</param>
public sealed record CancelItems(
    OrderId OrderId, UserId By, bool AsOperator, IReadOnlyList<WantedLine> Lines, string Reason,
    Idempotency? Idempotency)
    : Request<CancelItemsReply>;

/// <summary>An accepted partial cancel, as its customer is told.</summary>
/// <param name="RefundAmount">What goes back once Shipping agrees.</param>
/// <param name="ItemsTotal">What the remaining lines come to.</param>
/// <param name="ShippingFee">The fee for the remaining lines.</param>
/// <param name="RemainingAmount">What the customer has paid in the end.</param>
public sealed record AmendAccepted(
    AmendId AmendId, SagaId SagaId, OrderId OrderId, IReadOnlyList<OrderItem> Cancelled, Money RefundAmount,
    Money ItemsTotal, Money ShippingFee, Money DiscountAmount, Money RemainingAmount);

/// <summary>What becomes of a wish to cancel some lines.</summary>
public abstract record CancelItemsReply
{
    private CancelItemsReply()
    {
    }

    /// <summary>It has begun; Shipping decides whether it is still possible (202).</summary>
    public sealed record Accepted(AmendAccepted Amend) : CancelItemsReply;

    /// <summary>It had been asked under the same key with the same body: the same answer.</summary>
    public sealed record Replayed(AmendAccepted Amend) : CancelItemsReply;

    /// <summary>The key was used with another body (422).</summary>
    public sealed record KeyReused : CancelItemsReply;

    /// <summary>A line is wrong (400).</summary>
    /// <param name="Field">The member that is wrong, e.g. "items[2].quantity".</param>
    /// <param name="Code">For programs, e.g. "NOT_IN_ORDER".</param>
    public sealed record Rejected(string Field, string Code) : CancelItemsReply;

    /// <summary>Not possible now, or not this way (409).</summary>
    /// <param name="Code">For programs, e.g. "ALREADY_DISPATCHED".</param>
    public sealed record Refused(string Code) : CancelItemsReply;

    /// <summary>There is no such order for this person (404).</summary>
    public sealed record NotFound : CancelItemsReply;
}

/// <summary>
/// Accepts a wish to cancel lines, or says why not. A shop takes it once the parcel is prepared and until the carrier
/// has it: before, the order's own saga still works on all of its lines, which takes seconds (or a deposit is awaited,
/// and the order can be cancelled as a whole).
/// </summary>
internal static class CancelItemsDecider
{
    /// <summary>Bound on the partial cancels of one order, refused ones included.</summary>
    public const int MaxAmends = 20;

    public static IEnumerable<DocumentKey> Keys(CancelItems wish)
    {
        yield return OrderKinds.Sagas.Key(wish.OrderId);
        yield return OrderKinds.Orders.Key(wish.OrderId);
        if (wish.Idempotency is { } idempotency)
        {
            yield return OrderKinds.IdempotencyKeys.Key(IdempotencyRecord.Key(wish.By, idempotency.Key));
        }
    }

    public static Decision Decide(
        OrdersOptions options, OrderSagaDecider flow, Documents documents, Asked<CancelItems, CancelItemsReply> asked)
    {
        var decision = Decision.On(asked);
        var wish = asked.Body;
        if (AnsweredBefore(documents, wish) is { } before)
        {
            return decision.Answer(before);
        }

        if (documents.Find(OrderKinds.Orders, wish.OrderId) is not { } order
            || documents.Find(OrderKinds.Sagas, wish.OrderId) is not { } saga
            || (!wish.AsOperator && saga.UserId != wish.By))
        {
            return decision.Answer(new CancelItemsReply.NotFound());
        }

        if (NotNow(saga) is { } code)
        {
            return decision.Answer(new CancelItemsReply.Refused(code));
        }

        var items = Remains.Of(order, saga.Amends);
        var (cancelled, wrong) = LinesOf(wish.Lines, items);
        if (wrong is not null)
        {
            return decision.Answer(wrong);
        }

        var amend = AmendOf(order, saga, items, cancelled, options.ShippingTerms, asked);
        if (NotThisWay(amend, saga) is { } refusal)
        {
            return decision.Answer(new CancelItemsReply.Refused(refusal));
        }

        var accepted = AcceptedOf(amend);
        decision.Answer(new CancelItemsReply.Accepted(accepted));
        if (wish.AsOperator)
        {
            decision.Audit("order.cancel_items", wish.OrderId.ToString(), wish.Reason);
        }

        if (wish.Idempotency is { } now)
        {
            var key = IdempotencyRecord.Key(wish.By, now.Key);
            decision.Put(
                OrderKinds.IdempotencyKeys, key,
                new(now.BodyHash, Answer: null, asked.Now, options.IdempotencyRetention) { Amend = accepted });
        }

        return flow.BeginAmend(decision, order, saga, amend);
    }

    private static CancelItemsReply? AnsweredBefore(Documents documents, CancelItems wish)
    {
        if (wish.Idempotency is not { } now
            || documents.Find(OrderKinds.IdempotencyKeys, IdempotencyRecord.Key(wish.By, now.Key)) is not { } before)
        {
            return null;
        }

        return before is { Amend: { } amend } && before.BodyHash == now.BodyHash
            ? new CancelItemsReply.Replayed(amend)
            : new CancelItemsReply.KeyReused();
    }

    private static string? NotNow(OrderSaga saga) => saga switch
    {
        { Saga.Compensated: true } => "ORDER_CANCELLED",
        { Saga.Status: SagaStatus.Compensating or SagaStatus.NeedsAttention } or { CancelWaiting: not null } =>
            "ORDER_CANCELLING",
        { Shipment.Dispatched: true } => "ALREADY_DISPATCHED",
        { Saga.Status: not SagaStatus.Completed } => "ORDER_NOT_READY",
        { OpenAmend: not null } => "AMEND_IN_PROGRESS",
        { Amends.Count: >= MaxAmends } => "TOO_MANY_AMENDS",
        _ => null,
    };

    private static string? NotThisWay(Amend amend, OrderSaga saga) => amend switch
    {
        { Remaining.Count: 0 } => "ALL_LINES",
        _ when amend.RefundAmount < Money.Zero => "REFUND_WOULD_BE_NEGATIVE",
        _ when amend.RefundAmount > saga.PaidAndKept() => "ALREADY_REFUNDED",
        _ => null,
    };

    /// <summary>The named lines with the names and prices of the order; the first wrong one is told.</summary>
    private static (IReadOnlyList<OrderItem> Lines, CancelItemsReply.Rejected? Wrong) LinesOf(
        IReadOnlyList<WantedLine> wanted, IReadOnlyList<OrderItem> items)
    {
        var named = new Dictionary<(ProductId, VariantId?), OrderItem>();
        for (var i = 0; i < wanted.Count; i++)
        {
            var (product, variant, quantity) = wanted[i];
            if (items.FirstOrDefault(item => item.ProductId == product && item.VariantId == variant) is not { } item)
            {
                return ([], new($"items[{i}].productId", "NOT_IN_ORDER"));
            }

            var sum = (named.GetValueOrDefault((product, variant))?.Quantity ?? 0) + quantity;
            if (quantity < 1 || sum > item.Quantity)
            {
                return ([], new($"items[{i}].quantity", "MORE_THAN_ORDERED"));
            }

            named[(product, variant)] = item with { Quantity = sum };
        }

        return named.Count == 0 ? ([], new("items", "NO_LINES")) : ([.. named.Values], null);
    }

    private static Amend AmendOf(
        Order order,
        OrderSaga saga,
        IReadOnlyList<OrderItem> items,
        IReadOnlyList<OrderItem> cancelled,
        ShippingTerms shopTerms,
        Asked<CancelItems, CancelItemsReply> asked)
    {
        var remaining = Remains.Without(items, cancelled);
        var sums = Remains.SumsOf(order, remaining, order.ShippingTerms ?? shopTerms);
        return new(
            new AmendId(asked.Derive("amend")),
            order.OrderId,
            order.OrderNumber,
            order.UserId,
            items,
            cancelled,
            remaining,
            Remains.SumsOf(order, saga.Amends).Amount - sums.Amount,
            sums,
            Remains.Sellers(order, remaining, sums),
            asked.Body.Reason,
            asked.Now);
    }

    private static AmendAccepted AcceptedOf(Amend a) => new(
        a.AmendId, AmendSagaId.Of(a.AmendId), a.OrderId, a.Cancelled, a.RefundAmount, a.Sums.ItemsTotal,
        a.Sums.ShippingFee, a.Sums.DiscountAmount, a.Sums.Amount);
}
