using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Customers who want a prepared parcel sent elsewhere.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed class AddressTests(HoldingShop fixture)
{
    private const string Old = "04524", New = "06236";

    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task A_prepared_parcels_address_is_changed_at_the_carrier_too()
    {
        var (customer, order, shipment) = await Prepared();
        var changed = (await customer.Readdress(order, New)).Expect(200);
        Assert.Equal(New, changed.Data["address"].Text("postalCode"));
        Assert.Equal(new(New, [(New, true)]), await _shop.Sandbox.Addresses(order), AddressBooksAreEqual);

        var shown = (await customer.Get($"shipping/{shipment}")).Expect(200).Data;
        Assert.Equal("서울시 강남구 테헤란로 427", shown["address"].Text("address"));
        Assert.Equal("changed", shown["addressChange"].Text("outcome"));
        await Eventually.IsTrue("the order to note it", async () =>
            (await customer.Order(order))["shipment"]!["addressChangedAt"] is not null);
        var story = await Story.With(_shop, order, "shipping.address_changed");
        Assert.Equal(1, story.Types.Count(t => t == "shipping.address_changed"));
        var journal = await (await _shop.Operator()).Get($"ops/journal?correlationId={order.CorrelationId}");
        Assert.DoesNotContain("테헤란로", journal.Text, StringComparison.Ordinal); // the address travels nowhere

        (await customer.Readdress(order, New)).Expect(200); // the same wish once more changes nothing
        Assert.Single((await _shop.Sandbox.Addresses(order)).Changes);
    }

    [Fact]
    public async Task A_carrier_that_does_not_go_there_is_a_409_and_nothing_changes()
    {
        var (customer, order, shipment) = await Prepared();
        var refused = (await customer.Readdress(order, "00001")).Expect(409);
        Assert.Equal("ADDRESS_REFUSED", refused.Code);
        Assert.Equal(new(Old, [("00001", false)]), await _shop.Sandbox.Addresses(order), AddressBooksAreEqual);
        var shown = (await customer.Get($"shipping/{shipment}")).Expect(200).Data;
        Assert.Equal((Old, "refused"), (shown["address"].Text("postalCode"), shown["addressChange"].Text("outcome")));
        Assert.DoesNotContain("shipping.address_changed", (await Story.Of(_shop, order)).Types);

        (await customer.Readdress(order, New)).Expect(200); // and another place is still possible
    }

    [Theory]
    [InlineData("lose_response")]
    [InlineData("down")]
    public async Task A_change_of_unknown_outcome_is_asked_for_until_known_and_made_once(string fault)
    {
        var (customer, order, _) = await Prepared();
        Answer first;
        await using (await _shop.Sandbox.Fault("carrier:*", "readdress", fault, match: order.OrderId, times: 2))
        {
            first = await customer.Readdress(order, New);
            Assert.Contains(first.Status, new[] { 200, 202 });
            await Story.With(_shop, order, "shipping.address_changed");
        }

        Assert.Equal(new(New, [(New, true)]), await _shop.Sandbox.Addresses(order), AddressBooksAreEqual);
    }

    [Fact]
    public async Task The_rules_of_the_sandboxs_postal_codes_hold_for_a_changed_address_too()
    {
        var (customer, order, _) = await Prepared();
        Assert.Contains((await customer.Readdress(order, "00002")).Status, new[] { 200, 202 });
        await Story.With(_shop, order, "shipping.address_changed");
        Assert.Equal("00002", (await _shop.Sandbox.Addresses(order)).PostalCode);
    }

    [Fact]
    public async Task Of_a_cancel_and_a_change_at_once_the_shipment_lets_the_cancel_win()
    {
        for (var i = 0; i < 4; i++)
        {
            var (customer, order, _) = await Prepared();
            var cancelling = customer.Cancel(order);
            var change = await customer.Readdress(order, New);
            Assert.Contains((await cancelling).Status, new[] { 200, 202 });
            Assert.Contains((change.Status, change.Code), new[] { (200, null), (202, null), (409, "SHIPMENT_CANCELLED") });
            await customer.Until(order, "cancelled");
            Assert.Equal(0, (await _shop.Sandbox.Carriers(order)).LiveWaybills);
            Assert.Equal("SHIPMENT_CANCELLED", (await customer.Readdress(order, New)).Expect(409).Code);
        }
    }

    [Fact]
    public async Task Only_the_owner_may_and_a_wrong_form_names_its_field()
    {
        var (customer, _, shipment) = await Prepared();
        var (path, stranger) = ($"shipping/{shipment}/address", await _shop.Customer());
        (await stranger.Patch(path, Person.Elsewhere(New))).Expect(404);
        (await stranger.Get($"shipping/{shipment}")).Expect(404);
        (await (await _shop.Operator()).Patch(path, Person.Elsewhere(New))).Expect(404);
        (await Person.Anonymous(_shop).Patch(path, Person.Elsewhere(New))).Expect(401);
        (await customer.Patch($"shipping/{Guid.NewGuid()}/address", Person.Elsewhere(New))).Expect(404);
        var masked = (await (await _shop.Operator()).Get($"shipping/{shipment}")).Expect(200).Data["address"];
        Assert.Equal("홍*동", masked.Text("recipientName"));

        Assert.Equal("postalCode", (await customer.Patch(path, Person.Elsewhere("1234"))).Expect(400).Field);
        var wrong = Person.Elsewhere(New);
        wrong["recipientName"] = " ";
        Assert.Equal("recipientName", (await customer.Patch(path, wrong)).Expect(400).Field);
        wrong["floor"] = 3;
        Assert.Equal("INVALID_JSON", (await customer.Patch(path, wrong)).Expect(400).Code);
        Assert.Equal("INVALID_JSON", (await customer.Patch(path, new JsonObject())).Expect(400).Code);
    }

    private static bool AddressBooksAreEqual(AddressBooks a, AddressBooks b) =>
        a.PostalCode == b.PostalCode && a.Changes.SequenceEqual(b.Changes);

    private async Task<(Person Customer, Placed Order, string ShipmentId)> Prepared()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "preparing");
        return (customer, order, (await customer.Order(order))["shipment"].Text("shippingId"));
    }
}

