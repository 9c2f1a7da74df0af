using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Shipping;
using DoaMarket.Stats;

namespace DoaMarket.Host.Server;

/// <summary>The services that there are.</summary>
public static class ShopServices
{
    /// <summary>All of them, configured.</summary>
    public static IReadOnlyList<ServiceModule> All(ShopOptions options) =>
    [
        OrdersModule.Create(options.Orders, options.Participants),
        InventoryModule.Create(options.Inventory),
        PaymentsModule.Create(options.Payments),
        ShippingModule.Create(options.Shipping),
        NotificationsModule.Create(
            options.Notifications, NoticeTemplates.From(options.Notifications.TemplateFolder)),
        StatsModule.Create(),
    ];
}
