using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>What customers are told by mail, push and SMS, and when a channel does not make it easy.</summary>
[Collection(typeof(OnTheFastShop))]
public sealed class NotificationTests(FastShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    [Trait(Ground.Gate, Ground.Postgres)]
    public async Task A_delivered_order_is_told_on_every_channel_of_the_table_and_once()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "delivered");
        var all = await Notified(customer, 10);

        Assert.Equal(
            [
                "delivery_completed email", "delivery_completed push", "delivery_completed sms",
                "order_confirmed email", "order_confirmed push", "order_confirmed sms",
                "order_received email", "order_received push", "shipping_started push", "shipping_started sms",
            ],
            all.Select(n => $"{n.Text("type")} {n.Text("channel")}").Order(StringComparer.Ordinal));
        var me = await Settings(customer);
        var number = (await customer.Order(order)).Text("orderNumber");
        var texts = await _shop.Sandbox.Inbox("sms", me.Text("phone"));
        var pushes = await _shop.Sandbox.Inbox("push", me.List("pushTokens")[0]!.GetValue<string>());
        var mails = await _shop.Sandbox.Inbox("email", me.Text("email"));
        Assert.Equal((3, 4, 3), (texts.Count, pushes.Count, mails.Count));
        Assert.All(texts.Concat(pushes).Concat(mails), said => Assert.Contains(number, said, StringComparison.Ordinal));
        Assert.Contains(texts, said => said.Contains("배송이 시작되었습니다", StringComparison.Ordinal));
        foreach (var notification in all)
        {
            // As the customer saw it.
            var inbox = notification.Text("channel") switch { "sms" => texts, "push" => pushes, _ => mails };
            var body = notification.Text("body");
            Assert.Contains(
                inbox,
                said => said.Contains(body[..Math.Min(body.Length, 60)].Split('\n')[0], StringComparison.Ordinal));
            Assert.Equal(
                ["delivered"],
                await _shop.Sandbox.Taken(notification.Text("notificationId"), notification.Text("channel")));
        }
    }

    [Fact]
    public async Task A_cancelled_order_tells_its_reason_in_the_customers_words_or_in_ours_but_never_a_code()
    {
        var customer = await _shop.Customer();
        var declined = await customer.Place(new OrderForm("bk_declined"));
        await customer.Until(declined, "cancelled");
        var email = (await Settings(customer)).Text("email");
        var mail = await Eventually.Is(
            "the mail", async () => (await Notified(customer, 4)).FirstOrDefault(n =>
                n.Text("type") == "order_cancelled" && n.Text("channel") == "email"), n => n is not null);
        Assert.Contains("취소 사유: 결제가 완료되지 않았습니다.", mail!.Text("body"), StringComparison.Ordinal);
        Assert.DoesNotMatch("[A-Z]+_[A-Z]+|[a-z]+_[a-z]+", mail!.Text("body"));
        Assert.Equal(2, (await _shop.Sandbox.Inbox("email", email)).Count);
    }

    [Fact]
    public async Task A_deposit_is_asked_for_by_mail_and_text_with_the_account_and_its_time()
    {
        var customer = await _shop.Customer();
        var form = new OrderForm().Json();
        form["paymentMethod"] = new JsonObject
        {
            ["type"] = "virtual_account",
            ["bank"] = "국민",
            ["refundReceiveAccount"] = new JsonObject
            {
                ["bank"] = "국민",
                ["accountNumber"] = "110-123-456789",
                ["holderName"] = "va_no_deposit",
            },
        };
        customer.Of((await customer.Post("orders", form)).Expect(201));

        var asked = (await Notified(customer, 4)).Where(n => n.Text("type") == "deposit_requested").ToList();
        Assert.Equal(["email", "sms"], asked.Select(n => n.Text("channel")).Order());
        Assert.All(asked, n =>
        {
            Assert.Equal("sent", n.Text("status"));
            Assert.Contains("국민", n.Text("body"), StringComparison.Ordinal);
            Assert.Matches(@"\d{8,}", n.Text("body"));
            Assert.Matches(@"\d{4}년 \d+월 \d+일 \d\d:\d\d", n.Text("body"));
        });
    }

    [Theory]
    [InlineData("push")]
    [InlineData("sms")]
    [InlineData("smtp")]
    public async Task A_message_whose_answer_is_lost_is_sent_again_and_seen_once(string target)
    {
        var channel = target == "smtp" ? "email" : target;
        var customer = await _shop.Customer();
        var me = await Settings(customer);
        var to = channel == "push" ? me.List("pushTokens")[0]!.GetValue<string>()
            : me.Text(channel == "sms" ? "phone" : "email");
        Placed order;
        await using (await _shop.Sandbox.ParcelsStandStill())
        {
            order = await customer.Place(new OrderForm());
            await Notified(customer, 7); // up to shipping_started; of what follows nothing is overtaken
            await _shop.Sandbox.Fault(target, "send", "lose_response", match: to, times: 1); // ends with its one time
        }

        await customer.Until(order, "delivered");
        var all = await Notified(customer, 10);
        var taken = new List<IReadOnlyList<string>>();
        foreach (var notification in all.Where(n => n.Text("channel") == channel))
        {
            taken.Add(await _shop.Sandbox.Taken(notification.Text("notificationId"), channel));
        }

        var again = Assert.Single(taken, kinds => kinds.Count > 1);
        Assert.Equal(["delivered", "repeated"], again);
        Assert.Equal(taken.Count, (await _shop.Sandbox.Inbox(channel, to)).Count);
    }

    [Fact]
    public async Task A_channel_that_is_down_delays_no_order_and_no_other_channel_and_calls_an_operator()
    {
        var customer = await _shop.Customer();
        Placed order;
        await using (await _shop.Sandbox.Fault("sms", "send", "down"))
        {
            // Enough for the circuit: ten calls.
            order = await customer.Place(new OrderForm());
            for (var i = 0; i < 5; i++)
            {
                await customer.Place(new OrderForm());
            }

            await customer.Until(order, "delivered");
            await Eventually.IsTrue(
                "the alert", async () => (await AlertSeen.All(_shop)).Any(IsOfSms("open")));
            Assert.Empty(await _shop.Sandbox.Inbox("sms", (await Settings(customer)).Text("phone")));
        }

        await Eventually.IsTrue(
            "the text of the delivery",
            async () => (await _shop.Sandbox.Inbox("sms", (await Settings(customer)).Text("phone")))
                .Any(said => said.Contains("배송이 완료", StringComparison.Ordinal)));
        await Eventually.IsTrue(
            "the alert to close", async () => (await AlertSeen.All(_shop)).Any(IsOfSms("resolved")));

        static Func<AlertSeen, bool> IsOfSms(string status) =>
            a => a.IsCircuitOf("sms") && a.Status == status;
    }

    [Fact]
    public async Task What_a_channel_refuses_fails_for_good_in_the_journal_and_a_device_that_is_gone_is_forgotten()
    {
        var customer = await _shop.Customer();
        (await customer.Patch("notifications/settings", new JsonObject
        {
            ["pushTokens"] = new JsonArray("unregistered-1", "tablet-" + customer.UserId),
            ["phone"] = "010-1234-0000",
            ["email"] = "nobody@example.com",
        })).Expect(200);
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "delivered");

        await Eventually.IsTrue(
            "the device to be forgotten",
            async () => (await Settings(customer)).List("pushTokens").Count == 1);
        var story = await Eventually.Is(
            "the failures", () => Story.Of(_shop, order),
            s => s.Messages.Count(m => m.Type == "notification.failed" && m.Data["channel"]!.GetValue<string>() != "push")
                >= 6); // 3 mails, 3 texts
        var failed = story.Messages.Where(m => m.Type == "notification.failed").ToList();
        Assert.Equal(["email", "push", "sms"], failed.Select(m => m.Data.Text("channel")).Distinct().Order());
        Assert.DoesNotContain("01012340000", string.Join(' ', failed.Select(m => m.Data.ToJsonString())));
        Assert.NotEmpty(await _shop.Sandbox.Inbox("push", "tablet-" + customer.UserId));
    }

    [Fact]
    public async Task Settings_are_honoured_validated_and_nobody_elses()
    {
        var (customer, stranger) = (await _shop.Customer(), await _shop.Customer());
        var before = await Settings(customer);
        (await customer.Patch("notifications/settings", new JsonObject
        {
            ["language"] = "en",
            ["phone"] = null,
            ["preferences"] = new JsonObject
            {
                ["order_received"] = new JsonObject { ["push"] = false },
                ["order_confirmed"] = new JsonObject { ["email"] = false, ["push"] = false },
            },
        })).Expect(200);
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "delivered");
        var all = await Notified(customer, 10);

        var skipped = all.Where(n => n.Text("status") == "skipped").ToList();
        Assert.Equal(
            [
                "delivery_completed sms", "order_confirmed email", "order_confirmed push", "order_confirmed sms",
                "order_received push", "shipping_started sms",
            ],
            skipped.Select(n => $"{n.Text("type")} {n.Text("channel")}").Order(StringComparer.Ordinal));
        Assert.All(skipped, n => Assert.NotNull(n["explanation"]));
        Assert.Contains(
            await _shop.Sandbox.Inbox("email", before.Text("email")),
            said => said.Contains("has been delivered", StringComparison.Ordinal));
        Assert.Empty(await _shop.Sandbox.Inbox("sms", before.Text("phone")));
        Assert.NotNull((await Settings(stranger))["phone"]);

        var wrong = await customer.Patch("notifications/settings", new JsonObject { ["phone"] = "call me" });
        Assert.Equal(("INVALID_FIELD", "phone"), (wrong.Expect(400).Code, wrong.Field));
        var typo = await customer.Patch("notifications/settings", new JsonObject { ["fax"] = "1" });
        Assert.Equal("fax", typo.Expect(400).Field);
        Assert.Equal(401, (await Person.Anonymous(_shop).Get("notifications/settings")).Status);
        Assert.Equal("en", (await Settings(customer)).Text("language"));
    }

    [Fact]
    public async Task A_notification_is_read_once_by_its_owner_and_the_unread_ones_can_be_listed()
    {
        var (customer, stranger) = (await _shop.Customer(), await _shop.Customer());
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "delivered");
        var all = await Notified(customer, 10);
        var first = all[0].Text("notificationId");

        Assert.Equal("NOT_FOUND", (await Read(stranger, first)).Expect(404).Code);
        Assert.Equal(404, (await Read(customer, Guid.Empty.ToString())).Status);
        var read = (await Read(customer, first)).Expect(200).Data.Text("readAt");
        Assert.Equal(read, (await Read(customer, first)).Expect(200).Data.Text("readAt"));

        Assert.Equal(9, (await customer.Get("notifications?unread=true&limit=100")).Expect(200).List.Count);
        Assert.Empty((await stranger.Get("notifications")).Expect(200).List);
        Assert.Equal("unread", (await customer.Get("notifications?unread=maybe")).Expect(400).Field);
        Assert.Equal("cursor", (await customer.Get("notifications?cursor=nonsense")).Expect(400).Field);
        List<string> paged = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await customer.Get($"notifications?limit=3&cursor={Uri.EscapeDataString(cursor)}")).Expect(200);
            paged.AddRange(page.List.Select(n => n.Text("notificationId")));
            cursor = page.Json!["meta"]!["nextCursor"]?.GetValue<string>();
        }

        Assert.Equal(all.Select(n => n.Text("notificationId")), paged);
    }

    private static Task<Answer> Read(Person person, string id) =>
        person.Send(HttpMethod.Patch, $"notifications/{id}/read", content: null);

    private static async Task<JsonNode> Settings(Person person) =>
        (await person.Get("notifications/settings")).Expect(200).Data;

    /// <summary>A person's notifications, once there are so many and none waits any more.</summary>
    private static Task<List<JsonNode>> Notified(Person person, int count) => Eventually.Is(
        $"{count} notifications",
        async () => (await person.Get("notifications?limit=100")).Expect(200).List.Select(n => n!).ToList(),
        all => all.Count >= count && all.All(n => n.Text("status") != "pending"));
}
