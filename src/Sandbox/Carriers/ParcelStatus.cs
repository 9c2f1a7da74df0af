namespace DoaMarket.Sandbox.Carriers;

/// <summary>The words for where a parcel is. <see cref="Next"/> is the whole road.</summary>
internal static class ParcelStatus
{
    public const string Registered = "REGISTERED";
    public const string Cancelled = "CANCELLED";
    public const string Dispatched = "DISPATCHED";
    public const string InTransit = "IN_TRANSIT";
    public const string OutForDelivery = "OUT_FOR_DELIVERY";
    public const string Delivered = "DELIVERED";
    public const string AttemptFail = "ATTEMPT_FAIL";
    public const string Exception = "EXCEPTION";
    public const string PickupRequested = "PICKUP_REQUESTED";
    public const string ReturnPickedUp = "RETURN_PICKED_UP";
    public const string Returned = "RETURNED";

    /// <summary>Nobody ever opens the door at this postal code: the delivery fails for good.</summary>
    public const string NobodyHomePostalCode = "00003";

    /// <summary>Where the parcel goes next, or null where it stays.</summary>
    public static string? Next(string status, string postalCode) => status switch
    {
        Dispatched => InTransit,
        InTransit => OutForDelivery,
        OutForDelivery => postalCode == NobodyHomePostalCode ? AttemptFail : Delivered,
        AttemptFail => Exception,
        PickupRequested => ReturnPickedUp,
        ReturnPickedUp => Returned,
        _ => null,
    };

    /// <summary>How long a parcel stays where it is, or null where it stays for good.</summary>
    public static TimeSpan? StayAt(string status, ParcelPace pace) => status switch
    {
        Dispatched => pace.InTransitAfter,
        InTransit => pace.OutForDeliveryAfter,
        OutForDelivery or AttemptFail => pace.DeliveredAfter,
        PickupRequested => pace.ReturnPickedUpAfter,
        ReturnPickedUp => pace.ReturnedAfter,
        _ => null,
    };

    public static bool IsHandedOver(string status) => status is not (Registered or Cancelled);

    public static bool IsReturning(string status) => status is PickupRequested or ReturnPickedUp or Returned;

    /// <summary>The tracking event that a status shows as.</summary>
    public static (string Event, string Description) Shown(string status) => status switch
    {
        Registered => ("INFORMATION_RECEIVED", "운송장이 등록되었습니다."),
        Cancelled => ("CANCELLED", "운송장이 취소되었습니다."),
        Dispatched => ("AT_PICKUP", "상품을 인수하였습니다."),
        InTransit => (InTransit, "물류센터에서 이동 중입니다."),
        OutForDelivery => (OutForDelivery, "배송 출발하였습니다."),
        Delivered => (Delivered, "배송이 완료되었습니다."),
        AttemptFail => (AttemptFail, "수취인이 부재중입니다."),
        Exception => (Exception, "배달할 수 없어 보관 중입니다."),
        PickupRequested => (PickupRequested, "반품 수거가 접수되었습니다."),
        ReturnPickedUp => (ReturnPickedUp, "반품 상품을 수거하였습니다."),
        Returned => (Returned, "반품이 판매자에게 도착하였습니다."),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "This is no parcel status."),
    };
}
