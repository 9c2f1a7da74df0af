using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>An order's one shipment, from the first fact to the last report of its carrier.</summary>
public sealed record Shipment
{
    /// <summary>Reports kept; the oldest go first.</summary>
    public const int MaxHistoryEvents = 100;

    /// <summary>The order; the shipment's id derives from it.</summary>
    public required OrderId OrderId { get; init; }

    /// <summary>Where it stands.</summary>
    public required ShipmentStatus Status { get; init; }

    /// <summary>The request that it belongs to.</summary>
    public required Trail Trail { get; init; }

    /// <summary>When the first message about it was taken in.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The customer; null until the order to prepare has arrived.</summary>
    public UserId? UserId { get; init; }

    /// <summary>What goes where; null until the order to prepare has arrived.</summary>
    public Consignment? Consignment { get; init; }

    /// <summary>Gate: the order's amount is captured.</summary>
    public bool IsPaid { get; init; }

    /// <summary>Gate: the order's stock is sold to it.</summary>
    public bool IsCommitted { get; init; }

    /// <summary>Gate: the cancel that was taken in, if any.</summary>
    public CancelAsk? Cancel { get; init; }

    /// <summary>Gate: not dispatched before this.</summary>
    public DateTimeOffset? HoldUntil { get; init; }

    /// <summary>
    /// The lines that are left after partial cancels, or whole again after an undone one; null while none was heard of.
    /// </summary>
    public IReadOnlyList<OrderItem>? Lines { get; init; }

    /// <summary>
    /// Partial cancels taken in, at most <see cref="Amending.MaxAmends"/>. Gate: none of them is open.
    /// </summary>
    public IReadOnlyList<Amend> Amends { get; init; } = [];

    /// <summary>Gate: the change of the address that is under way, if any.</summary>
    public AddressChange? AddressChange { get; init; }

    /// <summary>Changes of the address asked for so far.</summary>
    public int AddressChanges { get; init; }

    /// <summary>How the last change of the address ended; null when there was none.</summary>
    public AddressOutcome? AddressOutcome { get; init; }

    /// <summary>The waybill, once it is known; kept after it was cancelled.</summary>
    public Waybill? Waybill { get; init; }

    /// <summary>Calls made so far: each new one has a number, and so an idempotency key, of its own.</summary>
    public int Calls { get; init; }

    /// <summary>What is wanted of the carrier; null when nothing.</summary>
    public OutsideCall? Call { get; init; }

    /// <summary>
    /// A registration may have been sent whose outcome is unknown: until then a carrier's "not found" proves nothing.
    /// Null when none can have been sent.
    /// </summary>
    public DateTimeOffset? UnsettledUntil { get; init; }

    /// <summary>Promised to the customer when the carrier took the parcel.</summary>
    public DateOnly? EstimatedDelivery { get; init; }

    /// <summary>When to ask the carrier for news of a parcel that it has; counts while it is in its hands.</summary>
    public DateTimeOffset? AskNewsAt { get; init; }

    /// <summary>
    /// When to have the tracker tell of the parcel, again; counts while the carrier has it. Null without a tracker.
    /// </summary>
    public DateTimeOffset? WatchAt { get; init; }

    /// <summary>Whether the tracker has taken the parcel on.</summary>
    public bool IsWatched { get; init; }

    /// <summary>The carrier's reports as they came, at most <see cref="MaxHistoryEvents"/>.</summary>
    public IReadOnlyList<TrackingEvent> History { get; init; } = [];

    /// <summary>Replies given, to be given again under their ids.</summary>
    public Replies Replies { get; init; } = new();

    /// <summary>Why an operator closed it; no carrier is called any more.</summary>
    public string? SettledByHand { get; init; }

    /// <summary>The shipment's id.</summary>
    internal ShipmentId Id => ShipmentId.Of(OrderId);

    /// <summary>Whether the carrier has the parcel and may still deliver it.</summary>
    internal bool IsOnTheWay =>
        Status is ShipmentStatus.Dispatched or ShipmentStatus.InTransit or ShipmentStatus.OutForDelivery;

    /// <summary>Whether the carrier has, or had, the parcel.</summary>
    internal bool IsHandedOver => IsOnTheWay
        || Status is ShipmentStatus.Delivered or ShipmentStatus.DeliveryFailed or ShipmentStatus.Returning
            or ShipmentStatus.ReturnPickedUp or ShipmentStatus.Returned or ShipmentStatus.ReturnCompleted;

    /// <summary>Whether the carrier still owes news of the parcel.</summary>
    internal bool AwaitsNews =>
        IsOnTheWay
            || Status is ShipmentStatus.DeliveryFailed or ShipmentStatus.Returning or ShipmentStatus.ReturnPickedUp;

    /// <summary>Whether dispatch is cleared but for the hold.</summary>
    internal bool IsCleared =>
        Status == ShipmentStatus.Prepared && IsPaid && IsCommitted && Cancel is null && SettledByHand is null
            && AddressChange is null && Amends.All(a => a.Status != AmendStatus.Open);

    /// <summary>Whether no registration can have left: it may be voided.</summary>
    internal bool NothingWasSent => UnsettledUntil is null && Call is null or { IsPaused: true };
}

/// <summary>What goes where, with which carriers, and until when a registration may begin.</summary>
/// <param name="Carriers">Carriers that take it, best first.</param>
/// <param name="CarrierId">The one that is asked. It changes only while nothing can have been sent to it.</param>
public sealed record Consignment(
    IReadOnlyList<OrderItem> Items,
    ShippingAddress Address,
    string? DeliveryMemo,
    int WeightGrams,
    DateTimeOffset Deadline,
    IReadOnlyList<string> Carriers,
    string CarrierId);

/// <summary>A carrier's waybill.</summary>
/// <param name="TrackedBy">Who tells where the parcel is; null for the carrier itself.</param>
public sealed record Waybill(string CarrierId, string CarrierName, string TrackingNumber, string? TrackedBy = null);

/// <summary>A cancel that was taken in. What is asked of the shipment again is merged into it.</summary>
public sealed record CancelAsk(string Reason, bool AskedByPerson, int RetryNumber);

/// <summary>One report of the carrier.</summary>
/// <param name="WebhookId">By which a repeated report is recognised.</param>
/// <param name="Status">The carrier's own word.</param>
/// <param name="OccurredAt">When it happened, says the carrier.</param>
/// <param name="HeardAt">When it was taken in.</param>
public sealed record TrackingEvent(
    string WebhookId, string Status, DateTimeOffset OccurredAt, DateTimeOffset HeardAt, string? Description)
{
    /// <summary>Whether it was noted upon the answer to a call of ours.</summary>
    internal bool IsOurNote => WebhookId is "dispatch" or "return";
}

/// <summary>A reply that was given, with the id that it keeps.</summary>
public sealed record Given<T>(Sent Sent, T Message) where T : IMessage;

/// <summary>The replies given so far.</summary>
public sealed record Replies(
    Given<ShippingPrepared>? Prepared = null,
    Given<PrepareFailed>? PrepareFailed = null,
    Given<ShippingCancelled>? Cancelled = null,
    Given<ShippingCancelRefused>? CancelRefused = null,
    Given<ReturnReceived>? ReturnReceived = null);
