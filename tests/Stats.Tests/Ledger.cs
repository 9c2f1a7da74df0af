using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Stats.Tests;

/// <summary>
/// Stats in memory: it names and loads documents, decides, and writes, one occasion after another, as the kernel's loop does.
/// After every step the figures are compared with the sum of what each order contributes.
/// </summary>
internal sealed class Ledger
{
    private static readonly Guid Source = new("01980000-0000-7000-8000-000000000001");

    private readonly Dictionary<DocumentKey, object> _documents = [];
    private readonly HashSet<(DocumentKey Own, Guid EventId)> _handled = [];
    private int _ids;

    /// <summary>The time of the next message: Monday, 5 January 2026, noon in Seoul.</summary>
    public DateTimeOffset Now { get; set; } = new(2026, 1, 5, 3, 0, 0, TimeSpan.Zero);

    /// <summary>Everything that was heard, as the journal keeps it.</summary>
    public List<(long Sequence, Heard Heard)> Journal { get; } = [];

    public List<Note> Notes { get; } = [];

    public StatsBooks Books => (StatsBooks?)_documents.GetValueOrDefault(StatsKinds.BooksKey) ?? StatsBooks.First;

    public IEnumerable<object> Documents => _documents.Values;

    public Guid NextId() => DerivedId.From(Source, ++_ids);

    public OrderId NewOrder() => new(NextId());

    public Figures Day(DateTimeOffset at, string? seller = null) => Day(SeoulDay.Of(at), seller);

    public Figures Day(DateOnly day, string? seller = null) => _documents.Values.OfType<DayFigures>()
        .SingleOrDefault(d => d.Generation == Books.Generation && d.Day == day && d.SellerId?.Value == seller)?.Figures ?? Figures.Zero;

    public ProductFigures Product(DateTimeOffset at, string product, string? variant = null) => _documents.Values.OfType<ProductDay>()
        .SingleOrDefault(p => p.Generation == Books.Generation && p.Day == SeoulDay.Of(at)
            && p.ProductId.Value == product && p.VariantId?.Value == variant)?.Figures ?? ProductFigures.Zero;

    /// <summary>Everything that answers are made of, as text: two books that say the same are equal.</summary>
    public string Everything(long? generation = null)
    {
        var of = generation ?? Books.Generation;
        var days = _documents.Values.OfType<DayFigures>().Where(d => d.Generation == of && d.Figures != Figures.Zero)
            .Select(d => System.Text.Encoding.UTF8.GetString(StatsKinds.Days.Write(d with { Generation = 0 })));
        var products = _documents.Values.OfType<ProductDay>().Where(p => p.Generation == of && p.Figures != ProductFigures.Zero)
            .Select(p => System.Text.Encoding.UTF8.GetString(StatsKinds.Products.Write(p with { Generation = 0 })));
        var names = _documents.Values.OfType<ProductName>().Where(n => n.Generation == of).Select(n => (n with { Generation = 0 }).ToString());
        return string.Join('\n', days.Concat(products).Concat(names).Order(StringComparer.Ordinal));
    }

    /// <summary>A message is sent and heard.</summary>
    public EventId Hear(IOrderMessage message, EventId? id = null, bool keep = true)
    {
        var eventId = id ?? new EventId(NextId());
        if (keep)
        {
            Journal.Add((Journal.Count + 1, Heard.Of(message, Now, eventId)));
        }

        switch (message)
        {
            case OrderCreated m: Take(m, eventId); break;
            case PaymentCompleted m: Take(m, eventId); break;
            case OrderCompleted m: Take(m, eventId); break;
            case OrderAmended m: Take(m, eventId); break;
            case OrderCancelled m: Take(m, eventId); break;
            case OrderReturned m: Take(m, eventId); break;
            case DepositReversed m: Take(m, eventId); break;
            case PaymentRefunded m: Take(m, eventId); break;
            default: throw new ArgumentException($"{message.GetType().Name} is not for Stats.", nameof(message));
        }

        return eventId;
    }

    /// <summary>Sent, not heard yet.</summary>
    public void Send(IOrderMessage message) => Journal.Add((Journal.Count + 1, Heard.Of(message, Now, new(NextId()))));

