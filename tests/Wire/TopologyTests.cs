using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Wire;

/// <summary>Queues and rules are what the requirement says, and every message that is sent somewhere is handled there.</summary>
public sealed class TopologyTests
{
    private static readonly Topology Topology = ShopTopology.Topology;

    [Theory]
    [InlineData("order.created", "order-service", "inventory-service-queue", "notification-service-queue", "stats-service-queue")]
    [InlineData("inventory.reserved", "inventory-service", "order-service-queue")]
    [InlineData("payment.completed", "payment-service", "order-service-queue", "shipping-service-queue", "notification-service-queue")]
    [InlineData("shipping.dispatched", "shipping-service", "notification-service-queue")]
    public void The_requirements_four_rules_hold(string eventType, string source, params string[] targets)
    {
        var rule = Assert.Single(Topology.Rules, r => r.EventType == eventType);

        Assert.Equal(source, rule.Source);
        Assert.Subset(
            Topology.Route(eventType).Select(q => q.Queue).ToHashSet(StringComparer.Ordinal),
            targets.ToHashSet(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("orders", "order-service", "order-service-queue", 300, "order-service-dlq")]
    [InlineData("inventory", "inventory-service", "inventory-service-queue", 60, "inventory-service-dlq")]
    [InlineData("payments", "payment-service", "payment-service-queue", 300, "payment-service-dlq")]
    [InlineData("shipping", "shipping-service", "shipping-service-queue", 300, "shipping-service-dlq")]
    [InlineData("notifications", "notification-service", "notification-service-queue", 60, "notification-service-dlq")]
    [InlineData("stats", "stats-service", "stats-service-queue", 60, "stats-service-dlq")]
    [InlineData("journal", "journal", "journal-queue", 60, "journal-dlq")]
    public void A_queue_has_its_name_and_its_limits(string service, string source, string queue, int visibilitySeconds, string deadLetters)
    {
        var definition = Topology.Of(service);

        Assert.Equal(source, definition.Source);
        Assert.Equal(queue, definition.Queue);
        Assert.Equal(TimeSpan.FromSeconds(visibilitySeconds), definition.VisibilityTimeout);
        Assert.Equal(deadLetters, definition.DeadLetterQueue);
        Assert.Equal(3, definition.MaxReceives);
        Assert.Equal(TimeSpan.FromDays(14), definition.Retention);
        Assert.Equal(TimeSpan.FromDays(14), definition.DeadLetterRetention);
    }

    [Fact]
    public void Every_queue_is_told_of_above() => Assert.Equal(7, Topology.Queues.Count);

    [Fact]
    public void A_rule_names_a_message_that_there_is() => Assert.Subset(
        ShopMessages.Catalog.All.Select(t => t.WireName).ToHashSet(StringComparer.Ordinal),
        Topology.Rules.Select(r => r.EventType).ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void A_message_is_sent_by_a_service_that_there_is() => Assert.Subset(
        Topology.Queues.Select(q => q.Source).ToHashSet(StringComparer.Ordinal),
        Topology.Rules.Select(r => r.Source).ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void A_command_comes_from_the_saga_and_goes_to_the_one_service_that_decides()
    {
        var commands = ShopMessages.Catalog.All.Where(t => t.WireName.EndsWith("requested", StringComparison.Ordinal)).ToList();

        Assert.Equal(14, commands.Count);
        Assert.All(commands, command =>
        {
            var rule = Assert.Single(Topology.Rules, r => r.EventType == command.WireName);
            Assert.Equal("order-service", rule.Source);
            Assert.Single(rule.Services);
        });
    }
}
