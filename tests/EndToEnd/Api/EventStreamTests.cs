using System.Globalization;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>An order's events as they happen, over Server-Sent Events.</summary>
[Collection(typeof(OnTheFastShop))]
public sealed class EventStreamTests(FastShop fast)
{
    private Shop Shop => fast.Shop;

    [Fact]
    [Trait(Ground.Gate, Ground.Postgres)]
    public async Task A_stream_tells_every_change_once_in_order_and_ends_with_the_delivery()
    {
        var customer = await Shop.Customer();
        var order = await customer.Place(new OrderForm());

        await using var stream = await EventStream.Open(Shop, customer, order);
        var seen = await stream.ToTheEnd();

        Assert.Equal(Enumerable.Range(1, seen.Count), seen.Select(e => e.Id));
        Assert.Equal(
            ["pending", "inventory_reserved", "paid", "preparing", "shipped", "delivered"],
            seen.Select(e => e.Status).Distinct());
        Assert.Equal("delivered", await customer.StatusOf(order));
        Assert.Equal("completed", seen[1].Data["steps"].Text("reserve_inventory"));
    }

    [Fact]
    public async Task Who_comes_back_is_told_what_followed_nothing_less_and_nothing_twice()
    {
        var customer = await Shop.Customer();
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "delivered");
        await using var whole = await EventStream.Open(Shop, customer, order);
        var all = await whole.ToTheEnd();

        foreach (var last in all)
        {
            var id = last.Id.ToString(CultureInfo.InvariantCulture);
            await using var rest = await EventStream.Open(Shop, customer, order, id);
            if (last == all[^1])
            {
                Assert.Equal(204, rest.Status); // nothing more will come: a browser stops asking
                continue;
            }

            Assert.Equal(
                all.SkipWhile(e => e.Id <= last.Id).Select(e => e.Data.ToJsonString()),
                (await rest.ToTheEnd()).Select(e => e.Data.ToJsonString()));
        }
    }

    [Fact]
    public async Task Only_its_owner_and_operators_may_follow_an_order()
    {
        var customer = await Shop.Customer();
        var order = await customer.Place(new OrderForm());
        await customer.Until(order, "delivered");

        await using var foreign = await EventStream.Open(Shop, await Shop.Customer(), order);
        await using var nobody = await EventStream.Open(Shop, Person.Anonymous(Shop), order);
        await using var @operator = await EventStream.Open(Shop, await Shop.Operator(), order);
        await using var wrong = await EventStream.Open(Shop, customer, order, "yesterday");

        Assert.Equal((404, 401, 200, 400), (foreign.Status, nobody.Status, @operator.Status, wrong.Status));
        Assert.Equal("delivered", (await @operator.ToTheEnd())[^1].Status);
    }

    [Fact]
    public async Task An_order_that_is_undone_says_why_and_ends_the_stream()
    {
        var customer = await Shop.Customer();
        var order = await customer.Place(new OrderForm("bk_declined"));

        await using var stream = await EventStream.Open(Shop, customer, order);
        var seen = await stream.ToTheEnd();

        Assert.Equal("cancelled", seen[^1].Status);
        Assert.NotEmpty(seen[^1].Data.Text("reason"));
    }
}

/// <summary>Streams over a restart, and how many there may be.</summary>
public sealed class EventStreamLimitTests
{
    [Fact]
    public async Task A_stream_goes_on_after_a_crash_of_the_shop_where_it_was_cut_off()
    {
        await using var shop = await Shop.Open(Pace.Enduring.With(("Shipping:HoldBeforeDispatch", "01:00:00")));
        var customer = await shop.Customer();
        var order = await customer.Place(new OrderForm());
        await using var cut = await EventStream.Open(shop, customer, order);
        var before = await cut.Until("paid");

        await shop.Kill();
        await shop.Start();
        var last = before[^1].Id.ToString(CultureInfo.InvariantCulture);
        await using var resumed = await EventStream.Open(shop, customer, order, last);
        var preparing = await resumed.Until("preparing");
        await customer.Cancel(order);
        var after = await resumed.ToTheEnd();

        Seen[] all = [.. before, .. preparing, .. after];
        Assert.Equal(Enumerable.Range(1, all.Length), all.Select(e => e.Id));
        Assert.Equal("cancelled", all[^1].Status);
        await shop.AssertAudited();
    }

    [Fact]
    public async Task Streams_are_bounded_by_user_and_in_all_and_show_that_they_live()
    {
        await using var shop = await Shop.Open(Pace.Holding.With(
            ("Orders:MaxEventStreamsPerUser", "2"), ("Orders:MaxEventStreams", "3"),
            ("Orders:EventStreamHeartbeat", "00:00:00.2")));
        var (one, other) = (await shop.Customer(), await shop.Customer());
        var (its, others) = (await one.Place(new OrderForm()), await other.Place(new OrderForm()));

        await using (var first = await EventStream.Open(shop, one, its))
        await using (var second = await EventStream.Open(shop, one, its))
        await using (var third = await EventStream.Open(shop, one, its))
        {
            Assert.Equal((200, 200, 429), (first.Status, second.Status, third.Status));
            await using var fourth = await EventStream.Open(shop, other, others);
            await using var fifth = await EventStream.Open(shop, other, others);
            Assert.Equal((200, 503), (fourth.Status, fifth.Status));
        }

        // What was closed is free again, as soon as the shop has noticed.
        await Eventually.IsTrue("a place to be free", async () =>
        {
            await using var again = await EventStream.Open(shop, one, its);
            return again.Status == 200;
        });
        await one.Until(its, "preparing");
        var lines = await EventStream.Lines(shop, one, its, count: 40);
        Assert.Contains(": still here", lines);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_open_streams()
    {
        await using var shop = await Shop.Open(Pace.Holding);
        var customer = await shop.Customer();
        var order = await customer.Place(new OrderForm());
        await using var stream = await EventStream.Open(shop, customer, order);
        await stream.Until("preparing");

        await shop.Stop();

        Assert.Null(await stream.Next()); // ended in good order
    }
}
