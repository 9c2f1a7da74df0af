using static DoaMarket.Host.Cli.Demo.Expectation;

namespace DoaMarket.Host.Cli.Demo;

/// <summary>Every scenario of the demo. The shares add up to a hundred.</summary>
internal static class Scenarios
{
    private const string NobodyDelivers = "00001";
    private const string CarriersDown = "00002";
    private const string SlowPayment = "bk_timeout_then_success";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("all goes well", 34, Each(Outcome.Completed)),
        new("several lines", 12, Each(Outcome.Completed)) { Goods = Goods.Several },

        new("card declined", 6, Each(Outcome.Cancelled)) { BillingKey = "bk_declined" },
        new("card has too little", 6, Each(Outcome.Cancelled)) { BillingKey = "bk_insufficient" },
        new("payment: no answer, yet captured", 4, Each(Outcome.Completed)) { BillingKey = SlowPayment },
        new("payment: no answer, not captured", 3, Each(Outcome.Cancelled)) { BillingKey = "bk_timeout_forever" },

        new("out of stock", 5, Each(Outcome.Cancelled)) { Goods = Goods.SoldOut },
        new("a hundred in stock, 25 each", 5, SellsExactlyTheStock) { Goods = Goods.Limited },

        new("carrier refuses", 5, Each(Outcome.Cancelled)) { PostalCode = NobodyDelivers },
        // Back soon enough, the parcel is prepared; too late for the step's deadline, everything is undone.
        new("carrier down for a while", 3, Either(Outcome.Completed, Outcome.Cancelled)) { PostalCode = CarriersDown },
        new("carrier refuses, refund fails twice", 3, Each(Outcome.Cancelled))
        {
            BillingKey = "bk_refund_fails_twice",
            PostalCode = NobodyDelivers,
        },
        new("carrier refuses, refund fails for good", 1, Each(Outcome.NeedsAttention))
        {
            BillingKey = "bk_refund_fails",
            PostalCode = NobodyDelivers,
        },

        new("customer cancels at once", 5, Each(Outcome.Cancelled)) { Cancel = CancelWhen.AtOnce },
        // The slow payment and the absent carrier hold the saga at that step, so that the customer meets it there.
        new("customer cancels while paying", 2, Each(Outcome.Cancelled))
        {
            BillingKey = SlowPayment,
            Cancel = CancelWhen.WhilePaying,
        },
        new("customer cancels while preparing", 2, Each(Outcome.Cancelled))
        {
            PostalCode = CarriersDown,
            Cancel = CancelWhen.WhilePreparing,
        },
        new("customer cancels when prepared", 4, Each(Outcome.Cancelled)) { Cancel = CancelWhen.WhenPrepared },
    ];
}
