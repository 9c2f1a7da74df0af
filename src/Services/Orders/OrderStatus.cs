using System.Text.Json.Serialization;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>Where an order stands, as its customer sees it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OrderStatus>))]
public enum OrderStatus
{
    /// <summary>Accepted.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>Every line is held.</summary>
    [JsonStringEnumMemberName("inventory_reserved")]
    InventoryReserved,

    /// <summary>Paid.</summary>
    [JsonStringEnumMemberName("paid")]
    Paid,

    /// <summary>The parcel is prepared.</summary>
    [JsonStringEnumMemberName("preparing")]
    Preparing,

    /// <summary>The carrier has the parcel.</summary>
    [JsonStringEnumMemberName("shipped")]
    Shipped,

    /// <summary>The customer has the parcel.</summary>
    [JsonStringEnumMemberName("delivered")]
    Delivered,

    /// <summary>Being undone.</summary>
    [JsonStringEnumMemberName("cancelling")]
    Cancelling,

    /// <summary>Undone and confirmed.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>The parcel comes back.</summary>
    [JsonStringEnumMemberName("returning")]
    Returning,

    /// <summary>The parcel came back, the money is refunded, the stock is back.</summary>
    [JsonStringEnumMemberName("returned")]
    Returned,
}

/// <summary>An order's status at a time.</summary>
public sealed record StatusChange(OrderStatus Status, DateTimeOffset At);

/// <summary>
/// An order's status is not set but follows from its saga and its parcel, so that no order of messages can make the two
/// disagree.
/// </summary>
public static class OrderStatuses
{
    /// <summary>The status of an order with this saga and this parcel.</summary>
    /// <param name="cancelWaits">Whether a cancel waits for a partial cancel to end.</param>
    public static OrderStatus Of(SagaState saga, ShipmentFacts? shipment, bool cancelWaits = false) => saga switch
    {
        { Compensated: true } => saga.CameBack ? OrderStatus.Returned : OrderStatus.Cancelled,
        { Status: SagaStatus.Compensating or SagaStatus.NeedsAttention } =>
            saga.IsComingBack ? OrderStatus.Returning : OrderStatus.Cancelling,
        _ => shipment switch
        {
            { Delivered: true } => OrderStatus.Delivered,
            { Dispatched: true } => OrderStatus.Shipped,
            _ when cancelWaits => OrderStatus.Cancelling,
            _ => BySteps(saga),
        },
    };

    private static OrderStatus BySteps(SagaState saga)
    {
        bool IsDone(string step) => saga.Step(step).Status is StepStatus.Completed;
        return IsDone(OrderFlow.PrepareShipping) ? OrderStatus.Preparing
            : IsDone(OrderFlow.ProcessPayment) ? OrderStatus.Paid
            : IsDone(OrderFlow.ReserveInventory) ? OrderStatus.InventoryReserved
            : OrderStatus.Pending;
    }
}
