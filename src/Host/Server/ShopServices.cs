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
