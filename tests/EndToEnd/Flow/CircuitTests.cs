using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Sagas wait at an open circuit inside their deadline, and go on when it closes.</summary>
public sealed class CircuitTests
{
    /// <summary>Shorter than what an order would sleep by its own timer: only the closing circuit can wake it.</summary>
    private static readonly TimeSpan SoonerThanItsTimer = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task An_order_waits_at_the_open_circuit_to_the_PG_and_goes_on_when_it_closes()
    {
        await using var shop = await Shop.Open(Pace.Enduring.With(
            ("Shipping:HoldBeforeDispatch", "01:00:00"), ("Pg:MinimumCalls", "2"),
            ("Payments:FirstQueryWait", "00:00:59"), ("Payments:LongestQueryWait", "00:00:59"),
            ("Orders:UndoAttempts", "100"), ("Orders:AmendAttempts", "100")));
        var customer = await shop.Customer();
        Placed held;
        JsonNode waiting;
        await using (await shop.Sandbox.Fault("pg", "charge", "down"))
        {
            await Eventually.IsTrue("the circuit to open", async () =>
            {
                await customer.Place(new OrderForm());
                return await Circuit(shop) == "open";
            });
            held = await customer.Place(new OrderForm());
            waiting = await Eventually.Is(
                "the order to wait", async () => (await customer.Order(held))["saga"]!,
                s => s["waitsFor"] is not null && Step(s)["deadlineAt"] is not null); // two reads: the saga may be a step behind
        }

        Assert.Equal("the circuit to pg", waiting.Text("waitsFor"));
        Assert.Equal("the circuit to pg", (await Saga(shop, held)).Text("waitsFor"));
        var (step, deadline) = (Step(waiting), Step(waiting)["deadlineAt"]!.GetValue<DateTimeOffset>());
        Assert.Equal((1, "in_progress"), (step.Int("attempts"), step.Text("status")));

        // One more order is the call that closes the circuit; by its own timer the first would sleep on for a minute.
        await Eventually.IsTrue("the circuit to close", async () =>
        {
            await customer.Place(new OrderForm());
            return await Circuit(shop) == "closed";
        });
        var paid = await Eventually.Is(
            "the order to go on", () => customer.Order(held), o => o.Text("status") == "preparing", SoonerThanItsTimer);

        Assert.Null(paid["saga"]!["waitsFor"]);
        Assert.Equal(new PgBooks(Captures: 1, Cancels: 0, Net: held.Total), await shop.Sandbox.Pg(held));
        var story = await Story.Of(shop, held);
        Assert.Single(story.Types, t => t == "payment.requested");
        Assert.Contains(story.Remarks, r => r.Contains("The circuit to pg is open.", StringComparison.Ordinal));
        Assert.Equal(deadline, Deadline(story));
    }

    [Fact]
    public async Task The_alert_of_an_open_circuit_closes_when_the_process_that_raised_it_is_killed()
    {
        await using var shop = await Shop.Open(Pace.Enduring.With(("Pg:MinimumCalls", "2"), ("Pg:Break", "00:00:20")));
        var customer = await shop.Customer();
        var fault = await shop.Sandbox.Fault("pg", "charge", "down");
        await Eventually.IsTrue("the alert", async () =>
        {
            await customer.Place(new OrderForm("bk_declined"));
            return await Alert(shop) == "open";
        });

        await fault.DisposeAsync(); // the circuit stays open for twenty seconds
        await shop.Kill();
        await shop.Start();

        await Eventually.Is("the alert to close", () => Alert(shop), status => status == "resolved");
        await Eventually.Is("the circuit", () => Circuit(shop), state => state == "closed"); // unknown while a process does not answer
    }

    private static async Task<string?> Alert(Shop shop) =>
        (await AlertSeen.All(shop)).Where(a => a.IsCircuitOf("pg")).OrderBy(a => a.Status == "resolved")
            .FirstOrDefault()?.Status;

    private static async Task<string> Circuit(Shop shop) =>
        (await (await shop.Operator()).Get("ops/breakers")).Expect(200).List
            .Single(b => b.Text("gateway") == "pg").Text("state");

    private static async Task<JsonNode> Saga(Shop shop, Placed order) =>
        (await (await shop.Operator()).Get($"ops/sagas/{order.SagaId}")).Expect(200).Data;

    private static JsonNode Step(JsonNode saga) =>
        saga.List("steps").Single(s => s.Text("name") == "process_payment")!;

    // The one command names the deadline that stood when it was sent.
    private static DateTimeOffset Deadline(Story story) =>
        story.Messages.Single(m => m.Type == "payment.requested").Data["deadline"]!.GetValue<DateTimeOffset>();
}
