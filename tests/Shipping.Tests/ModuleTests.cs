using System.ComponentModel.DataAnnotations;
using System.Text;
using DoaMarket.Contracts;

namespace DoaMarket.Shipping.Tests;

public sealed class ModuleTests
{
    [Fact]
    public void Every_message_that_is_routed_to_shipping_is_handled_and_nothing_else()
    {
        var module = ShippingModule.Create(new ShippingOptions());
        var routed = ShopTopology.Topology.Rules
            .Where(r => r.Services.Contains(ShopTopology.Shipping, StringComparer.Ordinal))
            .Select(r => r.EventType)
            .Order(StringComparer.Ordinal);
        var handled = module.MessageTypes.Select(ShopMessages.Catalog.NameOf).Order(StringComparer.Ordinal);
        Assert.Equal(routed, handled);
    }

    [Fact]
    public void The_defaults_are_valid()
    {
        var options = new ShippingOptions();
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        Assert.All(options.Carriers, c =>
            Validator.ValidateObject(c, new ValidationContext(c), validateAllProperties: true));
    }

    [Fact]
    public void Lists_find_a_shipment_by_number_user_and_status()
    {
        var world = new World();
        world.Prepare();
        world.Call();
        var columns = ShippingKinds.Shipments.Columns
            .ToDictionary(c => c.Name, c => c.Read(world.Shipment!), StringComparer.Ordinal);
        Assert.Equal("prepared", columns["status"]);
        Assert.Equal("6100000001", columns["tracking_number"]);
        Assert.Equal("user-1", columns["user_id"]);
        var json = Encoding.UTF8.GetString(ShippingKinds.Shipments.Write(world.Shipment!));
        Assert.Contains("\"status\":\"prepared\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_reference_names_its_order()
    {
        var order = new World().Order;
        Assert.Equal(order, ClientReference.Order(ClientReference.Of(order)));
        Assert.Null(ClientReference.Order("ORD-20260302-000001"));
        Assert.Null(ClientReference.Order(null));
    }

    [Fact]
    public void Every_status_has_its_place_in_the_table_of_moves_and_none_leads_to_itself()
    {
        var statuses = Enum.GetValues<ShipmentStatus>();
        Assert.All(statuses, s => Assert.False(ShipmentMoves.IsAllowed(s, s)));
        Assert.All(
            statuses.Where(s => s is not ShipmentStatus.Stub),
            to => Assert.Contains(statuses, from => ShipmentMoves.IsAllowed(from, to)));
        Assert.All(
            new[] { ShipmentStatus.Cancelled, ShipmentStatus.Failed, ShipmentStatus.ReturnCompleted },
            end => Assert.DoesNotContain(statuses, to => ShipmentMoves.IsAllowed(end, to)));
    }
}
