namespace DoaMarket.EndToEnd.Harness;

/// <summary>One shop for many tests, in which everything happens within seconds.</summary>
public sealed class FastShop : IAsyncLifetime
{
    internal Shop Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Shop = await Shop.Open(Pace.Fast);

    // What these tests have left behind must hold together, too.
    public async ValueTask DisposeAsync()
    {
        await using (Shop)
        {
            await Shop.AssertAudited();
        }
    }
}

/// <summary>One shop for many tests, in which parcels are prepared and stay.</summary>
public sealed class HoldingShop : IAsyncLifetime
{
    internal Shop Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Shop = await Shop.Open(Pace.Holding);

    public async ValueTask DisposeAsync()
    {
        await using (Shop)
        {
            await Shop.AssertAudited();
        }
    }
}

/// <summary>Tests on the fast shop run one after the other: a fault in its outside world concerns all.</summary>
[CollectionDefinition]
public sealed class OnTheFastShop : ICollectionFixture<FastShop>;

/// <summary>Tests on the holding shop run one after the other.</summary>
[CollectionDefinition]
public sealed class OnTheHoldingShop : ICollectionFixture<HoldingShop>;
