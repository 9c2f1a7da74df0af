using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Sagas;
using DoaMarket.Shipping;
using PaymentStatus = DoaMarket.Payments.PaymentStatus;

namespace DoaMarket.Audit;

/// <summary>A document as far as invariants ask for it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="State">Its state.</param>
/// <param name="WakeAt">The timer as the store has it: a parked document has none, whatever its state wants.</param>
/// <param name="Handled">The eventIds that it has taken in.</param>
internal sealed record Kept<T>(string Key, T State, DateTimeOffset? WakeAt, IReadOnlyList<Guid> Handled)
    where T : class;

/// <summary>What was ordered; where to and how it is paid, no invariant asks for.</summary>
internal sealed record Placed(Order Order)
{
    private static readonly ShippingAddress Nowhere = new("", "", "", "");
    private static readonly PaymentMethod Nohow = new("");

    public static Placed Of(Order order) =>
        new(order with { ShippingAddress = Nowhere, PaymentMethod = Nohow, DeliveryMemo = null });

    public string Number => Order.OrderNumber;

    public UserId UserId => Order.UserId;

    public SagaId SagaId => Order.SagaId;

    public Money Total => Order.TotalAmount;

    public IReadOnlyList<OrderItem> Items => Order.Items;
}

/// <summary>Everything that is known of one order, from every service, the journal and the outside books.</summary>
internal sealed class OrderFile(OrderId id)
{
    public OrderId Id { get; } = id;

    public Placed? Placed { get; set; }

    public Kept<OrderSaga>? Saga { get; set; }

    /// <summary>Its partial cancels.</summary>
    public List<Kept<AmendSaga>> Amends { get; } = [];

    /// <summary>The numbers under which its sellers' lists have it.</summary>
    public List<string> SubOrders { get; } = [];

    public Kept<Reservation>? Reservation { get; set; }

    public Kept<Payment>? Payment { get; set; }

    public Kept<Shipment>? Shipment { get; set; }

    public Kept<Notifications.OrderNotice>? Notice { get; set; }

    public Kept<Stats.OrderBook>? Stats { get; set; }

    public int MailsSent { get; set; }

    public int MailsFailed { get; set; }

    public List<StockLedgerRow> StockRows { get; } = [];

    public List<PaymentLedgerRow> MoneyRows { get; } = [];

    /// <summary>Its messages, in the journal's order.</summary>
    public List<Told> Told { get; } = [];

    public List<OraclePayment> PgRows { get; } = [];

    public List<OracleParcel> CarrierRows { get; } = [];

    /// <summary>Whether our own records name it; the outside's books may name orders that never were.</summary>
    public bool IsOurs =>
        Placed is not null || Saga is not null || Reservation is not null || Payment is not null || Shipment is not null
        || Notice is not null || Told.Count > 0;

    /// <summary>Whether its saga has ended.</summary>
    public bool IsFinished =>
        Saga?.State is { Saga.Status: SagaStatus.Completed or SagaStatus.Cancelled, OpenAmend: null };

    /// <summary>Whether a charge or a refund is still under way.</summary>
    public bool IsMoneyMoving => Payment?.State.Status is
        PaymentStatus.Pending or PaymentStatus.AwaitingDeposit or PaymentStatus.Refunding;

    /// <summary>What the PG took and the bank did not take back, by the ledger.</summary>
    public Money Captured => Sum(LedgerReason.Captured) + Sum(LedgerReason.DepositReversed);

    /// <summary>What the PG took first, whatever the bank took back later, by the ledger.</summary>
    public Money FirstCaptured => MoneyRows.Where(r => r.Reason is LedgerReason.Captured).OrderBy(r => r.At)
        .Select(r => r.Amount).FirstOrDefault();

    /// <summary>What the PG gave back, by the ledger.</summary>
    public Money Refunded => Money.Zero - Sum(LedgerReason.Refunded);

    /// <summary>What operators gave back outside the PG, by the ledger.</summary>
    public Money ByHand => Money.Zero - Sum(LedgerReason.SettledByHand);

    /// <summary>What an operator left with the shop when settling the payment for less than was owed.</summary>
    public Money Retained => Payment?.State.Retained ?? Money.Zero;

    /// <summary>
    /// How much was approved to go back: everything once the whole order is undone or was paid too late, else the
    /// partial cancels that Payments was told of, and what operators wanted.
    /// </summary>
    public Money Reduction()
    {
        if (Payment is not { } payment || payment.State.ChargeReply?.Completed is null)
        {
            return Captured;
        }

        var told = Told.Where(t => payment.Handled.Contains(t.Id)).ToList();
        if (told.Any(t => t.Type == "payment.refund_requested" || t.Body is PaymentResolveRequested { RefundId: null }))
        {
            return Captured;
        }

        var parts = told.Select(t => t.Body).OfType<PartialRefundRequested>().DistinctBy(m => m.RefundId).ToList();
        var others = payment.State.Refunds.Where(
            r => r.Kind != RefundKind.PartialCancel || parts.TrueForAll(m => m.RefundId != r.Id)).DistinctBy(r => r.Id);
        var sum = parts.Aggregate(Money.Zero, (all, m) => all + m.Amount)
            + others.Aggregate(Money.Zero, (all, r) => all + (r.Asked ?? Money.Zero));
        return sum < Captured ? sum : Captured;
    }

    /// <summary>The order's first message of a type; null when there is none.</summary>
    public Told? First(string type)
    {
        Told? first = null;
        foreach (var told in Told)
        {
            if (told.Type == type && (first is null || told.SentAtMs < first.Value.SentAtMs))
            {
                first = told;
            }
        }

        return first;
    }

    /// <summary>Whether a message of one of these types was sent, and may have been sent before that one.</summary>
    public bool WasTold(IEnumerable<string> types, Told? before = null) =>
        types.Any(type => First(type) is { } told && (before is null || told.MayPrecede(before.Value)));

    public int Count(string type) => Told.Count(t => t.Type == type);

    private Money Sum(LedgerReason reason)
    {
        var sum = Money.Zero;
        foreach (var row in MoneyRows)
        {
            sum += row.Reason == reason ? row.Amount : Money.Zero;
        }

        return sum;
    }
}
