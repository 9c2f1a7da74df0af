using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>A carrier that calls nobody, followed through tracker.delivery: hints, questions, and watches renewed.</summary>
public sealed class TrackerTests
{
    private static readonly Settings Tracked = Pace.Fast.With(
        ("TrackerAccount:Enabled", "true"),
        ("TrackerAccount:WatchFor", "00:00:03"),
        ("Shipping:RenewWatchBefore", "00:00:02"),
        ("Tracker:Break", "00:00:01"),
        ("Shipping:Carriers:0:Id", "kr.logen"),
        ("Shipping:Carriers:0:Name", "로젠택배"),
        ("Shipping:Carriers:0:MaxWeightGrams", "25000"),
        ("Shipping:Carriers:0:DeliveryDays", "0"),
        ("Shipping:Carriers:0:TrackedBy", "tracker.delivery"));

    [Fact]
    public async Task A_parcel_of_a_carrier_that_calls_nobody_is_followed_to_the_door_and_back()
    {
        await using var shop = await Shop.Open(Tracked);
        var customer = await shop.Customer();
        Placed delivered, back;
        await using (await shop.Sandbox.ParcelsStandStill())
        {
            delivered = await customer.Place(new OrderForm());
            back = await customer.Place(new OrderForm { PostalCode = "00003" });
            await customer.Until(delivered, "shipped");
            await customer.Until(back, "shipped");
            Assert.Equal("로젠택배", (await customer.Order(delivered))["shipment"].Text("carrierName"));

            // The watch of three seconds is renewed again and again while the parcels stand still.
            await Eventually.IsTrue("watches to be renewed", async () => await shop.Sandbox.Calls("tracker", "register") >= 6);
            var questions = await shop.Sandbox.Calls("tracker", "track");
            await AssertNobodyElseMakesItAsk(shop, customer, delivered);
            Assert.Equal(questions, await shop.Sandbox.Calls("tracker", "track"));
        }

        await customer.Until(delivered, "delivered");
        var number = (await customer.Order(delivered))["shipment"].Text("trackingNumber");
        var events = (await Person.Anonymous(shop).Get($"shipping/track/{number}")).Expect(200).Data.List("events");
        // The tracker shows the last event: a stop that the parcel has left before we ask is not seen.
        string[] road = ["AT_PICKUP", "IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED"];
        var seen = events.Select(e => e.Text("status")).ToList();
        Assert.Equal(road.Where(seen.Contains), seen);
        Assert.Equal(("AT_PICKUP", "DELIVERED"), (seen[0], seen[^1]));
        Assert.Equal(0, await shop.Sandbox.Calls("carrier:kr.logen", "callback"));

        await customer.Until(back, "returned");
        var story = await Story.With(shop, back, "return.completed");
        story.AssertInOrder(
            "shipping.dispatched", "shipping.delivery_failed", "return.initiated", "return.picked_up", "return.received",
            "payment.refunded", "order.returned", "return.completed");
        await shop.AssertAudited();
    }

    [Fact]
    public async Task While_the_tracker_is_away_its_circuit_opens_and_afterwards_nothing_is_lost()
    {
        await using var shop = await Shop.Open(Tracked);
        var customer = await shop.Customer();
        List<Placed> orders = [];
        await using (await shop.Sandbox.Fault("tracker", "*", "down"))
        {
            for (var i = 0; i < 8; i++)
            {
                orders.Add(await customer.Place(new OrderForm()));
            }

            await Eventually.IsTrue("the tracker's circuit to open", async () =>
                (await (await shop.Operator()).Get("ops/breakers")).Expect(200).List
                    .Any(b => b.Text("gateway") == "tracker.delivery" && b.Text("state") == "open"));
        }

        foreach (var order in orders)
        {
            await customer.Until(order, "delivered");
        }
    }

    [Fact]
    public async Task A_tracked_carrier_without_a_tracker_is_a_wrong_configuration()
    {
        var folder = Path.Combine(Path.GetTempPath(), "doa-e2e", Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        var ended = await DoaProcess.Run(
            folder, Tracked.With(("TrackerAccount:Enabled", "false")), "serve", "--urls", "http://127.0.0.1:0",
            "--data", folder);
        Directory.Delete(folder, recursive: true);
        Assert.Equal(2, ended.Code);
        Assert.Contains("DOA__TrackerAccount__Enabled=true", ended.Errors, StringComparison.Ordinal);
    }

    private static async Task AssertNobodyElseMakesItAsk(Shop shop, Person customer, Placed order)
    {
        var number = (await customer.Order(order))["shipment"].Text("trackingNumber");
        var call = new JsonObject { ["carrierId"] = "kr.logen", ["trackingNumber"] = number };
        (await Person.Anonymous(shop).Post("webhooks/tracker/guessed-guessed-guessed", call)).Expect(404);
        var secret = Convert.ToHexStringLower(Convert.FromBase64String(
            File.ReadAllText(Path.Combine(shop.Data, "keys", "tracker-callback.key"))))[..32];
        call["trackingNumber"] = "900000000000";
        var unknown = (await Person.Anonymous(shop).Post($"webhooks/tracker/{secret}", call)).Expect(200);
        Assert.Equal("unknown_parcel", unknown.Data.Text("outcome"));
        var wrong = new JsonObject { ["carrierId"] = "kr.logen" };
        Assert.Equal("INVALID_JSON", (await Person.Anonymous(shop).Post($"webhooks/tracker/{secret}", wrong)).Expect(400).Code);
    }
}
