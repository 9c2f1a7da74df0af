using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DoaMarket.Sandbox.Tests;

public sealed class CallbackTests
{
    [Fact]
    public async Task A_dispatched_parcel_tells_each_step_to_the_product()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using World world = await StartAsync(receiver);
        string number = await DispatchAsync(world, "ship-1");
        List<Received> taken = await receiver.TakenAsync(3);
        Assert.Equal(
            ["shipment.delivered", "shipment.in_transit", "shipment.out_for_delivery"],
            taken.Select(received => received.Message["type"]).Order(StringComparer.Ordinal));
        Assert.All(taken, received =>
        {
            Assert.Equal("/hooks/kr.cjlogistics", received.Path);
            Assert.Equal(number, received.Message["trackingNumber"]);
            Assert.Equal("ship-1", received.Message["clientReference"]);
            Assert.Equal("order-1", received.Message["orderReference"]);
            Assert.EndsWith("Z", received.Message["occurredAt"], StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task The_signature_is_that_of_standard_webhooks()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using World world = await StartAsync(receiver);
        await DispatchAsync(world, "ship-1");
        Received received = (await receiver.TakenAsync(1))[0];
        string id = received.Headers["webhook-id"];
        string timestamp = received.Headers["webhook-timestamp"];
        byte[] signed = Encoding.UTF8.GetBytes($"{id}.{timestamp}.{Encoding.UTF8.GetString(received.Body)}");
        using HMACSHA256 mac = new(World.WebhookSecretBytes);
        Assert.Equal("v1," + Convert.ToBase64String(mac.ComputeHash(signed)), received.Headers["webhook-signature"]);
        long age = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(timestamp, CultureInfo.InvariantCulture);
        Assert.InRange(age, 0, 60);
    }

    [Fact]
    public async Task A_callback_that_was_not_taken_comes_again_with_the_same_id()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Status = 503;
        await using World world = await StartAsync(receiver);
        await DispatchAsync(world, "ship-1");
        await World.UntilAsync(() => world.GetAsync("callbacks"), _ => receiver.All.DistinctBy(Id).Count() == 3);
        receiver.Status = 200;
        List<Received> taken = await receiver.TakenAsync(3);
        string[] refused = [.. receiver.All.Where(received => received.Status == 503).Select(Id)];
        Assert.All(taken.Select(Id), id => Assert.Contains(id, refused));
        await World.UntilAsync(() => world.GetAsync("callbacks"), reply => reply.Number("pending") == 0);
    }

    [Fact]
    public async Task Callbacks_and_movements_survive_a_restart_and_wait_for_a_url()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using World world = await World.StartAsync();
        string number = await DispatchAsync(world, "ship-1");
        await World.UntilAsync(
            () => world.CarrierAsync(HttpMethod.Get, $"/{number}"), reply => reply["status"] != "DISPATCHED");
        await world.RestartAsync();
        await World.UntilAsync(
            () => world.CarrierAsync(HttpMethod.Get, $"/{number}"), reply => reply["status"] == "DELIVERED");
        Assert.Equal(3, (await world.GetAsync("callbacks")).Number("pending"));
        world.Server.CarrierCallbackUrl = receiver.CarrierTemplate;
        Assert.Equal(3, (await receiver.TakenAsync(3)).Select(Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_callback_is_given_up_after_its_last_attempt_and_stays_listed()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Status = 500;
        await using World world = await World.StartAsync(options => options with
        {
            CarrierCallbackUrl = receiver.CarrierTemplate,
            CallbackAttemptsMax = 2,
            AutoMove = false,
        });
        string number = await DispatchAsync(world, "ship-1");
        await world.SendAsync(HttpMethod.Post, $"parcels/{number}/advance", null);
        Reply listed = await World.UntilAsync(
            () => world.GetAsync("callbacks"), reply => reply.Number("abandoned") == 1);
        Assert.Equal(2, listed.Json.GetProperty("items")[0].GetProperty("attempts").GetInt64());
        Assert.Equal(2, receiver.All.Count);
    }

    [Fact]
    public async Task A_lost_answer_makes_the_carrier_say_it_twice()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using World world = await StartAsync(receiver);
        await world.FaultAsync(new { target = "carrier:*", operation = "callback", mode = "lose_response", times = 1 });
        await DispatchAsync(world, "ship-1");
        List<Received> taken = await receiver.TakenAsync(4);
        Assert.Equal(3, taken.Select(Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_delayed_callback_comes_after_the_later_ones()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using World world = await StartAsync(receiver);
        await world.FaultAsync(new
        {
            target = "carrier:kr.cjlogistics",
            operation = "callback",
            mode = "slow",
            delayMs = 500,
            times = 1,
        });
        await DispatchAsync(world, "ship-1");
        List<Received> taken = await receiver.TakenAsync(3);
        Assert.Equal("shipment.in_transit", taken[^1].Message["type"]);
    }

    [Fact]
    public async Task Payment_changes_are_hinted_unsigned_in_the_form_of_the_pg()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Status = 500;
        await using World world = await World.StartAsync(options => options with
        {
            PaymentWebhookUrl = new Uri(receiver.Url),
        });
        await world.ChargeAsync("order-0001");
        await World.UntilAsync(() => world.GetAsync("callbacks"), _ => !receiver.All.IsEmpty);
        receiver.Status = 200;
        Received received = (await receiver.TakenAsync(1))[0];
        Assert.Equal("PAYMENT_STATUS_CHANGED", received.Message["eventType"]);
        Assert.Equal("DONE", received.Message.Json.GetProperty("data").GetProperty("status").GetString());
        Assert.NotEqual("0", received.Headers["tosspayments-webhook-transmission-retried-count"]);
        Assert.Equal(
            receiver.All.First().Headers["tosspayments-webhook-transmission-id"],
            received.Headers["tosspayments-webhook-transmission-id"]);
        Assert.False(received.Headers.ContainsKey("webhook-signature"));
    }

    private static string Id(Received received) => received.Headers["webhook-id"];

    private static Task<World> StartAsync(Receiver receiver) =>
        World.StartAsync(options => options with { CarrierCallbackUrl = receiver.CarrierTemplate });

    private static async Task<string> DispatchAsync(World world, string reference)
    {
        string number = (await world.RegisterAsync(reference))["trackingNumber"];
        Assert.Equal(200, (await world.AskAsync(number, "dispatch")).Status);
        return number;
    }
}
