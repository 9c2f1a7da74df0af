using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>The kinds of documents that Orders owns.</summary>
/// <remarks>
/// Only columns that hardly change are indexed: an index over the current step or the time of the last change would be
/// written at every step of every saga. A list by step reads its status and picks.
/// </remarks>
public static class OrderKinds
{
    /// <summary>Orders: what was bought.</summary>
    public static DocumentKind<Order> Orders { get; } =
        new DocumentKind<Order>(ShopTopology.Orders, "orders", OrdersJson.Default.Order)
            .Column("order_number", o => o.OrderNumber)
            .Column("user_id", o => o.UserId.Value)
            .Column("saga_id", o => o.SagaId.ToString())
            .Column("total_amount", o => o.TotalAmount.Won)
            .Column("ordered_at", o => o.OrderedAt.ToUnixTimeMilliseconds())
            .UniqueIndex("by_number", "order_number")
            .Index("by_user", "user_id", "ordered_at")
            .Index("by_time", "ordered_at");

    /// <summary>Sagas, one per order, under the order's id.</summary>
    public static DocumentKind<OrderSaga> Sagas { get; } =
        new DocumentKind<OrderSaga>(
                ShopTopology.Orders,
                "sagas",
                OrdersJson.Default.OrderSaga,
                wakeAt: s => s.Saga.WakeAt,
                trail: s => s.Trail,
                timerYieldsToOlderMessages: true)
            .Column("saga_id", s => s.Saga.SagaId.ToString())
            .Column("status", s => Words.Of(s.Saga.Status))
            .Column("current_step", s => s.Saga.CurrentStep)
            .Column("order_status", s => Words.Of(s.Status))
            .Column("user_id", s => s.UserId.Value)
            .Column("created_at", s => s.Saga.CreatedAt.ToUnixTimeMilliseconds())
            .Column("updated_at", s => s.Saga.UpdatedAt.ToUnixTimeMilliseconds())
            .Index("by_status", "status", "created_at")
            .Index("by_user", "user_id", "created_at")
            .Ends(s => s.Saga.Status is SagaStatus.InProgress or SagaStatus.Compensating
                ? null
                : Words.Of(s.Saga.Status));

    /// <summary>Which orders have lines of which seller.</summary>
    public static DocumentKind<SellerOrder> SellerOrders { get; } =
        new DocumentKind<SellerOrder>(ShopTopology.Orders, "seller_orders", OrdersJson.Default.SellerOrder)
            .Column("seller_id", s => s.SellerId.Value)
            .Column("order_id", s => s.OrderId.ToString())
            .Column("ordered_at", s => s.OrderedAt.ToUnixTimeMilliseconds())
            .Index("by_seller", "seller_id", "ordered_at");

    /// <summary>Partial cancels with their sagas.</summary>
    public static DocumentKind<AmendSaga> Amends { get; } =
        new DocumentKind<AmendSaga>(
                ShopTopology.Orders,
                "amends",
                OrdersJson.Default.AmendSaga,
                wakeAt: a => a.Saga.WakeAt,
                trail: a => a.Trail,
                timerYieldsToOlderMessages: true)
            .Column("order_id", a => a.Amend.OrderId.ToString())
            .Column("saga_id", a => a.Saga.SagaId.ToString())
            .Column("status", a => Words.Of(a.Saga.Status))
            .Column("current_step", a => a.Saga.CurrentStep)
            .Column("user_id", a => a.Amend.UserId.Value)
            .Column("refund_amount", a => a.Amend.RefundAmount.Won)
            .Column("created_at", a => a.Saga.CreatedAt.ToUnixTimeMilliseconds())
            .Index("by_status", "status", "created_at")
            .Index("by_time", "created_at");

    /// <summary>Answers under Idempotency-Keys.</summary>
    public static DocumentKind<IdempotencyRecord> IdempotencyKeys { get; } =
        new DocumentKind<IdempotencyRecord>(
            ShopTopology.Orders, "idempotency_keys", OrdersJson.Default.IdempotencyRecord, wakeAt: r => r.ForgetAt)
            .Column("at", r => r.At.ToUnixTimeMilliseconds());

    /// <summary>The price list.</summary>
    public static DocumentKind<Product> Products { get; } =
        new DocumentKind<Product>(ShopTopology.Orders, "products", OrdersJson.Default.Product)
            .Column("product_id", p => p.ProductId.Value)
            .Column("name", p => p.Name)
            .Column("price", p => p.Price.Won)
            .Index("by_product", "product_id");

    /// <summary>Order numbers, one document per day.</summary>
    public static DocumentKind<OrderNumbers> Numbers { get; } =
        new(ShopTopology.Orders, "numbers", OrdersJson.Default.OrderNumbers);
}
