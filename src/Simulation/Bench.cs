using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Shipping;
using DoaMarket.Sqlite;
using DoaMarket.Stats;

namespace DoaMarket.Simulation;

/// <summary>
/// What one thread keeps from seed to seed, since making it takes longer than a world lives: the modules, which hold no
/// state, and a database in memory, which is emptied.
/// </summary>
public sealed class Bench : IDisposable
{
    /// <summary>A bench with the services as a shop has them by default.</summary>
    public Bench()
    {
        var participants = new OrderParticipants(
            new Sagas.Participant(ShopTopology.Inventory, TimeSpan.Zero, TimeSpan.Zero),
            new Sagas.Participant(ShopTopology.Payments, Payments.LongestUndo, TimeSpan.FromSeconds(5)),
            new Sagas.Participant(ShopTopology.Shipping, Shipping.LongestUndo, TimeSpan.FromSeconds(5)));
        Modules =
        [
            OrdersModule.Create(Orders, participants),
            InventoryModule.Create(Inventory),
            PaymentsModule.Create(Payments),
            ShippingModule.Create(Shipping),
            NotificationsModule.Create(new NotificationsOptions(), NoticeTemplates.From(null)),
            StatsModule.Create(),
        ];
        Database = SqliteDatabase.Open(new SqliteOptions(), [.. Modules.SelectMany(m => m.Kinds)]);
    }

    internal OrdersOptions Orders { get; } = new();

    /// <summary>Polls for deposits find nothing new and cost much of a world's time.</summary>
    internal PaymentsOptions Payments { get; } = new() { DepositPoll = TimeSpan.FromHours(3) };

    internal InventoryOptions Inventory { get; } = new();

    internal ShippingOptions Shipping { get; } = new();

    internal IReadOnlyList<ServiceModule> Modules { get; }

    internal SqliteDatabase Database { get; }

    /// <inheritdoc />
    public void Dispose() => Database.Dispose();
}
