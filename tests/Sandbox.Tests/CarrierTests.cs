using System.Text.Json;

namespace DoaMarket.Sandbox.Tests;

public sealed class CarrierTests
{
    [Fact]
    public async Task Registering_the_same_reference_again_makes_no_second_waybill()
    {
        await using World world = await World.StartAsync();
        Reply first = await world.RegisterAsync("ship-1");
        Assert.Equal((201, "REGISTERED"), (first.Status, first["status"]));
        Assert.Matches("^[0-9]{12}$", first["trackingNumber"]);
        Reply[] repeats = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.RegisterAsync("ship-1")));
        Assert.All(repeats, repeat =>
            Assert.Equal((200, first["trackingNumber"]), (repeat.Status, repeat["trackingNumber"])));
        Reply oracle = await world.GetAsync("oracle/parcels?orderId=order-1");
        Assert.Equal(1, oracle.Json.GetProperty("items")[0].GetProperty("waybills").GetArrayLength());
        Assert.Equal(1, oracle.Json.GetProperty("items")[0].GetProperty("liveWaybills").GetInt64());
        Reply found = await world.CarrierAsync(HttpMethod.Get, "?clientReference=ship-1");
        Assert.Equal(first["trackingNumber"], found["trackingNumber"]);
    }

    [Fact]
    public async Task A_cancelled_waybill_cannot_be_dispatched()
    {
        await using World world = await World.StartAsync();
        string number = (await world.RegisterAsync("ship-1"))["trackingNumber"];
        Assert.Equal(200, (await world.AskAsync(number, "cancel")).Status);
        Assert.Equal("CANCELLED", (await world.AskAsync(number, "cancel"))["status"]);
        Reply refused = await world.AskAsync(number, "dispatch");
        Assert.Equal((409, "CANCELLED"), (refused.Status, refused.Code));
        Assert.Equal(0, await LiveWaybillsAsync(world));
    }

    [Fact]
    public async Task A_dispatched_waybill_cannot_be_cancelled()
    {
        await using World world = await World.StartAsync(options => options with { AutoMove = false });
        string number = (await world.RegisterAsync("ship-1"))["trackingNumber"];
        Assert.Equal("DISPATCHED", (await world.AskAsync(number, "dispatch"))["status"]);
        Assert.Equal("DISPATCHED", (await world.AskAsync(number, "dispatch"))["status"]);
        Reply refused = await world.AskAsync(number, "cancel");
        Assert.Equal((409, "ALREADY_DISPATCHED"), (refused.Status, refused.Code));
        Reply oracle = await world.GetAsync("oracle/parcels?orderId=order-1");
        Assert.Equal(1, oracle.Json.GetProperty("items")[0].GetProperty("dispatches").GetArrayLength());
    }

    [Fact]
    public async Task When_cancel_and_dispatch_race_exactly_one_wins()
    {
        await using World world = await World.StartAsync(options => options with { AutoMove = false });
        for (int i = 0; i < 20; i++)
        {
            string number = (await world.RegisterAsync($"ship-{i}"))["trackingNumber"];
            Reply[] replies = await Task.WhenAll(world.AskAsync(number, "cancel"), world.AskAsync(number, "dispatch"));
            Assert.Equal([200, 409], replies.Select(reply => reply.Status).Order());
        }
    }

    [Fact]
    public async Task An_address_nobody_delivers_to_is_refused()
    {
        await using World world = await World.StartAsync();
        Reply refused = await world.RegisterAsync("ship-1", postalCode: "00001");
        Assert.Equal((422, "UNDELIVERABLE_ADDRESS"), (refused.Status, refused.Code));
        Assert.Equal(404, (await world.CarrierAsync(HttpMethod.Get, "?clientReference=ship-1")).Status);
    }

    [Fact]
    public async Task A_carrier_that_is_down_for_a_parcel_works_at_the_fourth_try()
    {
        await using World world = await World.StartAsync();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(503, (await world.RegisterAsync("ship-1", postalCode: "00002")).Status);
        }

        Assert.Equal(201, (await world.RegisterAsync("ship-1", postalCode: "00002")).Status);
        Assert.Equal(503, (await world.RegisterAsync("ship-2", postalCode: "00002")).Status);
    }

    [Fact]
    public async Task An_address_is_changed_once_per_reference_and_the_oracle_knows()
    {
        await using World world = await World.StartAsync(options => options with { AutoMove = false });
        string number = (await world.RegisterAsync("ship-1"))["trackingNumber"];
        Assert.Equal(200, (await ReaddressAsync(world, number, "ship-1-A1", "06236")).Status);
        Assert.Equal(200, (await ReaddressAsync(world, number, "ship-1-A2", "63122")).Status);
        Assert.Equal(200, (await ReaddressAsync(world, number, "ship-1-A1", "06236")).Status); // late: changes nothing
        for (int i = 0; i < 2; i++)
        {
            Reply refused = await ReaddressAsync(world, number, "ship-1-A3", "00001");
            Assert.Equal((422, "UNDELIVERABLE_ADDRESS"), (refused.Status, refused.Code));
        }

        JsonElement parcel = (await world.GetAsync("oracle/parcels?orderId=order-1")).Json.GetProperty("items")[0];
        Assert.Equal("63122", parcel.GetProperty("waybills")[0].GetProperty("postalCode").GetString());
        Assert.Equal(
            [("ship-1-A1", true), ("ship-1-A2", true), ("ship-1-A3", false)],
            parcel.GetProperty("addressChanges").EnumerateArray().Select(change =>
                (change.GetProperty("clientReference").GetString(), change.GetProperty("taken").GetBoolean())));
    }

    [Fact]
    public async Task The_address_of_a_parcel_that_left_or_was_cancelled_stays()
    {
        await using World world = await World.StartAsync(options => options with { AutoMove = false });
        string left = (await world.RegisterAsync("ship-1"))["trackingNumber"];
        string cancelled = (await world.RegisterAsync("ship-2"))["trackingNumber"];
        await world.AskAsync(left, "dispatch");
        await world.AskAsync(cancelled, "cancel");
        Assert.Equal("ALREADY_DISPATCHED", (await ReaddressAsync(world, left, "ship-1-A1", "06236")).Code);
        Assert.Equal("CANCELLED", (await ReaddressAsync(world, cancelled, "ship-2-A1", "06236")).Code);
        Assert.Equal("UNKNOWN_SHIPMENT", (await ReaddressAsync(world, "600000000000", "x", "06236")).Code);
        Assert.Equal("recipient.postalCode", (await ReaddressAsync(world, left, "x", "0623"))["field"]);
    }

    [Fact]
    public async Task A_carrier_that_is_down_for_an_address_works_at_the_fourth_try_and_a_fault_can_refuse_one()
    {
        await using World world = await World.StartAsync(options => options with { AutoMove = false });
        string number = (await world.RegisterAsync("ship-1"))["trackingNumber"];
        int[] tries = [503, 503, 503, 200];
        foreach (int expected in tries)
        {
            Assert.Equal(expected, (await ReaddressAsync(world, number, "ship-1-A1", "00002")).Status);
        }

        await world.FaultAsync(
            new { target = "carrier:kr.cjlogistics", operation = "readdress", mode = "decline", times = 1 });
        Assert.Equal(422, (await ReaddressAsync(world, number, "ship-1-A2", "06236")).Status);
        Assert.Equal(422, (await ReaddressAsync(world, number, "ship-1-A2", "06236")).Status); // it stays refused
        Assert.Equal(200, (await ReaddressAsync(world, number, "ship-1-A3", "06236")).Status);
    }

    [Fact]
    public async Task A_return_is_picked_up_and_comes_back()
    {
        await using World world = await World.StartAsync(options => options with { AutoMove = false });
        string number = (await world.RegisterAsync("ship-1"))["trackingNumber"];
        Assert.Equal("NOT_DISPATCHED", (await world.AskAsync(number, "return")).Code);
        await world.AskAsync(number, "dispatch");
        Assert.Equal("PICKUP_REQUESTED", (await world.AskAsync(number, "return"))["status"]);
        world.Server.AutoMove = true;
        Reply back = await TrackUntilAsync(world, number, "RETURNED");
        Assert.Equal(
            ["INFORMATION_RECEIVED", "AT_PICKUP", "PICKUP_REQUESTED", "RETURN_PICKED_UP", "RETURNED"],
            back.Json.GetProperty("events").EnumerateArray().Select(entry => entry.GetProperty("status").GetString()));
        Assert.Equal("RETURNED", (await world.AskAsync(number, "return"))["status"]);
    }

    [Fact]
    public async Task A_parcel_whose_recipient_is_never_home_ends_as_an_exception()
    {
        await using World world = await World.StartAsync();
        string number = (await world.RegisterAsync("ship-1", postalCode: "00003"))["trackingNumber"];
        await world.AskAsync(number, "dispatch");
        Reply ended = await TrackUntilAsync(world, number, "EXCEPTION");
        Assert.Contains(
            ended.Json.GetProperty("events").EnumerateArray(),
            entry => entry.GetProperty("status").GetString() == "ATTEMPT_FAIL");
    }

    [Theory]
    [InlineData("""{"orderReference":"o"}""", "clientReference")]
    [InlineData("""{"clientReference":"c","orderReference":"o"}""", "recipient")]
    [InlineData("""{"clientReference":"c","clientReference":"d"}""", "body")]
    [InlineData("""[1]""", "body")]
    public async Task A_wrong_registration_is_refused_and_names_the_field(string body, string field)
    {
        await using World world = await World.StartAsync();
        Reply refused = await world.CarrierAsync(HttpMethod.Post, "", body);
        Assert.Equal((400, field), (refused.Status, refused["field"]));
    }

    [Fact]
    public async Task A_call_without_the_key_or_to_an_unknown_carrier_is_refused()
    {
        await using World world = await World.StartAsync();
        Assert.Equal(401, (await world.GetAsync("carriers/kr.hanjin/v1/shipments?clientReference=a")).Status);
        Assert.Equal("UNKNOWN_CARRIER", (await world.RegisterAsync("ship-1", carrier: "kr.nobody")).Code);
        Assert.Equal(201, (await world.RegisterAsync("ship-1", carrier: "kr.hanjin")).Status);
    }

    [Fact]
    public async Task A_body_over_64_kib_is_refused()
    {
        await using World world = await World.StartAsync();
        string big = new('x', 70_000);
        Reply refused = await world.CarrierAsync(HttpMethod.Post, "", new { clientReference = big });
        Assert.Equal((400, "body"), (refused.Status, refused["field"]));
    }

    private static Task<Reply> TrackUntilAsync(World world, string number, string status) => World.UntilAsync(
        () => world.CarrierAsync(HttpMethod.Get, $"/{number}"), reply => reply["status"] == status);

    private static Task<Reply> ReaddressAsync(World world, string number, string reference, string postalCode) =>
        world.CarrierAsync(HttpMethod.Patch, $"/{number}/address", new
        {
            clientReference = reference,
            recipient = new { name = "김영희", phone = "010-9876-5432", postalCode, address = "서울시 강남구 테헤란로 1" },
        });

    private static async Task<long> LiveWaybillsAsync(World world) =>
        (await world.GetAsync("oracle/parcels?orderId=order-1")).Json
            .GetProperty("items")[0].GetProperty("liveWaybills").GetInt64();
}