/// <summary>Parcels that leave for their new address, and parcels that have left.</summary>
public sealed class AddressAndDispatchTests
{
    /// <summary>Long enough to change an address before it is over, on however slow a machine.</summary>
    private static readonly Settings Unhurried = Pace.Fast.With(("Shipping:HoldBeforeDispatch", "00:00:20"));

    [Fact]
    public async Task A_parcel_goes_to_its_new_address_and_once_it_has_left_that_stays()
    {
        await using var shop = await Shop.Open(Unhurried);
        var customer = await shop.Customer();
        List<Placed> orders = [];
        for (var i = 0; i < 3; i++)
        {
            orders.Add(await customer.Place(new OrderForm()));
        }

        foreach (var order in orders)
        {
            await customer.Until(order, "preparing");
        }

        var (moved, nobodyThere, asking) = (orders[0], orders[1], orders[2]);
        (await customer.Readdress(moved, "06236")).Expect(200);
        (await customer.Readdress(nobodyThere, "00003")).Expect(200);
        await using (await shop.Sandbox.Fault("carrier:*", "readdress", "down", match: asking.OrderId))
        {
            (await customer.Readdress(asking, "63122")).Expect(202);
            await customer.Until(moved, "delivered"); // its hold is over, and so is that of the one being asked about
            Assert.Equal("preparing", await customer.StatusOf(asking));
        }

        await customer.Until(asking, "delivered");
        await customer.Until(nobodyThere, "returned");
        Assert.Equal("06236", (await shop.Sandbox.Addresses(moved)).PostalCode);
        Assert.Equal("63122", (await shop.Sandbox.Addresses(asking)).PostalCode);
        foreach (var order in orders)
        {
            Assert.Equal("ALREADY_DISPATCHED", (await customer.Readdress(order, "04524")).Expect(409).Code);
        }

        await shop.AssertAudited();
    }
}
