using DoaMarket.Host.Cli.Api;

namespace DoaMarket.Host.Cli.Demo;

/// <summary>Which orders the demo places, in which order. The same shop and number give the same plan.</summary>
/// <param name="Orders">Scenarios evenly mixed.</param>
/// <param name="Shelf">What they buy from.</param>
/// <param name="LeftOut">Scenarios that this shop has no product for, or that found no room.</param>
internal sealed record DemoPlan(IReadOnlyList<DemoOrder> Orders, Shelf Shelf, IReadOnlyList<Scenario> LeftOut)
{
    private const int Customers = 20;
    private const int SeveralLines = 3;

    /// <summary>Plans this many orders.</summary>
    /// <returns>The plan, or in words why there is none.</returns>
    public static (DemoPlan? Plan, string? Problem) Of(int orders, Shelf shelf)
    {
        var possible = Scenarios.All.Where(scenario => HasGoods(scenario.Goods, shelf)).ToList();
        var counts = CountsOf(orders, possible);
        var stock = shelf.Usual.ToDictionary(product => product, product => product.Available);
        var planned = new List<DemoOrder>(orders);
        foreach (var scenario in Mixed(possible, counts))
        {
            if (Lines(scenario.Goods, shelf, stock, planned.Count) is not { } lines)
            {
                return (null, $"The shop has stock for {planned.Count} such orders only; ask for fewer with --orders.");
            }

            planned.Add(new DemoOrder(scenario, lines, $"demo-{planned.Count % Customers + 1}"));
        }

        var leftOut = Scenarios.All.Where(scenario => planned.TrueForAll(order => order.Scenario != scenario));
        return (new DemoPlan(planned, shelf, [.. leftOut]), null);
    }

    /// <summary>One order for each scenario while there is room, the rest by share.</summary>
    internal static IReadOnlyList<int> CountsOf(int orders, IReadOnlyList<Scenario> scenarios)
    {
        var counts = scenarios.Select((_, index) => index < orders ? 1 : 0).ToArray();
        var shares = scenarios.Sum(scenario => scenario.Share);
        for (var placed = counts.Sum(); placed < orders; placed++)
        {
            // The one furthest below its share; the first of equals.
            var next = Enumerable.Range(0, counts.Length)
                .MaxBy(index => ((double)scenarios[index].Share * orders / shares) - counts[index]);
            counts[next]++;
        }

        return counts;
    }

    private static bool HasGoods(Goods goods, Shelf shelf) => goods switch
    {
        Goods.SoldOut => shelf.SoldOut is not null,
        Goods.Limited => shelf.Limited is not null,
        _ => shelf.Usual.Count > 0,
    };

    private static IEnumerable<Scenario> Mixed(IReadOnlyList<Scenario> scenarios, IReadOnlyList<int> counts) =>
        scenarios.Index()
            .SelectMany(entry => Enumerable.Range(0, counts[entry.Index])
                .Select(nth => (entry.Item, Position: (nth + 0.5) / counts[entry.Index])))
            .OrderBy(entry => entry.Position)
            .Select(entry => entry.Item);

    private static List<OrderBody.Line>? Lines(
        Goods goods, Shelf shelf, Dictionary<Product, long> stock, int turn) => goods switch
        {
            Goods.SoldOut => [Line(shelf.SoldOut!, 1)],
            Goods.Limited => [Line(shelf.Limited!, Shelf.LimitedPieces)],
            Goods.Several => Taken(shelf, stock, turn, Math.Min(SeveralLines, shelf.Usual.Count)),
            _ => Taken(shelf, stock, turn, 1),
        };

    // Turn by turn another product, so that the stock of all of them is used; null when it is used up.
    private static List<OrderBody.Line>? Taken(Shelf shelf, Dictionary<Product, long> stock, int turn, int lines)
    {
        var taken = new List<OrderBody.Line>(lines);
        for (var offset = 0; offset < shelf.Usual.Count && taken.Count < lines; offset++)
        {
            var product = shelf.Usual[(turn + offset) % shelf.Usual.Count];
            var quantity = taken.Count + 1;
            if (stock[product] >= quantity)
            {
                stock[product] -= quantity;
                taken.Add(Line(product, quantity));
            }
        }

        return taken.Count == lines ? taken : null;
    }

    private static OrderBody.Line Line(Product product, int quantity) =>
        new(product.ProductId, product.VariantId, quantity);
}
