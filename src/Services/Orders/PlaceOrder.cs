using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Orders;

/// <summary>One line as the customer asks for it; names and prices come from the price list.</summary>
public sealed record WantedLine(ProductId ProductId, VariantId? VariantId, int Quantity);

/// <summary>The customer's Idempotency-Key, and the hash of the body that came with it.</summary>
public sealed record Idempotency(string Key, string BodyHash);

/// <summary>A customer orders.</summary>
/// <param name="AcceptedAt">When the API took it in, UTC; the order's number is of that day.</param>
public sealed record PlaceOrder(
    UserId UserId,
    IReadOnlyList<WantedLine> Lines,
    ShippingAddress ShippingAddress,
    PaymentMethod PaymentMethod,
    string? DeliveryMemo,
    Idempotency? Idempotency,
    DateTimeOffset AcceptedAt) : Request<PlaceOrderReply>;

/// <summary>An accepted order, as its customer is told.</summary>
public sealed record OrderPlaced(
    OrderId OrderId,
    string OrderNumber,
    SagaId SagaId,
    CorrelationId CorrelationId,
    OrderStatus Status,
    IReadOnlyList<OrderItem> Items,
    Money ItemsTotal,
    Money ShippingFee,
    Money DiscountAmount,
    Money TotalAmount,
    DateTimeOffset OrderedAt);

/// <summary>What becomes of a wish to order.</summary>
public abstract record PlaceOrderReply
{
    private PlaceOrderReply()
    {
    }

    /// <summary>The order exists.</summary>
    public sealed record Placed(OrderPlaced Order) : PlaceOrderReply;

    /// <summary>The order had been placed under the same key with the same body: the same answer.</summary>
    public sealed record Replayed(OrderPlaced Order) : PlaceOrderReply;

    /// <summary>The key was used with another body (422).</summary>
    public sealed record KeyReused : PlaceOrderReply;

    /// <summary>Nothing changed.</summary>
    /// <param name="Field">The member that is wrong, e.g. "items[2].quantity".</param>
    /// <param name="Code">For programs, e.g. "UNKNOWN_PRODUCT".</param>
    /// <param name="Message">For people.</param>
    public sealed record Rejected(string Field, string Code, string Message) : PlaceOrderReply;
}

/// <summary>Accepts an order: the order, its saga and their first messages begin in one decision.</summary>
internal static class PlaceOrderDecider
{
    public static IEnumerable<DocumentKey> Keys(PlaceOrder wish)
    {
        yield return OrderKinds.Numbers.Key(OrderNumbers.DayOf(wish.AcceptedAt));
        if (wish.Idempotency is { } idempotency)
        {
            yield return OrderKinds.IdempotencyKeys.Key(IdempotencyRecord.Key(wish.UserId, idempotency.Key));
        }

        var products = wish.Lines.Take(Cart.MaxLines).Select(l => Product.Key(l.ProductId, l.VariantId));
        foreach (var product in products.Distinct(StringComparer.Ordinal))
        {
            yield return OrderKinds.Products.Key(product);
        }
    }

    public static Decision Decide(
        OrdersOptions options, OrderSagaDecider saga, Documents documents, Asked<PlaceOrder, PlaceOrderReply> asked)
    {
        var decision = Decision.On(asked);
        var wish = asked.Body;
        if (AnsweredBefore(documents, wish) is { } answer)
        {
            return decision.Answer(answer);
        }

        var cart = Cart.Of(
            wish.Lines, (product, variant) => documents.Find(OrderKinds.Products, Product.Key(product, variant)));
        if (cart.Fault is { } fault)
        {
            return decision.Answer(fault);
        }

        var day = OrderNumbers.DayOf(wish.AcceptedAt);
        var numbers = (documents.Find(OrderKinds.Numbers, day) ?? new(day, 0)).Next();
        var order = OrderOf(options, asked, cart, numbers);
        var placed = PlacedOf(order);
        decision
            .Put(OrderKinds.Numbers, day, numbers)
            .Put(OrderKinds.Orders, order.OrderId, order)
            .Answer(new PlaceOrderReply.Placed(placed));
        foreach (var its in SellerOrder.Of(order))
        {
            decision.Put(OrderKinds.SellerOrders, SellerOrder.Key(its.SellerId, its.OrderId), its);
        }

        if (wish.Idempotency is { } idempotency)
        {
            var key = IdempotencyRecord.Key(wish.UserId, idempotency.Key);
            decision.Put(
                OrderKinds.IdempotencyKeys, key,
                new(idempotency.BodyHash, placed, asked.Now, options.IdempotencyRetention));
        }

        return saga.Begin(decision, order);
    }

    private static PlaceOrderReply? AnsweredBefore(Documents documents, PlaceOrder wish)
    {
        if (wish.Idempotency is not { } now
            || documents.Find(
                OrderKinds.IdempotencyKeys, IdempotencyRecord.Key(wish.UserId, now.Key)) is not { } before)
        {
            return null;
        }

        return before is { Answer: { } answer } && before.BodyHash == now.BodyHash
            ? new PlaceOrderReply.Replayed(answer)
            : new PlaceOrderReply.KeyReused();
    }

    /// <summary>
    /// All ids derive from the request's, so that deciding it again after a conflict makes the same order.
    /// </summary>
    private static Order OrderOf(
        OrdersOptions options, Asked<PlaceOrder, PlaceOrderReply> asked, Cart cart, OrderNumbers numbers)
    {
        var orderId = new OrderId(asked.Derive("order"));
        var fee = options.ShippingTerms.FeeFor(cart.Total);
        return new(
            orderId,
            numbers.ToString(),
            OrderSagaId.Of(orderId),
            asked.Trail.CorrelationId,
            asked.Body.UserId,
            cart.Items,
            cart.Total,
            fee,
            Money.Zero,
            cart.Total + fee,
            asked.Body.ShippingAddress,
            asked.Body.PaymentMethod,
            asked.Body.DeliveryMemo,
            asked.Body.AcceptedAt)
        {
            ShippingTerms = options.ShippingTerms,
        };
    }

    private static OrderPlaced PlacedOf(Order order) => new(
        order.OrderId,
        order.OrderNumber,
        order.SagaId,
        order.CorrelationId,
        OrderStatus.Pending,
        order.Items,
        order.ItemsTotal,
        order.ShippingFee,
        order.DiscountAmount,
        order.TotalAmount,
        order.OrderedAt);
}
