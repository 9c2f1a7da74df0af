using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Stock and money that do not come, come late, or come without a word.</summary>
[Collection(typeof(OnTheFastShop))]
[Trait(Ground.Gate, Ground.Postgres)]
public sealed class PaymentTests(FastShop fixture)
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task An_order_for_what_is_sold_out_is_cancelled_before_anybody_pays()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm { ProductId = "P-2001" });
        await customer.Until(order, "cancelled");

        var story = await Story.Of(_shop, order);
        story.AssertInOrder("order.created", "inventory.reserve_requested", "inventory.reserve_failed",
            "order.cancelled");
        Assert.DoesNotContain(story.Types, type => type.StartsWith("payment.", StringComparison.Ordinal));
        Assert.Equal(new PgBooks(0, 0, 0), await _shop.Sandbox.Pg(order));
    }

    [Theory]
    [InlineData("bk_declined")]
    [InlineData("bk_insufficient")]
    [InlineData("bk_nobody_has_this_card")]
    public async Task A_refused_card_cancels_the_order_and_nothing_is_captured(string card)
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm(card));
        await customer.Until(order, "cancelled");

        Assert.Equal(new PgBooks(0, 0, 0), await _shop.Sandbox.Pg(order));
        Assert.Equal("failed", (await customer.Order(order))["payment"].Text("status"));
    }

    [Fact]
    public async Task A_charge_whose_answer_hangs_is_asked_for_and_charged_once()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm("bk_timeout_then_success"));
        await customer.Until(order, "delivered");

        Assert.Equal(new PgBooks(Captures: 1, Cancels: 0, Net: order.Total), await _shop.Sandbox.Pg(order));
    }

    [Fact]
    public async Task A_charge_whose_answer_is_lost_is_asked_for_and_charged_once()
    {
        var customer = await _shop.Customer();
        var key = $"pk_ok_{customer.UserId}";
        await using var fault = await _shop.Sandbox.Fault("pg", "charge", "lose_response", match: key, times: 1);
        var order = await customer.Place(new OrderForm { PaymentKey = key });
        await customer.Until(order, "delivered");

        Assert.Equal(new PgBooks(Captures: 1, Cancels: 0, Net: order.Total), await _shop.Sandbox.Pg(order));
    }

    [Fact]
    public async Task A_charge_that_never_answers_cancels_the_order_and_leaves_nothing_captured()
    {
        var customer = await _shop.Customer();
        var order = await customer.Place(new OrderForm("bk_timeout_forever"));
        await customer.Until(order, "cancelled");

        Assert.Equal(0, (await _shop.Sandbox.Pg(order)).Net);
        Assert.Contains("inventory.released", (await Story.Of(_shop, order)).Types);
    }
}
