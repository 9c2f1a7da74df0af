namespace DoaMarket.Sandbox;

/// <summary>How long a parcel stays at each stop before it moves on.</summary>
/// <param name="InTransitAfter">From handover to the first hub.</param>
/// <param name="OutForDeliveryAfter">From the hub to the delivery van.</param>
/// <param name="DeliveredAfter">From the van to the door (or to a failed attempt, and from there to giving up).</param>
/// <param name="ReturnPickedUpAfter">From asking for a return to its pickup.</param>
/// <param name="ReturnedAfter">From the pickup to the seller's door.</param>
public sealed record ParcelPace(
    TimeSpan InTransitAfter,
    TimeSpan OutForDeliveryAfter,
    TimeSpan DeliveredAfter,
    TimeSpan ReturnPickedUpAfter,
    TimeSpan ReturnedAfter)
{
    /// <summary>The same time at every stop.</summary>
    public static ParcelPace Every(TimeSpan step) => new(step, step, step, step, step);
}
