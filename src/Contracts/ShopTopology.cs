using DoaMarket.Kernel;

namespace DoaMarket.Contracts;

/// <summary>
/// The shop's services, queues, limits and rules: declared here once, for every transport and for
/// the infrastructure code.
/// </summary>
public static class ShopTopology
{
    /// <summary>Short names of the services, as folders, configuration and the command line know them.</summary>
    public const string Orders = "orders";

    /// <summary>Short name of Inventory.</summary>
    public const string Inventory = "inventory";

    /// <summary>Short name of Payments.</summary>
    public const string Payments = "payments";

    /// <summary>Short name of Shipping.</summary>
    public const string Shipping = "shipping";

    /// <summary>Short name of Notifications.</summary>
    public const string Notifications = "notifications";

    /// <summary>Short name of Stats.</summary>
    public const string Stats = "stats";

    /// <summary>Short name of the Journal.</summary>
    public const string Journal = "journal";

    /// <summary>The topology.</summary>
    public static Topology Topology { get; } = new(Queues(), [.. Rules()], Journal);

    private static QueueDefinition[] Queues() =>
    [
        new(Orders, "order-service", "order-service-queue", TimeSpan.FromSeconds(300)),
        new(Inventory, "inventory-service", "inventory-service-queue", TimeSpan.FromSeconds(60)),
        new(Payments, "payment-service", "payment-service-queue", TimeSpan.FromSeconds(300)),
        new(Shipping, "shipping-service", "shipping-service-queue", TimeSpan.FromSeconds(300)),
        new(Notifications, "notification-service", "notification-service-queue", TimeSpan.FromSeconds(60)),
        new(Stats, "stats-service", "stats-service-queue", TimeSpan.FromSeconds(60)),
        new(Journal, "journal", "journal-queue", TimeSpan.FromSeconds(60)),
    ];

    private static IEnumerable<RoutingRule> Rules()
    {
        const string order = "order-service", inventory = "inventory-service";
        const string payment = "payment-service", shipping = "shipping-service";

        // The requirement's four rules.
        yield return new("order.created", order, [Inventory, Notifications, Stats]);
        yield return new("inventory.reserved", inventory, [Orders]);
        yield return new("payment.completed", payment, [Orders, Shipping, Notifications, Inventory, Stats]);
        yield return new("shipping.dispatched", shipping, [Notifications, Orders]);

        // Commands: sent by the saga, each to the one service that decides.
        yield return new("inventory.reserve_requested", order, [Inventory]);
        yield return new("inventory.release_requested", order, [Inventory]);
        yield return new("inventory.release_lines_requested", order, [Inventory]);
        yield return new("inventory.extend_requested", order, [Inventory]);
        yield return new("payment.requested", order, [Payments]);
        yield return new("payment.refund_requested", order, [Payments]);
        yield return new("payment.partial_refund_requested", order, [Payments]);
        yield return new("payment.resolve_requested", order, [Payments]);
        yield return new("shipping.prepare_requested", order, [Shipping]);
        yield return new("shipping.cancel_requested", order, [Shipping]);
        yield return new("shipping.amend_requested", order, [Shipping]);
        yield return new("shipping.amend_undo_requested", order, [Shipping]);
        yield return new("shipping.resolve_requested", order, [Shipping]);
        yield return new("notification.send_requested", order, [Notifications]);

        // Replies and facts: to the saga, and to those who must know.
        yield return new("inventory.reserve_failed", inventory, [Orders]);
        yield return new("inventory.released", inventory, [Orders]);
        yield return new("inventory.extended", inventory, [Orders]);
        yield return new("inventory.reservation_expired", inventory, [Orders]);
        yield return new("inventory.committed", inventory, [Shipping]);
        yield return new("payment.awaiting_deposit", payment, [Orders]);
        yield return new("payment.deposit_reversed", payment, [Orders, Stats]);
        yield return new("payment.failed", payment, [Orders]);
        yield return new("payment.cancelled", payment, [Orders]);
        yield return new("payment.refunded", payment, [Orders, Notifications, Stats]);
        yield return new("payment.refund_failed", payment, [Orders]);
        yield return new("shipping.prepared", shipping, [Orders]);
        yield return new("shipping.prepare_failed", shipping, [Orders]);
        yield return new("shipping.cancelled", shipping, [Orders]);
        yield return new("shipping.cancel_refused", shipping, [Orders]);
        yield return new("shipping.in_transit", shipping, [Orders]);
        yield return new("shipping.delivered", shipping, [Orders, Notifications]);
        yield return new("shipping.delivery_failed", shipping, [Orders]);
        yield return new("return.initiated", shipping, [Orders]);
        yield return new("return.picked_up", shipping, [Orders]);
        yield return new("return.received", shipping, [Orders]);
        yield return new("return.completed", shipping, [Orders]);
        yield return new("shipping.amended", shipping, [Orders]);
        yield return new("shipping.amend_refused", shipping, [Orders]);
        yield return new("shipping.amend_undone", shipping, [Orders]);
        yield return new("inventory.lines_released", inventory, [Orders]);
        yield return new("order.completed", order, [Stats]);
        yield return new("order.cancelled", order, [Notifications, Stats]);
        yield return new("order.awaiting_deposit", order, [Notifications]);
        yield return new("order.amended", order, [Notifications, Shipping, Stats]);
        yield return new("order.returned", order, [Shipping, Stats]);
        yield return new("shipping.address_changed", shipping, [Orders]);
    }
}
