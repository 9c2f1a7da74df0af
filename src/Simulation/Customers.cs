using System.Globalization;
using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Shipping;

namespace DoaMarket.Simulation;

/// <summary>Customers: they order, submit twice, try again when they hear nothing, and change their minds.</summary>
internal sealed class Customers(World world)
{
    public const int Users = 20;
    private const int MaxTries = 8;

    private static readonly (string Id, long Price, int Stock, int Grams)[] Goods =
    [
        ("P-1", 12_900, 1_000_000, 350), ("P-2", 39_000, 1_000_000, 150), ("P-3", 129_000, 1_000_000, 1_100),
        ("P-4", 24_900, 12, 5_000), ("P-5", 15_000, 0, 300),
    ];

    private readonly Dictionary<string, OrderId> _byKey = new(StringComparer.Ordinal);

    /// <summary>The product of which there are few.</summary>
    public static ProductId Scarce => new("P-4");

    /// <summary>Orders that were answered 2xx for.</summary>
    public HashSet<OrderId> Promised { get; } = [];

    /// <summary>Fills the shop.</summary>
    public static void Stock(ShopRun run, int users)
    {
        var products = Goods.Select(
            g => new Product(new(g.Id), null, g.Id, new Money(g.Price), g.Grams, new SellerId("S-01")));
        Seed(run, ShopTopology.Orders, new SeedProducts([.. products]));
        var items = Goods.Select(g => new SeedItem(new(g.Id), null, g.Stock, LowStockThreshold: Math.Min(5, g.Stock)));
        Seed(run, ShopTopology.Inventory, new SeedStock([.. items]));
        var contacts = Enumerable.Range(0, users).Select(i => (User: UserOf(i), Has: i % 5)).Select(
            u => new ContactPoints(u.User, u.Has is 0 or 1 ? $"{u.User}@customers.example" : null)
            {
                Phone = u.Has is 0 or 2 ? "01012345678" : null,
                PushTokens = u.Has switch { 0 => ["device-a"], 3 => ["device-a", "device-b"], _ => [] },
            });
        Seed(run, ShopTopology.Notifications, new SeedContacts([.. contacts]));
    }

    private static UserId UserOf(int number) =>
        new(string.Create(CultureInfo.InvariantCulture, $"u-{number % Users}"));

    /// <summary>Lets one customer come.</summary>
    public void Order(int number)
    {
        var lines = new List<WantedLine>();
        for (var i = world.Chance.OneIn(3) ? 2 : 1; i > 0; i--)
        {
            // Mostly what there is plenty of; at times the last ones, or what is sold out.
            var product = world.Chance.Below(20) switch { 0 => 4, < 5 => 3, var n => n % 3 };
            lines.Add(new(new(Goods[product].Id), null, 1 + world.Chance.Below(3)));
        }

        if (world.Chance.OneIn(25))
        {
            lines.Add(new(new("P-3"), null, 40)); // no carrier takes it
        }

        var user = UserOf(number);
        var key = string.Create(CultureInfo.InvariantCulture, $"key-{number}");
        var wish = new PlaceOrder(
            user, lines, Address(), Method(number), null,
            world.Chance.OneIn(4) ? null : new Idempotency(key, key), world.Clock.Now);
        Submit(wish, tries: 1);
        if (wish.Idempotency is not null && world.Hits(Fault.SubmitTwice, FlowStep.Create))
        {
            world.At(world.Clock.Now + world.Chance.UpTo(TimeSpan.FromSeconds(10)), () => Submit(wish, tries: 1));
        }
    }

    private PaymentMethod Method(int number) => world.Chance.OneIn(8)
        ? new("virtual_account", Bank: "088", RefundReceiveAccount: new("088", "110123456789", "홍길동"))
        : new("card", PaymentKey: $"pk-{number}");

    private ShippingAddress Address() => new(
        "홍길동", "010-1234-5678", world.Chance.OneIn(6) ? "63100" : "06236", "서울특별시 강남구 테헤란로 1", "101호");

    private static void Seed<T>(ShopRun run, string service, Request<T> request) => run.Ask(
        service, request, DerivedId.From(Guid.Empty, service), new Trail(new CorrelationId(Guid.Empty)),
        static _ => { }, static () => { });

