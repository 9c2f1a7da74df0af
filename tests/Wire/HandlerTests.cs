using DoaMarket.Contracts;
using DoaMarket.Gateways;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Sagas;
using DoaMarket.Shipping;
using DoaMarket.Stats;

namespace DoaMarket.Wire;

/// <summary>What is routed to a service is handled there, and what a service handles is routed to it.</summary>
public sealed class HandlerTests
{
    private static readonly Dictionary<string, ServiceModule> Modules = new[]
    {
        OrdersModule.Create(new OrdersOptions(), Participants()),
        InventoryModule.Create(new InventoryOptions()),
        PaymentsModule.Create(new PaymentsOptions()),
        ShippingModule.Create(new ShippingOptions()),
        NotificationsModule.Create(new NotificationsOptions()),
        StatsModule.Create(),
    }.ToDictionary(m => m.Service, StringComparer.Ordinal);

    /// <summary>The services with a queue; the journal takes everything by itself.</summary>
    public static TheoryData<string> Services =>
        [.. ShopTopology.Topology.Queues.Select(q => q.Service).Where(s => s != ShopTopology.Journal)];

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_handles_exactly_what_is_routed_to_it(string service)
    {
        var routed = ShopTopology.Topology.Rules
            .Where(r => r.Services.Contains(service, StringComparer.Ordinal)).Select(r => r.EventType);
        var handled = Modules[service].MessageTypes.Select(ShopMessages.Catalog.NameOf);

        Assert.Equal(routed.Order(StringComparer.Ordinal), handled.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_module_has_a_queue() =>
        Assert.All(Modules.Keys, service => Assert.Contains(ShopTopology.Topology.Queues, q => q.Service == service));

    // With the limits of the participants as the host reads them: a default that the flow would refuse fails here.
    private static OrderParticipants Participants() => new(
        new Participant("inventory", LongestUndo: TimeSpan.Zero, GatewayBreak: TimeSpan.Zero),
        new Participant("payments", new PaymentsOptions().LongestUndo, new GatewayOptions().Break),
        new Participant("shipping", new ShippingOptions().LongestUndo, new GatewayOptions().Break));
}
