using DoaMarket.EndToEnd;
using DoaMarket.EndToEnd.Harness;
using Microsoft.Playwright;

namespace DoaMarket.OpsConsole.Tests;

/// <summary>What operators repair, done with the mouse from beginning to end.</summary>
public sealed class RepairTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task A_failing_order_is_repaired_by_hand_from_its_alert_to_cancelled()
    {
        await using var window = await chromium.SignedIn("/playground");
        await window.Page.GetByRole(AriaRole.Radio, new() { Name = "Refund fails" }).ClickAsync();
        await window.Page.GetByTestId("place").ClickAsync();
        await window.See("Waiting for a person: “Take payment” could not be undone or finished");

        await window.Menu("Overview");
        await window.Page.Locator("main").GetByRole(AriaRole.Link, new() { NameRegex = new("^Needs attention") }).ClickAsync();
        await Assertions.Expect(window.Heading("Sagas")).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.Locator("tbody tr").First).ToContainTextAsync("Take payment");
        await window.Menu("Alerts");
        var alert = window.Page.Locator(".panel").Filter(new() { HasText = "REFUND_FAILED" }).Last;
        await Assertions.Expect(alert).ToContainTextAsync("A refund fails");
        await alert.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await window.Confirm("Acknowledge", "on it");
        await window.See("operator is on it");
        await alert.GetByRole(AriaRole.Button, new() { Name = "Resolve" }).ClickAsync();
        window.Provoked = 409;
        await window.Confirm("Resolve", "go away");
        await Assertions.Expect(window.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("closes when its cause is settled");
        await window.Confirm("Back", null);

        await alert.GetByRole(AriaRole.Link, new() { Name = "Its order" }).ClickAsync();
        await window.Button("Settled by hand").ClickAsync();
        await Assertions.Expect(window.Dialog.GetByTestId("preview")).ToHaveAttributeAsync("data-verdict", "changes");
        await Assertions.Expect(window.Dialog).ToContainTextAsync("payment.resolve_requested");
        var consequence = window.Dialog.GetByTestId("consequence");
        await Assertions.Expect(consequence).ToHaveTextAsync("All that is owed is booked as given back by you.");
        await window.Dialog.GetByLabel("Given back (won)").FillAsync("5000");
        await Assertions.Expect(consequence).ToContainTextAsync("₩5,000 is booked as given back by you");
        await Assertions.Expect(window.Dialog.GetByTestId("preview")).ToContainTextAsync("5,000 won given back");
        await window.Confirm("Settled by hand", "paid out at the counter");
        await Assertions.Expect(window.Page.Locator("main").GetByText("Cancelled", new() { Exact = true }).First).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.GetByTestId("timeline")).ToContainTextAsync("paid out at the counter");
        await window.See("Stays with the shop");
        await window.Menu("Alerts");
        await Assertions.Expect(window.Page.GetByText("REFUND_FAILED")).ToHaveCountAsync(0);
        await window.Menu("Audit log");
        await window.See("process_payment: paid out at the counter");
    }

    [Fact]
    public async Task A_parcel_that_is_lost_is_settled_and_its_goods_are_not_put_back()
    {
        await using var shop = await Shop.Open(Chromium.Pace.With(("Orders:ReturnWithin", "00:00:02")));
        var customer = await shop.Customer();
        await using var lost = await shop.Sandbox.ParcelsStandStill();
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "shipped");
        (await customer.Cancel(order)).Expect(202);

        await using var window = await chromium.SignedIn($"/orders/{order.OrderId}", shop: shop);
        await window.Button("Settled by hand").ClickAsync();
        var consequence = window.Dialog.GetByTestId("consequence");
        await Assertions.Expect(consequence).ToContainTextAsync("The goods are put back into stock");
        await window.Dialog.GetByLabel("The goods are lost").CheckAsync();
        await Assertions.Expect(consequence).ToContainTextAsync("the units are written off");
        await Assertions.Expect(window.Dialog.GetByTestId("preview")).ToContainTextAsync("the goods are lost");
        await window.AssertAccessible();
        await window.Confirm("Settled by hand", "lost by the carrier");
        var main = window.Page.Locator("main");
        await Assertions.Expect(main.GetByText("Returned", new() { Exact = true }).First).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.GetByTestId("timeline")).Not.ToContainTextAsync("inventory.restocked");
    }

    [Fact]
    public async Task A_retry_goes_through_once_the_outside_works_again()
    {
        await using var window = await chromium.SignedIn("/playground");
        await window.Page.GetByRole(AriaRole.Radio, new() { Name = "Refund fails" }).ClickAsync();
        await window.Page.GetByTestId("place").ClickAsync();
        await window.See("Waiting for a person");
        await window.Page.Locator("main").GetByRole(AriaRole.Link, new() { NameRegex = new("^ORD-") }).First.ClickAsync();
        await Assertions.Expect(window.Button("Try again")).ToBeVisibleAsync();
        var order = window.Page.Url.Split('/')[^1];

        await window.Menu("Sandbox");
        await window.Button("Heal refunds").ClickAsync();
        await window.See("can be refunded again.");
        await Find(window, order);
        await window.Button("Try again").ClickAsync();
        await Assertions.Expect(window.Dialog).ToContainTextAsync("payment.refund_requested");
        await Assertions.Expect(window.Dialog).ToContainTextAsync("Waiting for payment.refunded");
        await window.AssertAccessible();
        await window.Confirm("Try again", "the PG works again");
        await Assertions.Expect(window.Page.GetByTestId("timeline")).ToContainTextAsync("order.cancelled");
        await Assertions.Expect(window.Button("Try again")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_order_that_has_left_is_cancelled_and_comes_back_as_a_return()
    {
        await using var window = await chromium.SignedIn("/playground");
        await window.Page.GetByTestId("place").ClickAsync();
        await window.Page.Locator("main").GetByRole(AriaRole.Link, new() { NameRegex = new("^ORD-") }).First.ClickAsync();
        var main = window.Page.Locator("main");
        await Assertions.Expect(main.GetByText("Shipped", new() { Exact = true }).First).ToBeVisibleAsync();
        await window.Button("Cancel order").ClickAsync();
        await Assertions.Expect(window.Dialog.GetByTestId("preview")).ToHaveAttributeAsync("data-verdict", "changes");
        await window.Confirm("Cancel order", "the customer does not want it any more");
        await Assertions.Expect(main.GetByText("Returned", new() { Exact = true }).First).ToBeVisibleAsync();
        var timeline = window.Page.GetByTestId("timeline");
        foreach (var message in new[] { "shipping.cancel_refused", "return.received", "payment.refunded", "order.returned" })
        {
            await Assertions.Expect(timeline).ToContainTextAsync(message);
        }
    }

    [Fact]
    public async Task Dead_letters_are_tried_redriven_one_by_one_and_by_group_discarded_and_unmasked()
    {
        await using var window = await chromium.SignedIn("/dead-letters");
        var order = await (await chromium.Shop.Customer()).Place(new OrderForm(), TimeSpan.FromSeconds(30));
        var mendable = PoisonedQueue.Put(chromium.Shop, "order-service-queue", "inventory.reservation_expired", "{\"orderId\":\"odd\"}");
        PoisonedQueue.Put(chromium.Shop, "order-service-queue", "order.dreamt_of", "{}");
        PoisonedQueue.Put(
            chromium.Shop, "shipping-service-queue", "shipping.prepare_requested", "{\"recipientName\":\"홍**\"}",
            personal: "{\"recipientName\":\"홍길동\"}");
        await window.See("By reason");

        await Letter(window, "inventory.reservation_expired").ClickAsync();
        await window.Button("Is it still expected?").ClickAsync();
        await Assertions.Expect(window.Page.GetByTestId("preview")).ToHaveAttributeAsync("data-verdict", "fails");
        await window.AssertAccessible();
        PoisonedQueue.Mend(chromium.Shop, mendable, $"{{\"orderId\":\"{order.OrderId}\",\"lines\":[]}}");
        await window.Button("Is it still expected?").ClickAsync();
        await Assertions.Expect(window.Page.GetByTestId("preview")).Not.ToHaveAttributeAsync("data-verdict", "fails");
        await window.Button("Redrive").ClickAsync();
        await window.Confirm("Redrive", "mended");
        await window.See("It is on its way again.");
        await window.Page.Keyboard.PressAsync("Escape");

        await Letter(window, "shipping.prepare_requested").ClickAsync();
        await window.Button("Unmask").ClickAsync();
        await window.Confirm("Unmask", "the customer called");
        await window.See("홍길동");
        await window.Button("Discard").ClickAsync();
        await window.Confirm("Discard", "sent again by hand");
        await window.See("Discarded.");
        await window.Page.Keyboard.PressAsync("Escape");

        await window.Button("Redrive group").First.ClickAsync();
        await window.Confirm("Redrive", null);
        await window.See("Redriving has begun.");
        await window.Page.GetByText("Redriven", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(Letter(window, "inventory.reservation_expired")).ToBeVisibleAsync();
        await window.Menu("Queues");
        await window.See("shipping-service-queue");
    }

    [Fact]
    public async Task All_queues_are_redriven_at_a_rate_those_that_are_already_are_told_and_each_can_be_stopped()
    {
        const int kinds = 22, letters = 120; // more than a page of groups; and at one a second more than this test takes
        string[] queues = ["notification-service", "payment-service"];
        var op = await chromium.Shop.Operator();
        for (var i = 0; i < letters; i++)
        {
            PoisonedQueue.Put(chromium.Shop, "notification-service-queue", $"order.dreamt_of_{Math.Min(i, kinds - 1)}", "{}");
        }

        PoisonedQueue.Put(chromium.Shop, "payment-service-queue", "order.dreamt_of", "{}");
        await Eventually.IsTrue(
            "the letters", async () => (await DeadLetters()).Where(q => queues.Contains(q.Queue[..^4])).Sum(q => q.Count) == letters + 1);
        await using var window = await chromium.SignedIn("/dead-letters?queue=notification-service-dlq");
        await RedriveAll($"{letters} messages");
        var running = window.Page.GetByRole(AriaRole.Region).Or(window.Page.Locator("section"))
            .Filter(new() { HasText = "Being redriven" });
        await Assertions.Expect(running).ToContainTextAsync("notification-service-dlq");

        await window.Menu("Dead letters");
        window.Provoked = 409;
        await RedriveAll(" messages"); // as many as there are in all queues: redriven ones die again meanwhile
        await window.See("Being redriven already: notification-service-dlq");
        await Eventually.IsTrue("the others", async () => (await op.Get("ops/dead-letters/redrives")).Expect(200).List
            .Any(r => r.Text("queue") == "payment-service-dlq"));
        await running.GetByRole(AriaRole.Button, new() { Name = "Stop notification-service-dlq" }).ClickAsync();
        await window.Confirm("Stop", "it was not mended after all");
        await window.See("Stopped.");
        var stopped = (await op.Get("ops/dead-letters/redrives")).Expect(200).List.Single(r => r.Text("queue") == "notification-service-dlq");
        Assert.Equal(("stopped", 1), (stopped.Text("status"), stopped.Int("ratePerSecond")));

        async Task RedriveAll(string count)
        {
            await window.Button("Redrive all").ClickAsync();
            await Assertions.Expect(window.Dialog).ToContainTextAsync(count);
            await window.Dialog.GetByLabel("Messages a second").FillAsync("1");
            await window.Confirm("Redrive", null);
            await window.See("Redriving has begun.");
        }

        async Task<List<(string Queue, long Count)>> DeadLetters() =>
            [.. (await op.Get("ops/queues")).Expect(200).List.Select(q => (q.Text("deadLetterQueue"), (long)q.Int("deadLetters")))];
    }

    private static ILocator Letter(Window window, string type) =>
        window.Page.Locator("main").GetByRole(AriaRole.Button, new() { NameRegex = new($"^{type}") }).First;

    private static async Task Find(Window window, string sought)
    {
        await window.Page.GetByRole(AriaRole.Textbox, new() { Name = "Find an order" }).FillAsync(sought);
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new("^Order ORD-") })).ToBeVisibleAsync();
    }
}
