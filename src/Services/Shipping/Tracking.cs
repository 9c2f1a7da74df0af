using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>
/// The tracker says that something happened to a parcel, not what. It does not sign, so this is a hint to ask, and no
/// more.
/// </summary>
/// <param name="ShipmentId">Found by the tracking number.</param>
public sealed record ParcelHinted(ShipmentId ShipmentId, string CarrierId, string TrackingNumber)
    : Request<CarrierReportReply>;

/// <summary>Parcels of carriers that call nobody: a tracker hints that they moved, and is asked where they are.</summary>
internal static class Tracking
{
    /// <summary>A tracker that promises less than the renewal takes must not make the timer spin.</summary>
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromSeconds(1);

    public static Decision Hinted(
        Documents documents, Asked<ParcelHinted, CarrierReportReply> asked, ShippingOptions options)
    {
        var d = Decision.On(asked);
        var hint = asked.Body;
        if (documents.Find(ShippingKinds.Shipments, hint.ShipmentId) is not { Waybill: { } waybill } before
            || waybill.TrackingNumber != hint.TrackingNumber || waybill.CarrierId != hint.CarrierId)
        {
            return d.Answer(CarrierReportReply.UnknownParcel("No shipment has this waybill."));
        }

        d.Follow(before.Trail);
        return before is { AwaitsNews: true, SettledByHand: null }
            // Asked as soon as no call is under way: however many hints come meanwhile, that is one more question.
            ? d.Answer(CarrierReportReply.Taken).Keep(before, before with { AskNewsAt = d.Occasion.Now }, options)
            : d.Answer(CarrierReportReply.Ignored($"The shipment is {before.Status.Wire()}."));
    }

    /// <summary>The tracker watches the parcel; what happened before it did is asked for once.</summary>
    public static Shipment Watched(Shipment s, WatchTaken taken, Decision d, ShippingOptions options)
    {
        var now = d.Occasion.Now;
        var renewAt = taken.Until - options.RenewWatchBefore;
        return s.Answered(d, options) with
        {
            IsWatched = true,
            WatchAt = renewAt > now + ShortestWatch ? renewAt : now + ShortestWatch,
            AskNewsAt = s.IsWatched ? s.AskNewsAt : now,
        };
    }
}
