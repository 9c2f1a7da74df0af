using System.ComponentModel.DataAnnotations;
using System.Text;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using static DoaMarket.Inventory.Tests.Warehouse;

namespace DoaMarket.Inventory.Tests;

public sealed class ModuleTests
{
    [Fact]
    public void Inventory_handles_exactly_the_messages_that_are_routed_to_it()
    {
        var module = InventoryModule.Create(new InventoryOptions());
        var handled = module.MessageTypes.Select(ShopMessages.Catalog.NameOf);
        var routed = ShopTopology.Topology.Rules
            .Where(rule => rule.Services.Contains(ShopTopology.Inventory, StringComparer.Ordinal))
            .Select(rule => rule.EventType);

        Assert.Equal(routed.Order(StringComparer.Ordinal), handled.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Inventory_owns_its_documents_and_every_index_has_its_columns()
    {
        var kinds = InventoryModule.Create(new InventoryOptions()).Kinds;

        Assert.Contains(InventoryKinds.StockItems, kinds);
        Assert.Contains(InventoryKinds.Reservations, kinds);
        Assert.Contains(InventoryKinds.StockLedger, kinds);
        Assert.All(kinds, kind => Assert.Subset(
            kind.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal),
            kind.Indexes.SelectMany(index => index.Columns).ToHashSet(StringComparer.Ordinal)));
    }

    [Fact]
    public void The_columns_say_what_the_documents_say()
    {
        var warehouse = new Warehouse().With("P-1", 5, variant: "red");
        var order = warehouse.NewOrder();
        warehouse.Reserve(order, Line("P-1", 2, "red"));

        Assert.Equal("held", Column(InventoryKinds.Reservations, "status", warehouse.Reservation(order)!));
        Assert.Equal("P-1", Column(InventoryKinds.StockItems, "product_id", warehouse.Item("P-1", "red")));
        Assert.All(warehouse.Ledger, row => Assert.Equal("P-1/red", Column(InventoryKinds.StockLedger, "item", row)));
        Assert.All(warehouse.Ledger, row =>
            Assert.Equal(warehouse.Now.ToUnixTimeMilliseconds(), Column(InventoryKinds.StockLedger, "at", row)));
    }

    [Fact]
    public void Statuses_and_reasons_are_written_in_lower_case_and_ids_as_plain_text()
    {
        var warehouse = new Warehouse().With("P-1", 5);
        var order = warehouse.NewOrder();
        warehouse.Reserve(order, Line("P-1", 2));

        var reservation = Encoding.UTF8.GetString(InventoryKinds.Reservations.Write(warehouse.Reservation(order)!));
        var row = Encoding.UTF8.GetString(InventoryKinds.StockLedger.Write(warehouse.Ledger.Last()));

        Assert.Contains($"\"orderId\":\"{order}\",\"status\":\"held\"", reservation, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"reserved\"", row, StringComparison.Ordinal);
        Assert.DoesNotContain("null", reservation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reservations_timer_waits_for_payments_that_came_before_it()
    {
        Assert.True(InventoryKinds.Reservations.TimerYieldsToOlderMessages);
    }

    [Fact]
    public void The_default_options_are_valid_and_a_hold_of_no_time_is_not()
    {
        Assert.True(IsValid(new InventoryOptions()));
        Assert.False(IsValid(new InventoryOptions { HoldFor = TimeSpan.Zero }));

        static bool IsValid(InventoryOptions options) =>
            Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true);
    }

    private static object? Column(DocumentKind kind, string name, object state) =>
        Assert.Single(kind.Columns, column => column.Name == name).Read(state);
}
