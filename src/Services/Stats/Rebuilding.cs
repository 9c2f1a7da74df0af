using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Stats;

/// <summary>
/// At the start of a process: writes the books if there are none. A journal that is older than the statistics is then
/// counted from its beginning.
/// </summary>
/// <param name="HasPast">Whether the journal has messages already.</param>
public sealed record OpenBooks(bool HasPast) : Request<StatsBooks>;

/// <summary>A person wants the figures counted anew; one that runs already is told of, and goes on.</summary>
public sealed record BeginRebuild : Request<StatsBooks>;

/// <summary>Counts a page of the journal in the generation that is being built.</summary>
/// <param name="Generation">The generation; a page of another rebuild changes nothing.</param>
/// <param name="After">Where the page begins: behind this place.</param>
/// <param name="At">The place in the journal up to which it has come with this page.</param>
/// <param name="Through">Where the rebuild ends.</param>
/// <param name="Messages">The page.</param>
/// <param name="Skipped">Messages of the page that cannot be counted.</param>
public sealed record ReplayPage(
    long Generation, long After, long At, long Through, IReadOnlyList<Heard> Messages, long Skipped)
    : Request<StatsBooks>;

/// <summary>Turns the page: from this commit on, the new generation is read.</summary>
/// <param name="Generation">The generation that is complete.</param>
/// <param name="Compared">Figures compared with the old ones.</param>
/// <param name="Different">How many differed.</param>
/// <param name="Examples">Some of them, in words.</param>
public sealed record FinishRebuild(long Generation, long Compared, long Different, IReadOnlyList<string> Examples)
    : Request<StatsBooks>;

/// <summary>
/// The statistics are counted anew from the journal. Every page commits the place that was reached together with what it
/// counted; a process that dies goes on from there.
/// </summary>
internal static class Rebuilding
{
    public static IEnumerable<DocumentKey> Books(object _) => [StatsKinds.BooksKey];

    public static IEnumerable<DocumentKey> OrdersOf(ReplayPage page) =>
        [StatsKinds.BooksKey, .. page.Messages.Select(m => StatsKinds.Orders.Key(m.OrderId)).Distinct()];

    public static Decision Open(Documents documents, Asked<OpenBooks, StatsBooks> asked)
    {
        if (documents.Find(StatsKinds.Books, StatsKinds.BooksKey.Id) is { } known)
        {
            return Decision.On(asked).Answer(known);
        }

        var books = asked.Body.HasPast ? Begun(StatsBooks.First, asked.Now) : StatsBooks.First;
        return Decision.On(asked).Put(books).Answer(books);
    }

    public static Decision Begin(Documents documents, Asked<BeginRebuild, StatsBooks> asked)
    {
        var books = StatsKinds.BooksOf(documents);
        if (books.Rebuild is not null)
        {
            return Decision.On(asked).Answer(books);
        }

        books = Begun(books, asked.Now);
        return Decision.On(asked).Put(books).Audit("stats.rebuild", ShopTopology.Stats, reason: null).Answer(books);
    }

    public static IEnumerable<DocumentKey> Touched(Documents documents, Asked<ReplayPage, StatsBooks> asked) =>
        Counted(documents, asked.Body).Keys;

    public static Decision Replay(Documents documents, Asked<ReplayPage, StatsBooks> asked)
    {
        var (decision, page, books) = (Decision.On(asked), asked.Body, StatsKinds.BooksOf(documents));
        if (books.Rebuild is not { } rebuild || rebuild.Generation != page.Generation || rebuild.At != page.After)
        {
            return decision.Answer(books); // this page was counted before, or another rebuild has begun
        }

        var tally = Counted(documents, page);
        tally.Write(decision);
        foreach (var (order, facts) in tally.Facts)
        {
            var book = documents.Find(StatsKinds.Orders, order) ?? new(order, []);
            decision.Put(StatsKinds.Orders, order, book.With(page.Generation, facts, books.Counted));
        }

        books = books with
        {
            Rebuild = rebuild with
            {
                Through = page.Through,
                At = page.At,
                Messages = rebuild.Messages + page.Messages.Count,
                Skipped = rebuild.Skipped + page.Skipped,
            },
        };
        return decision.Put(books).Answer(books);
    }

    public static Decision Finish(Documents documents, Asked<FinishRebuild, StatsBooks> asked)
    {
        var (decision, body, books) = (Decision.On(asked), asked.Body, StatsKinds.BooksOf(documents));
        if (books.Rebuild is not { Through: { } through } rebuild
            || rebuild.Generation != body.Generation
            || rebuild.At < through)
        {
            return decision.Answer(books);
        }

        books = new(body.Generation, null, new(
            rebuild.StartedAt, asked.Now, rebuild.Messages, rebuild.Skipped, body.Compared, body.Different,
            body.Examples));
        return decision.Put(books).Answer(books);
    }

    private static StatsBooks Begun(StatsBooks books, DateTimeOffset now) =>
        books with { Rebuild = new(books.Generation + 1, now, Through: null, At: 0, Messages: 0, Skipped: 0) };

    private static Tally Counted(Documents documents, ReplayPage page)
    {
        var tally = new Tally(documents, page.Generation);
        foreach (var heard in page.Messages)
        {
            tally.Count(heard);
        }

        return tally;
    }
}
