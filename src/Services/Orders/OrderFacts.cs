using System.Text.Json.Serialization;
using DoaMarket.Contracts;

namespace DoaMarket.Orders;

/// <summary>Where the money is, as Payments told it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PaymentStatus>))]
public enum PaymentStatus
{
    /// <summary>The customer has an account to pay into.</summary>
    [JsonStringEnumMemberName("awaiting_deposit")]
    AwaitingDeposit,

    /// <summary>Captured.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Nothing was captured.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Nothing was captured, and the order is being undone.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>A part went back.</summary>
    [JsonStringEnumMemberName("partially_refunded")]
    PartiallyRefunded,

    /// <summary>Everything went back.</summary>
    [JsonStringEnumMemberName("refunded")]
    Refunded,

    /// <summary>It should go back, but the PG refuses.</summary>
    [JsonStringEnumMemberName("refund_failed")]
    RefundFailed,
}

/// <summary>The virtual account that the customer is to pay into.</summary>
/// <param name="Bank">Its bank.</param>
/// <param name="AccountNumber">Its number.</param>
/// <param name="Amount">What is to be paid into it.</param>
/// <param name="DueAt">Until when.</param>
public sealed record DepositAccount(string Bank, string AccountNumber, Money Amount, DateTimeOffset DueAt)
{
    /// <summary>The account that Payments tells of.</summary>
    internal static DepositAccount Of(AwaitingDeposit told) =>
        new(told.Bank, told.AccountNumber, told.Amount, told.DueAt);
}

/// <summary>One refund. It has an id, so that the same refund told twice counts once.</summary>
public sealed record RefundFact(RefundId RefundId, Money Amount);

/// <summary>What Payments told of an order.</summary>
public sealed record PaymentFacts(
    PaymentStatus Status, PaymentId? PaymentId = null, string? TransactionId = null, Money? Amount = null)
{
    /// <summary>Refunds so far.</summary>
    public IReadOnlyList<RefundFact> Refunds { get; init; } = [];

    /// <summary>Where the customer is to pay; told once the stock is held for as long as that may take.</summary>
    public DepositAccount? Deposit { get; init; }

    /// <summary>Whether the bank took the deposit back, so that the money is not there any more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DepositReversed { get; init; }

    /// <summary>The payment after a report, in whatever order reports come; other facts leave it as it is.</summary>
    /// <param name="ofAmend">Whether a refund is a partial cancel's: settled by hand, it is still a part only.</param>
    public static PaymentFacts? After(PaymentFacts? known, IOrderMessage message, bool ofAmend = false) => message switch
    {
        AwaitingDeposit awaiting when known is null => new(PaymentStatus.AwaitingDeposit, awaiting.PaymentId),
        DepositReversed reversed => (known ?? new(PaymentStatus.Completed, reversed.PaymentId)) with
        {
            DepositReversed = true,
        },
        PaymentCompleted done => (known ?? new(PaymentStatus.Completed)) with
        {
            Status = known is { Refunds.Count: > 0 } or { Status: PaymentStatus.RefundFailed }
                ? known.Status
                : PaymentStatus.Completed,
            PaymentId = done.PaymentId,
            TransactionId = done.TransactionId,
            Amount = done.Amount,
        },
        PaymentFailed failed when known is null or { Status: PaymentStatus.AwaitingDeposit } => new(PaymentStatus.Failed, failed.PaymentId),
        PaymentCancelled when known?.Amount is null => new(PaymentStatus.Cancelled, known?.PaymentId),
        PaymentRefunded refund => Refunded(known, refund, ofAmend),
        RefundFailed failed when known is not { Status: PaymentStatus.Refunded } =>
            (known ?? new(PaymentStatus.RefundFailed)) with
            {
                Status = PaymentStatus.RefundFailed,
                PaymentId = failed.PaymentId,
            },
        _ => known,
    };

    private static PaymentFacts Refunded(PaymentFacts? known, PaymentRefunded refund, bool ofAmend)
    {
        known ??= new(PaymentStatus.Completed);
        IReadOnlyList<RefundFact> refunds =
            [.. known.Refunds.Where(r => r.RefundId != refund.RefundId), new(refund.RefundId, refund.Amount)];
        var sum = refunds.Aggregate(Money.Zero, (sum, r) => sum + r.Amount);
        var everything =
            (refund.SettledByHand && !ofAmend) || sum >= refund.Captured || known.Status is PaymentStatus.Refunded;
        return known with
        {
            Status = everything ? PaymentStatus.Refunded : PaymentStatus.PartiallyRefunded,
            PaymentId = refund.PaymentId,
            Amount = refund.Captured,
            Refunds = refunds,
        };
    }
}

/// <summary>How far a parcel is, in the order in which it goes; reports may come in any order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ShipmentStatus>))]
public enum ShipmentStatus
{
    /// <summary>No waybill is known of yet.</summary>
    [JsonStringEnumMemberName("preparing")]
    Preparing,

