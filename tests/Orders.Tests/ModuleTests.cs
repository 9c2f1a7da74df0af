using DoaMarket.Contracts;
using DoaMarket.Sagas;

namespace DoaMarket.Orders.Tests;

public sealed class ModuleTests
{
    [Fact]
    public void Every_message_that_is_routed_to_Orders_has_a_handler()
    {
        var handled = OrdersModule.Create(new(), OrderStory.Participants).MessageTypes
            .Select(ShopMessages.Catalog.NameOf).Order(StringComparer.Ordinal);
        var routed = ShopTopology.Topology.Rules.Where(
            r => r.Services.Contains(ShopTopology.Orders, StringComparer.Ordinal))
            .Select(r => r.EventType).Order(StringComparer.Ordinal);
        Assert.Equal(routed, handled);
    }

    [Fact]
    public void Settings_with_which_the_flow_cannot_work_are_refused_at_the_start()
    {
        var hasty = Assert.Throws<ArgumentException>(
            () => OrdersModule.Create(
                new() { ProcessPaymentWithin = TimeSpan.FromSeconds(10) }, OrderStory.Participants));
        Assert.Contains("'process_payment' waits 00:00:10", hasty.Message, StringComparison.Ordinal);
        var impatient = Assert.Throws<ArgumentException>(
            () => OrdersModule.Create(new() { UndoAttempts = 3 }, OrderStory.Participants));
        Assert.Contains("payments itself may try for 00:20:00", impatient.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_flow_has_the_requirements_deadlines()
    {
        var flow = OrderFlow.Definition(new(), OrderStory.Participants);
        Assert.Equal(
            [("reserve_inventory", 30), ("process_payment", 60), ("prepare_shipping", 30)],
            flow.Steps.Where(s => s.Kind is StepKind.Asked).Select(s => (s.Name, s.Deadline!.Value.TotalSeconds)));
    }
}