    public StatsBooks Ask(BeginRebuild request) => Answer<BeginRebuild>(request, Rebuilding.Books, Rebuilding.Begin);

    public StatsBooks Ask(OpenBooks request) => Answer<OpenBooks>(request, Rebuilding.Books, Rebuilding.Open);

    public StatsBooks Ask(FinishRebuild request) => Answer<FinishRebuild>(request, Rebuilding.Books, Rebuilding.Finish);

    public StatsBooks Ask(ReplayPage page)
    {
        var asked = new Asked<ReplayPage, StatsBooks>(NextId(), Now, new(new CorrelationId(Source)), page);
        var documents = new NamedDocuments(_documents, Rebuilding.OrdersOf(page));
        documents.Name([.. Rebuilding.Touched(documents, asked)]);
        return Write(Rebuilding.Replay(documents, asked));
    }

    /// <summary>Replays so many pages of so many messages, or to the end.</summary>
    public void Replay(int pageSize, int pages = int.MaxValue)
    {
        for (var i = 0; i < pages && Books.Rebuild is { } r && (r.Through is null || r.At < r.Through); i++)
        {
            var through = r.Through ?? Journal.Count;
            var page = Journal.Where(j => j.Sequence > r.At && j.Sequence <= through).Take(pageSize).ToList();
            var at = page.Count < pageSize ? through : page[^1].Sequence;
            Ask(new ReplayPage(r.Generation, r.At, at, through, [.. page.Select(p => p.Heard)], 0));
        }
    }

    public void Finish() => Ask(new FinishRebuild(Books.Rebuild!.Generation, 0, 0, []));

    private void Take<T>(T message, EventId id) where T : IOrderMessage
    {
        var envelope = new Envelope(
            id, "t", "v1", Now, "test", new(Source), null, null, null, new MessageMetadata(), message);
        var m = new Incoming<T>(envelope, message, Now);
        var own = Counting.BookOf(m);
        if (!_handled.Add((own, id.Value)))
        {
            return; // the kernel drops it
        }

        var documents = new NamedDocuments(_documents, [own, .. Counting.Books(m)]);
        documents.Name([.. Counting.Touched(documents, m)]);
        var decision = Counting.Decide(documents, m);
        Notes.AddRange(decision.Notes);
        Assert.Empty(decision.Messages);
        Write(decision);
    }

    private StatsBooks Answer<T>(
        T request, Func<T, IEnumerable<DocumentKey>> keys, Func<Documents, Asked<T, StatsBooks>, Decision> decide)
        where T : Request<StatsBooks> =>
        Write(decide(
            new NamedDocuments(_documents, keys(request)), new(NextId(), Now, new(new CorrelationId(Source)), request)));

    private StatsBooks Write(Decision decision)
    {
        foreach (var change in decision.Changes)
        {
            _documents[change.Key] = change.State;
        }

        AssertSums();
        return decision.Reply as StatsBooks ?? Books;
    }

    private void AssertSums()
    {
        foreach (var generation in Books.Counted)
        {
            var days = new Dictionary<FiguresKey, Figures>();
            var products = new Dictionary<ProductKey, ProductFigures>();
            foreach (var contribution in _documents.Values.OfType<OrderBook>().Select(b => Contribution.Of(b.Of(generation))))
            {
                foreach (var (key, figures) in contribution.Days)
                {
                    days[key] = days.GetValueOrDefault(key, Figures.Zero).Plus(figures);
                }

                foreach (var (key, figures) in contribution.Products)
                {
                    products[key] = products.GetValueOrDefault(key, ProductFigures.Zero).Plus(figures);
                }
            }

            Assert.Equal(
                days.Where(d => d.Value != Figures.Zero).ToDictionary(),
                _documents.Values.OfType<DayFigures>().Where(d => d.Generation == generation && d.Figures != Figures.Zero)
                    .ToDictionary(d => new FiguresKey(d.Day, d.SellerId), d => d.Figures));
            Assert.Equal(
                products.Where(p => p.Value != ProductFigures.Zero).ToDictionary(),
                _documents.Values.OfType<ProductDay>().Where(p => p.Generation == generation && p.Figures != ProductFigures.Zero)
                    .ToDictionary(p => new ProductKey(p.Day, p.SellerId, p.ProductId, p.VariantId), p => p.Figures));
        }
    }
}