    /// <summary>A waybill exists.</summary>
    [JsonStringEnumMemberName("prepared")]
    Prepared,

    /// <summary>The waybill is cancelled.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>The carrier has it.</summary>
    [JsonStringEnumMemberName("dispatched")]
    Dispatched,

    /// <summary>On its way.</summary>
    [JsonStringEnumMemberName("in_transit")]
    InTransit,

    /// <summary>On the last van.</summary>
    [JsonStringEnumMemberName("out_for_delivery")]
    OutForDelivery,

    /// <summary>The customer has it.</summary>
    [JsonStringEnumMemberName("delivered")]
    Delivered,

    /// <summary>The carrier gave up.</summary>
    [JsonStringEnumMemberName("delivery_failed")]
    DeliveryFailed,

    /// <summary>It comes back.</summary>
    [JsonStringEnumMemberName("returning")]
    Returning,

    /// <summary>The carrier has fetched it.</summary>
    [JsonStringEnumMemberName("return_picked_up")]
    ReturnPickedUp,

    /// <summary>It is back in the warehouse.</summary>
    [JsonStringEnumMemberName("returned")]
    Returned,

    /// <summary>It is back, the money is refunded and the stock is back.</summary>
    [JsonStringEnumMemberName("return_completed")]
    ReturnCompleted,
}

/// <summary>A step of a parcel, and when it was heard of.</summary>
public sealed record ShipmentStep(ShipmentStatus Status, DateTimeOffset At);

/// <summary>What Shipping told of an order.</summary>
public sealed record ShipmentFacts(
    ShipmentStatus Status,
    ShipmentId? ShippingId = null,
    string? TrackingNumber = null,
    string? CarrierName = null,
    DateOnly? EstimatedDeliveryDate = null)
{
    /// <summary>Whether the carrier has, or had, the parcel.</summary>
    [JsonIgnore]
    public bool Dispatched => Status >= ShipmentStatus.Dispatched;

    /// <summary>Whether the customer has the parcel.</summary>
    [JsonIgnore]
    public bool Delivered => Status is ShipmentStatus.Delivered;

    /// <summary>When the customer last had it sent elsewhere; where to, only Shipping knows.</summary>
    public DateTimeOffset? AddressChangedAt { get; init; }

    /// <summary>The steps heard of so far, in the order in which they were heard.</summary>
    public IReadOnlyList<ShipmentStep> Steps { get; init; } = [];

    /// <summary>The parcel after a report heard at <paramref name="now"/>; it never goes backwards.</summary>
    public static ShipmentFacts? After(ShipmentFacts? known, IOrderMessage message, DateTimeOffset now)
    {
        return message switch
        {
            ShippingPrepared m => Told(ShipmentStatus.Prepared, m.ShippingId, m.TrackingNumber, m.CarrierName),
            ShippingAddressChanged m => (known ?? new ShipmentFacts(ShipmentStatus.Preparing)) with
            {
                ShippingId = m.ShippingId,
                AddressChangedAt = now,
            },
            ShippingCancelled m => Told(ShipmentStatus.Cancelled, m.ShippingId),
            ShippingCancelRefused m => Told(ShipmentStatus.Dispatched, m.ShippingId, m.TrackingNumber),
            ShippingDispatched m =>
                Of(ShipmentStatus.Dispatched, m.Parcel) with { EstimatedDeliveryDate = m.EstimatedDeliveryDate },
            ShippingInTransit { Status: "out_for_delivery" } m => Of(ShipmentStatus.OutForDelivery, m.Parcel),
            ShippingInTransit m => Of(ShipmentStatus.InTransit, m.Parcel),
            ShippingDelivered m => Of(ShipmentStatus.Delivered, m.Parcel),
            DeliveryFailed m => Of(ShipmentStatus.DeliveryFailed, m.Parcel),
            ReturnInitiated m => Of(ShipmentStatus.Returning, m.Parcel),
            ReturnPickedUp m => Of(ShipmentStatus.ReturnPickedUp, m.Parcel),
            ReturnReceived m => Of(ShipmentStatus.Returned, m.Parcel),
            ReturnCompleted m => Of(ShipmentStatus.ReturnCompleted, m.Parcel),
            _ => known,
        };

        ShipmentFacts Of(ShipmentStatus status, Parcel parcel) =>
            Told(status, parcel.ShippingId, parcel.TrackingNumber, parcel.CarrierName);

        ShipmentFacts Told(
            ShipmentStatus status, ShipmentId id, string? trackingNumber = null, string? carrierName = null) =>
            (known ?? new ShipmentFacts(status)) with
            {
                Status = known is not null && known.Status > status ? known.Status : status,
                ShippingId = id,
                TrackingNumber = trackingNumber ?? known?.TrackingNumber,
                CarrierName = carrierName ?? known?.CarrierName,
                Steps = known?.Steps.Any(s => s.Status == status) == true
                    ? known.Steps
                    : [.. known?.Steps ?? [], new(status, now)],
            };
    }
}
