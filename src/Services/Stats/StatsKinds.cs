using System.Globalization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Stats;

/// <summary>The documents that Stats owns.</summary>
/// <remarks>
/// Figures lie in one of two slots, by turns: a new generation writes over the one before the last, so that rebuilding
/// again and again leaves nothing behind. The generation inside says which one a document is of.
/// </remarks>
public static class StatsKinds
{
    private const int Slots = 2;
    private const string TheBooks = "books";

    /// <summary>The one document that says which generation is read.</summary>
    public static readonly DocumentKind<StatsBooks> Books =
        new(ShopTopology.Stats, "books", StatsJson.Default.StatsBooks);

    /// <summary>What is known of each order, by its id.</summary>
    public static readonly DocumentKind<OrderBook> Orders =
        new(ShopTopology.Stats, "orders", StatsJson.Default.OrderBook);

    /// <summary>Figures by day, of the shop and of each seller.</summary>
    public static readonly DocumentKind<DayFigures> Days =
        new DocumentKind<DayFigures>(ShopTopology.Stats, "days", StatsJson.Default.DayFigures)
            .Column("generation", d => d.Generation)
            .Column("seller", d => Scope(d.SellerId))
            .Column("on_day", d => SeoulDay.Text(d.Day))
            .Index("by_day", "generation", "seller", "on_day");

    /// <summary>Products by day; ranked within a day, and listed by seller.</summary>
    public static readonly DocumentKind<ProductDay> Products =
        new DocumentKind<ProductDay>(ShopTopology.Stats, "products", StatsJson.Default.ProductDay)
            .Column("generation", d => d.Generation)
            .Column("seller", d => Scope(d.SellerId))
            .Column("on_day", d => SeoulDay.Text(d.Day))
            .Column("won", d => d.Figures.Amount.Won)
            .Column("units", d => d.Figures.Units)
            .Index("by_won", "generation", "on_day", "won")
            .Index("by_units", "generation", "on_day", "units")
            .Index("by_seller", "generation", "seller", "on_day");

    /// <summary>What products are called.</summary>
    public static readonly DocumentKind<ProductName> Names =
        new(ShopTopology.Stats, "product_names", StatsJson.Default.ProductName);

    /// <summary>The key of the books.</summary>
    public static DocumentKey BooksKey => Books.Key(TheBooks);

    /// <summary>The books, or, before the first start has written them, the first.</summary>
    internal static StatsBooks BooksOf(Documents documents) => documents.Find(Books, TheBooks) ?? StatsBooks.First;

    /// <summary>Writes the books.</summary>
    internal static Decision Put(this Decision decision, StatsBooks books) => decision.Put(Books, TheBooks, books);

    /// <summary>The key of a day's figures.</summary>
    internal static string KeyOf(long generation, FiguresKey key) =>
        $"{Slot(generation)}/{SeoulDay.Text(key.Day)}/{Scope(key.SellerId)}";

    /// <summary>The key of a product's day.</summary>
    internal static string KeyOf(long generation, ProductKey key) =>
        $"{Slot(generation)}/{SeoulDay.Text(key.Day)}/{Scope(key.SellerId)}/{Item(key.ProductId, key.VariantId)}";

    /// <summary>The key of a product's name.</summary>
    internal static string KeyOf(long generation, ProductId product, VariantId? variant) =>
        $"{Slot(generation)}/{Item(product, variant)}";

    /// <summary>What the column "seller" holds: "%" for the whole shop, which no escaped name can be.</summary>
    internal static string Scope(SellerId? seller) => seller is { } s ? Uri.EscapeDataString(s.Value) : "%";

    // Names of others may hold slashes: escaped, so that no two keys are the same.
    private static string Item(ProductId product, VariantId? variant) => variant is { } v
        ? $"{Uri.EscapeDataString(product.Value)}/{Uri.EscapeDataString(v.Value)}"
        : Uri.EscapeDataString(product.Value);

    private static string Slot(long generation) => (generation % Slots).ToString(CultureInfo.InvariantCulture);
}
