using System.Runtime.CompilerServices;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Stats;

/// <summary>Which ranking is asked for.</summary>
internal sealed record RankingQuestion(
    long Generation, DateOnly Start, DateOnly End, SellerId? Seller, string By, int Limit, int MaxRows)
{
    public string Index => By == Ranking.Revenue ? "by_won" : "by_units";
}

/// <summary>What is ranked: a product's variant as one seller sells it.</summary>
internal readonly record struct Ranked(ProductId ProductId, VariantId? VariantId, SellerId SellerId);

/// <summary>Puts products in order. A single day is read in the order of an index; longer times are added up.</summary>
internal static class Ranking
{
    public const string Revenue = "revenue", Quantity = "quantity";

    private const int PageSize = 1_000;

    /// <summary>The best, at most as many as asked for; null when there are too many rows to add up.</summary>
    public static async Task<IReadOnlyList<(Ranked Product, ProductFigures Figures)>?> Of(
        IStore store, RankingQuestion asked, CancellationToken stop)
    {
        var sums = new Dictionary<Ranked, ProductFigures>();
        var rows = 0;
        await foreach (var day in Rows(store, asked, stop))
        {
            if (++rows > asked.MaxRows)
            {
                return null;
            }

            var key = new Ranked(day.ProductId, day.VariantId, day.SellerId);
            sums[key] = sums.GetValueOrDefault(key, ProductFigures.Zero).Plus(day.Figures);
        }

        return
        [
            .. sums.Where(s => s.Value != ProductFigures.Zero)
                .OrderByDescending(s => asked.By == Revenue ? s.Value.Amount.Won : s.Value.Units)
                .ThenBy(s => s.Key.ProductId.Value, StringComparer.Ordinal)
                .ThenBy(s => s.Key.VariantId?.Value, StringComparer.Ordinal)
                .ThenBy(s => s.Key.SellerId.Value, StringComparer.Ordinal)
                .Take(asked.Limit)
                .Select(s => (s.Key, s.Value)),
        ];
    }

    private static async IAsyncEnumerable<ProductDay> Rows(
        IStore store, RankingQuestion asked, [EnumeratorCancellation] CancellationToken stop)
    {
        var (start, end) = (SeoulDay.Text(asked.Start), SeoulDay.Text(asked.End.AddDays(1)));
        var query = asked switch
        {
            { Seller: { } seller } => new DocumentQuery(
                StatsKinds.Products, "by_seller", [asked.Generation, StatsKinds.Scope(seller)], PageSize,
                From: start, To: end),
            _ => new(StatsKinds.Products, asked.Index, [asked.Generation], PageSize, From: start, To: end),
        };
        if (asked is { Seller: null } && asked.Start == asked.End)
        {
            query = query with { Equal = [asked.Generation, start], Descending = true, From = null, To = null };
        }

        DocumentPage page;
        long? last = null;
        var taken = 0;
        do
        {
            page = await store.Query(query, stop);
            foreach (var day in page.Documents.Select(d => (ProductDay)d.State))
            {
                // In the order of the index the rest ranks lower; those equal to the last one are told apart by name.
                var value = asked.By == Revenue ? day.Figures.Amount.Won : day.Figures.Units;
                if (query.Descending && taken >= asked.Limit && value < last)
                {
                    yield break;
                }

                (last, taken) = (value, taken + 1);
                yield return day;
            }

            query = query with { Cursor = page.NextCursor };
        }
        while (page.NextCursor is not null);
    }
}
