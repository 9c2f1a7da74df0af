namespace DoaMarket.Shipping;

/// <summary>A carrier's word on a parcel, in the order in which a parcel lives through it.</summary>
public enum CarrierStatus
{
    /// <summary>The waybill exists; the carrier does not have the parcel.</summary>
    Registered,

    /// <summary>The waybill is cancelled; it cannot be dispatched any more.</summary>
    Cancelled,

    /// <summary>The carrier has the parcel; it cannot be cancelled any more.</summary>
    HandedOver,

    /// <summary>Between depots.</summary>
    InTransit,

    /// <summary>On the van.</summary>
    OutForDelivery,

    /// <summary>Nobody was there; the carrier will try again.</summary>
    AttemptFailed,

    /// <summary>The customer has it.</summary>
    Delivered,

    /// <summary>The carrier gave up.</summary>
    GivenUp,

    /// <summary>The carrier was told to bring it back.</summary>
    ReturnStarted,

    /// <summary>Fetched, on its way back.</summary>
    ReturnPickedUp,

    /// <summary>Back in the warehouse.</summary>
    Returned,
}

/// <summary>How carriers write their statuses: those of the API and those of the callbacks.</summary>
public static class CarrierStatuses
{
    private static readonly Dictionary<string, CarrierStatus> ByText = new(StringComparer.Ordinal)
    {
        ["REGISTERED"] = CarrierStatus.Registered,
        ["INFORMATION_RECEIVED"] = CarrierStatus.Registered,
        ["CANCELLED"] = CarrierStatus.Cancelled,
        ["DISPATCHED"] = CarrierStatus.HandedOver,
        ["AT_PICKUP"] = CarrierStatus.HandedOver,
        ["IN_TRANSIT"] = CarrierStatus.InTransit,
        ["OUT_FOR_DELIVERY"] = CarrierStatus.OutForDelivery,
        ["ATTEMPT_FAIL"] = CarrierStatus.AttemptFailed,
        ["DELIVERED"] = CarrierStatus.Delivered,
        ["EXCEPTION"] = CarrierStatus.GivenUp,
        ["RETURN_REQUESTED"] = CarrierStatus.ReturnStarted,
        ["RETURNING"] = CarrierStatus.ReturnStarted,
        ["RETURN_PICKED_UP"] = CarrierStatus.ReturnPickedUp,
        ["RETURNED"] = CarrierStatus.Returned,
    };

    /// <summary>The status that a carrier's text means; null when it is none that matters here.</summary>
    public static CarrierStatus? Parse(string text) =>
        ByText.TryGetValue(text, out var status) ? status : null;

    /// <summary>Whether the carrier has, or had, the parcel in its hands.</summary>
    public static bool IsHandedOver(this CarrierStatus status) => status >= CarrierStatus.HandedOver;
}
