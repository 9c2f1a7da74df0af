using System.Text.Json.Serialization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>What moves about an order: its saga, its status, and what the other services told of it.</summary>
/// <param name="OrderId">The order; also this document's key.</param>
/// <param name="UserId">The customer.</param>
/// <param name="Saga">The saga's ledger.</param>
/// <param name="Trail">The request that the order belongs to, and the last message that moved it.</param>
/// <param name="History">The order's statuses with their times; the last is the present one.</param>
public sealed record OrderSaga(
    OrderId OrderId, UserId UserId, SagaState Saga, Trail Trail, IReadOnlyList<StatusChange> History)
{
    /// <summary>What happened to the order so far, for its event stream; ids without a gap.</summary>
    public IReadOnlyList<OrderEvent> Events { get; init; } = [];

    /// <summary>What Payments told; null before it told anything.</summary>
    public PaymentFacts? Payment { get; init; }

    /// <summary>
    /// The virtual account as Payments told it. The customer is not shown it before the stock is held for as long as a
    /// deposit may take.
    /// </summary>
    public DepositAccount? Account { get; init; }

    /// <summary>What Shipping told; null before it told anything.</summary>
    public ShipmentFacts? Shipment { get; init; }

    /// <summary>Partial cancels, refused ones included, in the order in which they were asked for.</summary>
    public IReadOnlyList<AmendFact> Amends { get; init; } = [];

    /// <summary>A cancel of the whole order that waits for a partial cancel to end; null when none does.</summary>
    public WaitingCancel? CancelWaiting { get; init; }

    /// <summary>The partial cancel that has not ended; there is one at most.</summary>
    [JsonIgnore]
    public AmendId? OpenAmend => Amends.LastOrDefault(a => a.IsOpen)?.AmendId;

    /// <summary>Whether a partial cancel moves (and does not wait for a person).</summary>
    [JsonIgnore]
    public bool IsAmending => Amends.Any(a => a is { IsOpen: true, Status: not SagaStatus.NeedsAttention });

    /// <summary>
    /// Since when the watchdog has reported it as stuck; null when it has not, or when it has moved again.
    /// </summary>
    public DateTimeOffset? StuckSince { get; init; }

    /// <summary>Where the order stands.</summary>
    [JsonIgnore]
    public OrderStatus Status => History.Count == 0 ? OrderStatus.Pending : History[^1].Status;

    /// <summary>Whether the order ever stood there.</summary>
    public bool Was(OrderStatus status) => History.Any(h => h.Status == status);

    /// <summary>The same with what a message tells, whatever the saga makes of it.</summary>
    public OrderSaga Knowing(IOrderMessage message, DateTimeOffset now) => this with
    {
        Payment = message is RefundFailed failed && this.IsNotItsUndo(failed)
            ? Payment
            : PaymentFacts.After(Payment, message, ofAmend: this.AmendOf(message) is not null),
        Shipment = ShipmentFacts.After(Shipment, message, now),
        Account = message is AwaitingDeposit awaiting ? DepositAccount.Of(awaiting) : Account,
    };

    /// <summary>The customer is shown where to pay.</summary>
    public OrderSaga ShowingAccount() => this with { Payment = Payment! with { Deposit = Account } };

    /// <summary>The customer is no longer shown where to pay: the order is being undone.</summary>
    public OrderSaga HidingAccount() =>
        Payment?.Deposit is null ? this : this with { Payment = Payment with { Deposit = null } };

    /// <summary>Whether the parcel is gone and its money too: only a person can help.</summary>
    [JsonIgnore]
    public bool IsDepositLost => this is
    {
        Payment.DepositReversed: true, Shipment: { Dispatched: true, Status: < ShipmentStatus.Returned },
    };

    /// <summary>
    /// The same after the saga has moved; the order's status follows. A status that only the parcel has changed counts
    /// the version on too: whatever a customer sees has a version of its own.
    /// </summary>
    public OrderSaga With(SagaState saga, DateTimeOffset now)
    {
        var status = OrderStatuses.Of(saga, Shipment, CancelWaiting is not null);
        var isNew = History.Count == 0 || status != Status;
        var moved = History.Count == 0 || saga.Version > Saga.Version;
        // A clock may be set back; what a customer reads does not go back in time.
        var last = Events is [.., { At: var told }] ? told : now;
        var at = last > now ? last : now;
        if (isNew && !moved)
        {
            saga = saga with { Version = saga.Version + 1, UpdatedAt = now };
        }

        return this with
        {
            Saga = saga,
            History = isNew ? [.. History, new(status, at)] : History,
            Events = isNew || moved ? OrderEvent.After(Events, Saga, saga, status, at) : Events,
        };
    }

    /// <summary>
    /// The order's own trail, caused by the occasion's message (or by none, when a person or a timer did it).
    /// </summary>
    public Trail TrailFor(Occasion occasion) => Trail with
    {
        CausationId = occasion.Trail.CausationId,
        Traceparent = occasion.Trail.Traceparent ?? Trail.Traceparent,
    };
}
