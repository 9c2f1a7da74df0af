using DoaMarket.Kernel;

namespace DoaMarket.Stats;

/// <summary>The whole shop's figures of one day, for those who watch it.</summary>
public static class ShopDay
{
    /// <summary>The figures of the Seoul day of a moment; zero before anything happened on it.</summary>
    public static async ValueTask<Figures> Of(IStore store, DateTimeOffset moment, CancellationToken stop)
    {
        var generation = (await store.Find(StatsKinds.BooksKey, stop))?.State is StatsBooks books
            ? books.Generation
            : StatsBooks.First.Generation;
        var key = StatsKinds.Days.Key(StatsKinds.KeyOf(generation, new FiguresKey(SeoulDay.Of(moment), null)));
        return (await store.Find(key, stop))?.State is DayFigures day && day.Generation == generation
            && day.Day == SeoulDay.Of(moment)
                ? day.Figures
                : Figures.Zero;
    }
}
