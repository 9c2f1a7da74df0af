using System.Text;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Stats;

namespace DoaMarket.Audit.Tests;

/// <summary>The statistics of a painted shop: they follow from its journal, whatever a story or a fault has made of it.</summary>
internal sealed class PaintedFigures(Picture picture)
{
    /// <summary>What Stats took for an order's facts.</summary>
    public Func<OrderFacts, OrderFacts> Misheard { get; set; } = facts => facts;

    /// <summary>What it wrote for the figures of a day.</summary>
    public Func<Figures, Figures> Miscounted { get; set; } = figures => figures;

    public IEnumerable<(DocumentKind Kind, string Key, object State)> Documents()
    {
        var books = picture.Journal.Where(IsCounted).GroupBy(m => m.Subject).Select(Book).ToList();
        var contributions = books.Select(b => Contribution.Of(b.Of(1))).ToList();
        var days = contributions.SelectMany(c => c.Days).GroupBy(d => d.Key)
            .Select(g => new DayFigures(1, g.Key.Day, g.Key.SellerId, Miscounted(g.Aggregate(Figures.Zero, (sum, d) => sum.Plus(d.Value)))));
        var products = contributions.SelectMany(c => c.Products).GroupBy(p => p.Key).Select(g => new ProductDay(
            1, g.Key.Day, g.Key.SellerId, g.Key.ProductId, g.Key.VariantId,
            g.Aggregate(ProductFigures.Zero, (sum, p) => sum.Plus(p.Value))));
        return
        [
            (StatsKinds.Books, "books", StatsBooks.First),
            .. books.Select(b => ((DocumentKind)StatsKinds.Orders, b.OrderId.ToString(), (object)b)),
            .. days.Select((d, i) => ((DocumentKind)StatsKinds.Days, $"{i}", (object)d)),
            .. products.Select((p, i) => ((DocumentKind)StatsKinds.Products, $"{i}", (object)p)),
        ];
    }

    private OrderBook Book(IGrouping<string?, JournalEntry> told)
    {
        var facts = told.Aggregate(new OrderFacts(), (known, m) => known.With(
            ShopMessages.Catalog.Read(m.EventType, Encoding.UTF8.GetBytes(m.Body)), m.Timestamp.ToUnixTimeMilliseconds(), m.EventId));
        return new(new(Guid.Parse(told.Key!)), [new(1, Misheard(facts))]);
    }

    private static bool IsCounted(JournalEntry m) =>
        ShopTopology.Topology.Route(m.EventType).Any(q => q.Service == ShopTopology.Stats);
}
