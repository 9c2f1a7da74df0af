using DoaMarket.Gateways;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Shipping;
using DoaMarket.Stats;

namespace DoaMarket.Host.Server;

/// <summary>The services that there are, and those that a process runs.</summary>
public static class ShopServices
{
    /// <summary>Those that are to run in this process: all, or those that are named, separated by commas.</summary>
    /// <exception cref="WrongConfigurationException">One does not exist.</exception>
    public static IReadOnlyList<ServiceModule> Named(string? names, IReadOnlyList<ServiceModule> all)
    {
        if (names is null)
        {
            return all;
        }

        var wanted = names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToHashSet(StringComparer.Ordinal);
        var unknown = wanted.Where(name => all.All(m => m.Service != name)).ToList();
        return wanted.Count > 0 && unknown.Count == 0
            ? [.. all.Where(m => wanted.Contains(m.Service))]
            : throw new WrongConfigurationException(
                $"There is no service '{string.Join("', '", unknown)}'. "
                + $"Write --services with some of {string.Join(",", all.Select(m => m.Service))}, or leave it out to run all.");
    }

    /// <summary>All of them, configured.</summary>
    public static IReadOnlyList<ServiceModule> All(ShopOptions options) => All(
        options.Orders, options.Participants, options.Inventory, options.Payments, options.Shipping, options.Notifications);

    /// <summary>Every kind of document, whatever the configuration: for whoever handles data without running the shop.</summary>
    public static IReadOnlyList<DocumentKind> Kinds()
    {
        var (payments, shipping, gateway) = (new PaymentsOptions(), new ShippingOptions(), new GatewayOptions());
        var participants = ShopOptions.ParticipantsOf(payments, gateway, shipping, gateway);
        return
        [
            .. All(new(), participants, new(), payments, shipping, new()).SelectMany(m => m.Kinds),
        ];
    }

    private static IReadOnlyList<ServiceModule> All(
        OrdersOptions orders, OrderParticipants participants, InventoryOptions inventory, PaymentsOptions payments,
        ShippingOptions shipping, NotificationsOptions notifications) =>
    [
        OrdersModule.Create(orders, participants),
        InventoryModule.Create(inventory),
        PaymentsModule.Create(payments),
        ShippingModule.Create(shipping),
        NotificationsModule.Create(notifications, NoticeTemplates.From(notifications.TemplateFolder)),
        StatsModule.Create(),
    ];
}
