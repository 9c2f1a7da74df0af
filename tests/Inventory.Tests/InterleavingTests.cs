using System.Text;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Inventory.Tests;

/// <summary>Many orders at once, in an order that chance decides: the stock adds up after every single step.</summary>
public sealed class InterleavingTests
{
    private const int Steps = 250;
    private const int Orders = 25;
    private static readonly string[] Products = ["P-1", "P-2", "P-3", "P-unknown"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Stock_adds_up_after_every_step_of_any_interleaving(int seed)
    {
        var random = new Random(seed);
        var warehouse = new Warehouse().With("P-1", 6, threshold: 3).With("P-2", 3, threshold: 3).With("P-3", 40);
        var orders = Enumerable.Range(0, Orders).Select(_ => warehouse.NewOrder()).ToArray();
        var sentBefore = new List<(IOrderMessage Message, EventId EventId)>();

        for (var step = 0; step < Steps; step++)
        {
            Step(random, warehouse, orders, sentBefore);
        }

        DrainTimers(warehouse);
        Assert.DoesNotContain(warehouse.Reservations, r => r.Status == ReservationStatus.Held);
        Assert.All(warehouse.Items, item => Assert.Equal(0, item.Reserved));
        CheckAnswers(warehouse);
    }

    private static void Step(
        Random random, Warehouse warehouse, OrderId[] orders, List<(IOrderMessage Message, EventId EventId)> sentBefore)
    {
        var order = orders[random.Next(orders.Length)];
        switch (random.Next(12))
        {
            case 0:
                warehouse.Adjust(Products[random.Next(Products.Length)], random.Next(-4, 5));
                break;
            case 1:
                warehouse.Now += TimeSpan.FromMinutes(random.Next(20));
                break;
            case 2 when warehouse.Reservation(order) is not null:
                warehouse.Fire(order);
                break;
            case 3 when sentBefore.Count > 0: // delivered twice
                var (message, eventId) = sentBefore[random.Next(sentBefore.Count)];
                warehouse.Receive(message, eventId);
                break;
            default:
                var fresh = (Draw(random, warehouse.Now, order), new EventId(warehouse.NextId()));
                sentBefore.Add(fresh);
                warehouse.Receive(fresh.Item1, fresh.Item2);
                break;
        }
    }

    private static IOrderMessage Draw(Random random, DateTimeOffset now, OrderId order) => random.Next(9) switch
    {
        0 or 1 => new ReleaseRequested(order, "chance"),
        2 or 3 => new PaymentCompleted(order, PaymentId.Of(order), "tx", new Money(1)),
        8 => new ReleaseLinesRequested(order, Amend(order, random.Next(3)), Lines(random), "chance"),
        4 => new ExtendRequested(order, now.AddMinutes(random.Next(-10, 90))),
        _ => new ReserveRequested(order, Lines(random), now.AddSeconds(random.Next(-1, 30))),
    };

    private static AmendId Amend(OrderId order, int number) => new(DerivedId.From(order.Value, number));

    private static StockLine[] Lines(Random random) => [.. Enumerable
        .Range(0, random.Next(1, 4))
        .Select(_ => Warehouse.Line(Products[random.Next(random.Next(5) == 0 ? 4 : 3)], random.Next(1, 4)))];

    private static void DrainTimers(Warehouse warehouse)
    {
        warehouse.Now += warehouse.Options.LongestHold;
        warehouse.FireDue();
    }

    // An order is told one story: each of its answers has one id and one content, however often it is sent.
    private static void CheckAnswers(Warehouse warehouse)
    {
        foreach (var sameId in warehouse.Sent.GroupBy(sent => sent.EventId))
        {
            Assert.Single(sameId.Select(sent => ContractText(sent.Message)).Distinct(StringComparer.Ordinal));
            Assert.Single(sameId, sent => !sent.Again);
        }

        var news = warehouse.Sent.Where(sent => !sent.Again).Select(sent => sent.Message).OfType<IOrderMessage>();
        foreach (var order in news.GroupBy(message => message.OrderId))
        {
            var reserved = order.Count(m => m is InventoryReserved);
            Assert.True(reserved + order.Count(m => m is ReserveFailed) <= 1);
            Assert.True(order.Count(m => m is InventoryReleased) <= 1);
            Assert.True(order.Count(m => m is InventoryCommitted or ReservationExpired) <= reserved);
            var amends = order.OfType<LinesReleased>().ToList();
            Assert.Equal(amends.Count, amends.Select(m => m.AmendId).Distinct().Count());
            Assert.True(
                order.Count(m => m is InventoryRestocked)
                <= amends.Count + order.Count(m => m is InventoryCommitted));
        }
    }

    private static string ContractText(IMessage message) =>
        Encoding.UTF8.GetString(ShopMessages.Catalog.Write(message));
}
