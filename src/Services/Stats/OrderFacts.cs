using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Stats;

/// <summary>A line of an order as far as figures go.</summary>
public sealed record OrderedLine(
    ProductId ProductId, VariantId? VariantId, int Quantity, Money UnitPrice, SellerId SellerId);

/// <summary>What a seller gets of an order.</summary>
public sealed record SellerAmount(SellerId SellerId, Money Amount);

/// <summary>What was ordered, and when.</summary>
public sealed record CreatedFact(
    long AtMs, IReadOnlyList<OrderedLine> Lines, Money TotalAmount, IReadOnlyList<SellerAmount> Sellers);

/// <summary>What was captured, and when.</summary>
public sealed record PaidFact(long AtMs, Money Amount);

/// <summary>What went back, and when.</summary>
/// <param name="Captured">What had been captured: of a late capture this is the only word.</param>
public sealed record RefundFact(RefundId RefundId, long AtMs, Money Amount, Money Captured);

/// <summary>A deposit that the bank took back, and when.</summary>
/// <param name="EventId">The message: one account can lose several deposits.</param>
public sealed record ReversalFact(EventId EventId, long AtMs, Money Amount);

/// <summary>Lines that were cancelled before dispatch, and what each seller has left.</summary>
public sealed record AmendFact(
    AmendId AmendId, long AtMs, IReadOnlyList<OrderedLine> Cancelled, Money RefundAmount,
    IReadOnlyList<SellerAmount> Sellers);

/// <summary>
/// What has been told of one order, whatever the order of telling: each fact is kept once, under its own id, at the time
/// that its message carries. What an order means for the figures follows from these facts alone (see
/// <see cref="Contribution"/>), so neither a duplicate nor a late message can distort them.
/// </summary>
public sealed record OrderFacts
{
    /// <summary>`order.created`.</summary>
    public CreatedFact? Created { get; init; }

    /// <summary>`payment.completed`.</summary>
    public PaidFact? Paid { get; init; }

    /// <summary>`payment.refunded`, each refund once, in the order of time.</summary>
    public IReadOnlyList<RefundFact> Refunds { get; init; } = [];

    /// <summary>`payment.deposit_reversed`, each once, in the order of time: as good as refunded.</summary>
    public IReadOnlyList<ReversalFact> Reversals { get; init; } = [];

    /// <summary>`order.amended`, each partial cancel once, in the order of time.</summary>
    public IReadOnlyList<AmendFact> Amends { get; init; } = [];

    /// <summary>`order.completed`: its saga succeeded.</summary>
    public long? CompletedMs { get; init; }

    /// <summary>`order.cancelled`.</summary>
    public long? CancelledMs { get; init; }

    /// <summary>`order.returned`.</summary>
    public long? ReturnedMs { get; init; }

    /// <summary>The facts with one more; the same facts when it is known.</summary>
    /// <exception cref="ArgumentException">Not a message that figures are made of.</exception>
    public OrderFacts With(IMessage message, long atMs, EventId eventId) => message switch
    {
        OrderCreated m when Created is null => this with
        {
            Created = new(
                atMs, [.. m.Items.Select(Line)], m.TotalAmount,
                [.. m.Sellers.Select(s => new SellerAmount(s.SellerId, s.Amount))]),
        },
        PaymentCompleted m when Paid is null => this with { Paid = new(atMs, m.Amount) },
        PaymentRefunded m when Refunds.All(r => r.RefundId != m.RefundId) => this with
        {
            Refunds =
            [
                .. Refunds.Append(new(m.RefundId, atMs, m.Amount, m.Captured))
                    .OrderBy(r => r.AtMs).ThenBy(r => r.RefundId.Value),
            ],
        },
        DepositReversed m when Reversals.All(r => r.EventId != eventId) => this with
        {
            Reversals =
            [
                .. Reversals.Append(new(eventId, atMs, m.Amount)).OrderBy(r => r.AtMs).ThenBy(r => r.EventId.Value),
            ],
        },
        OrderAmended m when Amends.All(a => a.AmendId != m.AmendId) => this with
        {
            Amends =
            [
                .. Amends.Append(new(
                        m.AmendId, atMs, [.. m.Cancelled.Select(Line)], m.RefundAmount,
                        [.. m.Sellers.Select(s => new SellerAmount(s.SellerId, s.Amount))]))
                    .OrderBy(a => a.AtMs).ThenBy(a => a.AmendId.Value),
            ],
        },
        OrderCompleted when CompletedMs is null => this with { CompletedMs = atMs },
        OrderCancelled when CancelledMs is null => this with { CancelledMs = atMs },
        OrderReturned when ReturnedMs is null => this with { ReturnedMs = atMs },
        OrderCreated or PaymentCompleted or PaymentRefunded or DepositReversed or OrderAmended
            or OrderCompleted or OrderCancelled or OrderReturned => this,
        _ => throw new ArgumentException($"No figure is made of {message.GetType().Name}.", nameof(message)),
    };

    /// <summary>
    /// What was captured, and when. A capture that was found only after a refund had been asked for is told by the
    /// refund alone, and counts on the refund's day.
    /// </summary>
    internal PaidFact? Captured => Paid
        ?? (Refunds.FirstOrDefault(r => r.Captured > Money.Zero) is { } found ? new(found.AtMs, found.Captured) : null);

    /// <summary>Money that went back, in the order of time.</summary>
    internal IEnumerable<(long AtMs, Money Amount)> GivenBack => Refunds.Select(r => (r.AtMs, r.Amount, Id: r.RefundId.Value))
        .Concat(Reversals.Select(r => (r.AtMs, r.Amount, Id: r.EventId.Value)))
        .OrderBy(r => r.AtMs).ThenBy(r => r.Id).Select(r => (r.AtMs, r.Amount));

    /// <summary>When the order was undone: cancelled, or returned.</summary>
    internal long? EndedMs => CancelledMs is { } cancelled && ReturnedMs is { } returned
        ? Math.Min(cancelled, returned)
        : CancelledMs ?? ReturnedMs;

    private static OrderedLine Line(OrderItem i) => new(i.ProductId, i.VariantId, i.Quantity, i.UnitPrice, i.SellerId);
}