    private void Submit(PlaceOrder wish, int tries) => world.Ask(ShopTopology.Orders, wish, reply =>
    {
        var placed = reply switch
        {
            PlaceOrderReply.Placed p => p.Order,
            PlaceOrderReply.Replayed p => p.Order,
            _ => null,
        };
        if (placed is null)
        {
            return;
        }

        if (wish.Idempotency is { Key: var key } && !_byKey.TryAdd(key, placed.OrderId) && _byKey[key] != placed.OrderId)
        {
            world.Violates("I1", $"key {key} made the orders {_byKey[key]} and {placed.OrderId}");
        }

        if (Promised.Add(placed.OrderId))
        {
            MayCancel(placed.OrderId, wish.UserId);
            MayCancelItems(placed, wish.UserId);
            MayMove(placed.OrderId, wish.UserId);
            world.Accounting.MayGiveBack(placed.OrderId);
        }
    }, () =>
    {
        // Without a key nobody knows whether it was taken: ordering again could be ordering twice.
        if (wish.Idempotency is not null && tries < MaxTries)
        {
            world.At(
                world.Clock.Now + world.Chance.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)),
                () => Submit(wish, tries + 1));
        }
    });

    private void MayCancel(OrderId order, UserId user)
    {
        if (!world.Chance.PerMille(world.Plan.Rate(Fault.Cancel)))
        {
            return;
        }

        var patience = world.Chance.Of(
            [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8), TimeSpan.FromMinutes(2), TimeSpan.FromDays(4)]);
        var wish = new CancelOrder(order, user, AsOperator: world.Chance.OneIn(10), "마음이 바뀌었어요");
        world.At(world.Clock.Now + world.Chance.UpTo(patience), () => Cancel(wish, tries: 1));
    }

    // Between the registration and the dispatch of the parcel there are a few seconds.
    private void MayCancelItems(OrderPlaced placed, UserId user)
    {
        if (!world.Chance.PerMille(world.Plan.Rate(Fault.CancelItems)))
        {
            return;
        }

        var item = placed.Items[world.Chance.Below(placed.Items.Count)];
        var wish = new CancelItems(
            placed.OrderId, user, AsOperator: false, [new(item.ProductId, item.VariantId, 1)], "하나는 필요 없어요", null);
        world.At(world.Clock.Now + world.Chance.UpTo(TimeSpan.FromSeconds(10)), () =>
        {
            world.Hit(Fault.CancelItems, FlowStep.Notify);
            world.Tell(placed.OrderId, "the customer cancels a line");
            world.Ask(ShopTopology.Orders, wish, static _ => { }, static () => { });
        });
    }

    // Mostly while the parcel is about to leave.
    private void MayMove(OrderId order, UserId user)
    {
        if (!world.Chance.PerMille(world.Plan.Rate(Fault.ChangeAddress)))
        {
            return;
        }

        var to = Address() with { PostalCode = world.Chance.Of(["04524", "06236", "63100"]), Address = "서울특별시 중구 세종대로 110" };
        var patience = world.Chance.Of([TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(12), TimeSpan.FromHours(20)]);
        world.At(world.Clock.Now + world.Chance.UpTo(patience), () =>
        {
            world.Hit(Fault.ChangeAddress, world.Guard.StepOf(order));
            world.Tell(order, "the customer has it sent elsewhere");
            world.Ask(
                ShopTopology.Shipping, new ChangeAddress(ShipmentId.Of(order), user, to), static _ => { }, static () => { });
        });
    }

    private void Cancel(CancelOrder wish, int tries)
    {
        world.Hit(Fault.Cancel, world.Guard.StepOf(wish.OrderId));
        world.Tell(wish.OrderId, "the customer cancels");
        world.Ask(ShopTopology.Orders, wish, static _ => { }, () =>
        {
            if (tries < MaxTries)
            {
                world.At(world.Clock.Now + TimeSpan.FromSeconds(3), () => Cancel(wish, tries + 1));
            }
        });
        if (world.Chance.OneIn(4) && tries == 1)
        {
            world.At(world.Clock.Now + world.Chance.UpTo(TimeSpan.FromMinutes(1)), () => Cancel(wish, MaxTries));
        }
    }
}
