using DoaMarket.Contracts;

namespace DoaMarket.Stats;

/// <summary>
/// What one order adds to which figures: a pure function of its facts. When a message brings a new fact, the old
/// contribution is taken out and the new one put in; so the figures are the sum over all orders at any time, in whatever
/// order the messages came.
/// </summary>
public sealed class Contribution
{
    private readonly Dictionary<FiguresKey, Figures> _days = [];
    private readonly Dictionary<ProductKey, ProductFigures> _products = [];

    private Contribution()
    {
    }

    /// <summary>What it adds to the figures of days, of the shop and of sellers.</summary>
    public IReadOnlyDictionary<FiguresKey, Figures> Days => _days;

    /// <summary>What it adds to products.</summary>
    public IReadOnlyDictionary<ProductKey, ProductFigures> Products => _products;

    /// <summary>The contribution of an order.</summary>
    public static Contribution Of(OrderFacts facts)
    {
        var contribution = new Contribution();
        contribution.AddMoney(SellerShares.Of(facts));
        contribution.AddCourse(facts);
        contribution.AddProducts(facts);
        return contribution;
    }

    private void AddMoney(SellerShares money)
    {
        if (money.Captured is { } captured)
        {
            Add(captured, money.Sellers, won => new Figures { PaidOrders = 1, Gross = won });
        }

        foreach (var refund in money.Refunds)
        {
            Add(refund, money.Sellers, won => new Figures { Refunded = won });
        }
    }

    private void AddCourse(OrderFacts facts)
    {
        SellerId?[] scopes = [null, .. (facts.Created?.Sellers ?? []).Select(s => (SellerId?)s.SellerId)];
        var placed = facts.Created?.AtMs;
        foreach (var seller in scopes)
        {
            Add(placed, seller, new Figures { Orders = 1 });
            Add(facts.CancelledMs, seller, new Figures { CancelledOrders = 1 });
            Add(facts.ReturnedMs, seller, new Figures { ReturnedOrders = 1 });
            Add(facts.CompletedMs, seller, new Figures
            {
                SagasSucceeded = 1,
                SuccessTook = Took(placed, facts.CompletedMs),
            });
            Add(facts.EndedMs, seller, facts.CompletedMs is not null
                ? new Figures { SagasUndone = 1 }
                : new Figures { SagasFailed = 1, FailureTook = Took(placed, facts.EndedMs) });
        }
    }

    // Goods count as sold when they are paid, and as taken back when their lines or the whole order are undone: never
    // before they were sold, also when the payment came late.
    private void AddProducts(OrderFacts facts)
    {
        if (facts is not { Created: { } created, Captured: { } captured })
        {
            return;
        }

        var left = created.Lines.Select(l => l.Quantity).ToArray();
        foreach (var line in created.Lines)
        {
            Add(captured.AtMs, line, new(line.Quantity, line.UnitPrice * line.Quantity, 0, Money.Zero));
        }

        foreach (var amend in facts.Amends)
        {
            foreach (var cancelled in amend.Cancelled)
            {
                TakeBack(created.Lines, left, cancelled, Math.Max(amend.AtMs, captured.AtMs));
            }
        }

        if (facts.EndedMs is { } ended)
        {
            foreach (var (i, line) in created.Lines.Index())
            {
                Reverse(Math.Max(ended, captured.AtMs), line, left[i]);
            }
        }
    }

    // No more than was sold, whatever a message says.
    private void TakeBack(IReadOnlyList<OrderedLine> lines, int[] left, OrderedLine cancelled, long atMs)
    {
        var quantity = cancelled.Quantity;
        foreach (var (i, line) in lines.Index())
        {
            if (line.ProductId == cancelled.ProductId && line.VariantId == cancelled.VariantId)
            {
                var back = Math.Min(quantity, left[i]);
                Reverse(atMs, line, back);
                left[i] -= back;
                quantity -= back;
            }
        }
    }

    private void Reverse(long atMs, OrderedLine line, int quantity)
    {
        if (quantity > 0)
        {
            Add(atMs, line, new(0, Money.Zero, quantity, line.UnitPrice * quantity));
        }
    }

    private void Add(SharedAmount money, IReadOnlyList<SellerId> sellers, Func<Money, Figures> figures)
    {
        Add(money.AtMs, null, figures(money.Amount));
        foreach (var (i, seller) in sellers.Index())
        {
            Add(money.AtMs, seller, figures(money.Shares[i]));
        }
    }

    private void Add(long? atMs, SellerId? seller, Figures figures)
    {
        if (atMs is { } at)
        {
            var key = new FiguresKey(SeoulDay.Of(at), seller);
            _days[key] = _days.GetValueOrDefault(key, Figures.Zero).Plus(figures);
        }
    }

    private void Add(long atMs, OrderedLine line, ProductFigures figures)
    {
        var key = new ProductKey(SeoulDay.Of(atMs), line.SellerId, line.ProductId, line.VariantId);
        _products[key] = _products.GetValueOrDefault(key, ProductFigures.Zero).Plus(figures);
    }

    private static Durations Took(long? from, long? to) =>
        from is { } began && to is { } ended ? Durations.Of(ended - began) : Durations.None;
}
