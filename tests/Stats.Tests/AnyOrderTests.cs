using DoaMarket.Contracts;
using DoaMarket.Kernel;
using static DoaMarket.Stats.Tests.Told;

namespace DoaMarket.Stats.Tests;

/// <summary>
/// Messages come in any order, some twice. Whatever an order has been told, and whatever comes next, the figures are those of
/// the facts alone: every permutation ends in the same figures, and after each step they are the sum over the orders (which
/// the ledger checks by itself).
/// </summary>
public sealed class AnyOrderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 3, 0, 0, TimeSpan.Zero);
    private static readonly OrderId Order = new(new Guid("01980000-0000-7000-8000-00000000000a"));

    // Each at another time, on four days, two sellers, a partial cancel before the return.
    private static readonly (TimeSpan After, IOrderMessage Message)[] Story =
    [
        (TimeSpan.Zero, Created(Order, Item("P-1", 2, 10_001, "S-1"), Item("P-2", 1, 5_000, "S-2"))),
        (TimeSpan.FromSeconds(3), Paid(Order, 25_002)),
        (TimeSpan.FromSeconds(5), Completed(Order)),
        (TimeSpan.FromDays(1), Refunded(Order, 10_001, 1)),
        (TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1),
            Amended(Order, [Item("P-1", 1, 10_001, "S-1")], 10_001, [Item("P-1", 1, 10_001, "S-1"), Item("P-2", 1, 5_000, "S-2")])),
        (TimeSpan.FromDays(9), Refunded(Order, 15_001, 2)),
        (TimeSpan.FromDays(10), Returned(Order)),
    ];

    [Fact]
    public void Every_order_of_telling_gives_the_same_figures()
    {
        var expected = Facts(Enumerable.Range(0, Story.Length));
        var permutations = 0;
        foreach (var order in Permutations([.. Enumerable.Range(0, Story.Length)], 0))
        {
            permutations++;
            Assert.Equal(expected, Facts(order));
        }

        Assert.Equal(5_040, permutations);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Duplicates_anywhere_change_nothing(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 20; i++)
        {
            int[] order = [.. Enumerable.Range(0, Story.Length).Concat(Enumerable.Range(0, Story.Length))];
            random.Shuffle(order);
            Assert.Equal(Told(Enumerable.Range(0, Story.Length)), Told(order));
        }
    }

    [Fact]
    public void Every_message_that_is_routed_to_Stats_is_in_the_story_but_those_that_it_excludes() => Assert.Equal(
        ShopTopology.Topology.Rules.Where(r => r.Services.Contains(ShopTopology.Stats, StringComparer.Ordinal)).Select(r => r.EventType)
            .Order(StringComparer.Ordinal),
        Story.Select(s => ShopMessages.Catalog.Of(s.Message).WireName).Concat(["order.cancelled", "payment.deposit_reversed"]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void A_cancel_and_a_return_of_the_same_order_undo_it_once_whichever_comes_first()
    {
        foreach (IOrderMessage[] order in new[] { new IOrderMessage[] { Cancelled(Order), Returned(Order) }, [Returned(Order), Cancelled(Order)] })
        {
            var ledger = new Ledger();
            ledger.Hear(Created(Order, Item("P-1", 1, 1_000)));
            ledger.Hear(Paid(Order, 1_000));
            Array.ForEach(order, m => ledger.Hear(m));

            Assert.Equal(1, ledger.Product(ledger.Now, "P-1").ReversedUnits);
            Assert.Equal(1, ledger.Day(ledger.Now).SagasFailed);
        }
    }

    // Figures are a function of these alone.
    private static string Facts(IEnumerable<int> order) => System.Text.Json.JsonSerializer.Serialize(
        order.Aggregate(new OrderFacts(), (facts, i) => facts.With(
                Story[i].Message, (Noon + Story[i].After).ToUnixTimeMilliseconds(), new(DerivedId.From(Order.Value, i)))),
        StatsJson.Default.OrderFacts);

    // The time travels with the message, the id is its own, whoever comes first.
    private static string Told(IEnumerable<int> order)
    {
        var ledger = new Ledger();
        foreach (var i in order)
        {
            ledger.Now = Noon + Story[i].After;
            ledger.Hear(Story[i].Message, new EventId(DerivedId.From(Order.Value, i)));
        }

        return ledger.Everything();
    }

    private static IEnumerable<int[]> Permutations(int[] items, int from)
    {
        if (from == items.Length)
        {
            yield return items;
            yield break;
        }

        for (var i = from; i < items.Length; i++)
        {
            (items[from], items[i]) = (items[i], items[from]);
            foreach (var permutation in Permutations(items, from + 1))
            {
                yield return permutation;
            }

            (items[from], items[i]) = (items[i], items[from]);
        }
    }
}
