using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Stats;

/// <summary>A message that figures are made of is counted: in the figures that are read, and in those being rebuilt.</summary>
internal static class Counting
{
    public static DocumentKey BookOf<T>(Incoming<T> m) where T : IOrderMessage => StatsKinds.Orders.Key(m.Message.OrderId);

    public static IEnumerable<DocumentKey> Books<T>(Incoming<T> _) where T : IOrderMessage => [StatsKinds.BooksKey];

    public static IEnumerable<DocumentKey> Touched<T>(Documents documents, Incoming<T> m) where T : IOrderMessage
    {
        var heard = Heard.Of(m.Message, m.Envelope.Timestamp, m.Envelope.EventId);
        foreach (var generation in StatsKinds.BooksOf(documents).Counted)
        {
            var tally = new Tally(documents, generation);
            tally.Count(heard);
            foreach (var key in tally.Keys)
            {
                yield return key;
            }
        }
    }

    public static Decision Decide<T>(Documents documents, Incoming<T> m) where T : IOrderMessage
    {
        var (decision, books) = (Decision.On(m), StatsKinds.BooksOf(documents));
        var heard = Heard.Of(m.Message, m.Envelope.Timestamp, m.Envelope.EventId);
        var book = documents.Find(StatsKinds.Orders, m.Message.OrderId) ?? new(m.Message.OrderId, []);
        var isNews = false;
        foreach (var generation in books.Counted)
        {
            var tally = new Tally(documents, generation);
            isNews |= tally.Count(heard);
            tally.Write(decision);
            book = book.With(generation, tally.Facts[heard.OrderId], books.Counted);
        }

        // Kept also when nothing is news: the document remembers the message's id.
        decision.Put(StatsKinds.Orders, m.Message.OrderId, book);
        return isNews ? decision : decision.Remark("stats_known", "The figures had this already; nothing is counted twice.");
    }
}
