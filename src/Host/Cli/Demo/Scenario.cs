namespace DoaMarket.Host.Cli.Demo;

/// <summary>How an order of the demo ended, or that it has not.</summary>
internal enum Outcome
{
    /// <summary>Not placed yet.</summary>
    Waiting,

    /// <summary>Placed; its saga is at work.</summary>
    InProgress,

    /// <summary>The saga is done: paid, the parcel prepared.</summary>
    Completed,

    /// <summary>Everything done was undone.</summary>
    Cancelled,

    /// <summary>A person must act, and an alert says so.</summary>
    NeedsAttention,

    /// <summary>The shop did not take the order.</summary>
    Refused,
}

/// <summary>What an order of a scenario buys.</summary>
internal enum Goods
{
    /// <summary>One piece of something with plenty in stock.</summary>
    One,

    /// <summary>Three lines, several pieces.</summary>
    Several,

    /// <summary>Something that is out of stock.</summary>
    SoldOut,

    /// <summary>A quarter of the product of which there are a hundred.</summary>
    Limited,
}

/// <summary>When the customer of a scenario cancels.</summary>
internal enum CancelWhen
{
    /// <summary>Not at all.</summary>
    Never,

    /// <summary>As soon as the order is accepted.</summary>
    AtOnce,

    /// <summary>As soon as the payment is under way.</summary>
    WhilePaying,

    /// <summary>As soon as the parcel is under way.</summary>
    WhilePreparing,

    /// <summary>When the saga is done, before the parcel leaves.</summary>
    WhenPrepared,
}

/// <summary>One story that some of the demo's orders tell.</summary>
/// <param name="Name">In the table.</param>
/// <param name="Share">Orders of a hundred.</param>
/// <param name="Expected">How they must end.</param>
internal sealed record Scenario(string Name, int Share, Expectation Expected)
{
    public Goods Goods { get; init; } = Goods.One;

    public string BillingKey { get; init; } = Api.OrderBody.CardThatWorks;

    public string PostalCode { get; init; } = Api.OrderBody.UsualPostalCode;

    public CancelWhen Cancel { get; init; } = CancelWhen.Never;
}
