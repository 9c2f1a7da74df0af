using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Stats;

/// <summary>A message that figures are made of, with the time that it carries.</summary>
public sealed record Heard(OrderId OrderId, IMessage Message, long AtMs, EventId EventId)
{
    /// <summary>Of a message as it was received or as the journal keeps it.</summary>
    public static Heard Of(IOrderMessage message, DateTimeOffset timestamp, EventId eventId) =>
        new(message.OrderId, message, timestamp.ToUnixTimeMilliseconds(), eventId);
}

/// <summary>
/// Counts messages in one generation: takes out what their orders contributed before, puts in what they contribute now.
/// Used twice with the same documents, to name the figures that change and to change them.
/// </summary>
internal sealed class Tally(Documents documents, long generation)
{
    private readonly Dictionary<FiguresKey, Figures> _days = [];
    private readonly Dictionary<ProductKey, ProductFigures> _products = [];
    private readonly Dictionary<string, ProductName> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<OrderId, OrderFacts> _facts = [];

    /// <summary>What the orders' facts are now.</summary>
    public IReadOnlyDictionary<OrderId, OrderFacts> Facts => _facts;

    /// <summary>The documents of the figures that change.</summary>
    public IEnumerable<DocumentKey> Keys =>
    [
        .. ChangedDays.Select(d => StatsKinds.Days.Key(StatsKinds.KeyOf(generation, d.Key))),
        .. ChangedProducts.Select(p => StatsKinds.Products.Key(StatsKinds.KeyOf(generation, p.Key))),
        .. _names.Keys.Select(StatsKinds.Names.Key),
    ];

    private IEnumerable<KeyValuePair<FiguresKey, Figures>> ChangedDays => _days.Where(d => d.Value != Figures.Zero);

    private IEnumerable<KeyValuePair<ProductKey, ProductFigures>> ChangedProducts =>
        _products.Where(p => p.Value != ProductFigures.Zero);

    /// <summary>Counts a message; false when its fact was known.</summary>
    public bool Count(Heard heard)
    {
        var before = _facts.TryGetValue(heard.OrderId, out var known)
            ? known
            : documents.Find(StatsKinds.Orders, heard.OrderId)?.Of(generation) ?? new OrderFacts();
        var after = before.With(heard.Message, heard.AtMs, heard.EventId);
        _facts[heard.OrderId] = after;
        if (ReferenceEquals(before, after))
        {
            return false;
        }

        Move(Contribution.Of(before), -1);
        Move(Contribution.Of(after), 1);
        if (heard.Message is OrderCreated created)
        {
            Call(created.Items, heard.AtMs);
        }

        return true;
    }

    /// <summary>Writes the changed figures.</summary>
    public void Write(Decision decision)
    {
        foreach (var (key, change) in ChangedDays)
        {
            var id = StatsKinds.KeyOf(generation, key);
            var now = documents.Find(StatsKinds.Days, id) is { } day && day.Generation == generation
                ? day.Figures
                : Figures.Zero;
            decision.Put(StatsKinds.Days, id, new(generation, key.Day, key.SellerId, now.Plus(change)));
        }

        foreach (var (key, change) in ChangedProducts)
        {
            var id = StatsKinds.KeyOf(generation, key);
            var now = documents.Find(StatsKinds.Products, id) is { } day && day.Generation == generation
                ? day.Figures
                : ProductFigures.Zero;
            decision.Put(StatsKinds.Products, id, new(
                generation, key.Day, key.SellerId, key.ProductId, key.VariantId, now.Plus(change)));
        }

        foreach (var (id, name) in _names)
        {
            if (name.Outdates(documents.Find(StatsKinds.Names, id)))
            {
                decision.Put(StatsKinds.Names, id, name);
            }
        }
    }

    private void Move(Contribution contribution, int times)
    {
        foreach (var (key, figures) in contribution.Days)
        {
            _days[key] = _days.GetValueOrDefault(key, Figures.Zero).Plus(figures, times);
        }

        foreach (var (key, figures) in contribution.Products)
        {
            _products[key] = _products.GetValueOrDefault(key, ProductFigures.Zero).Plus(figures, times);
        }
    }

    private void Call(IReadOnlyList<OrderItem> items, long atMs)
    {
        foreach (var item in items)
        {
            var name = new ProductName(generation, item.ProductId, item.VariantId, item.Name, atMs);
            var id = StatsKinds.KeyOf(generation, item.ProductId, item.VariantId);
            if (name.Outdates(_names.GetValueOrDefault(id)))
            {
                _names[id] = name;
            }
        }
    }
}
