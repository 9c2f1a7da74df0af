using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>
/// The shipment's timer: the hold is over, a pause is over, a call is lost, or a parcel is silent for too long.
/// </summary>
internal static class Timers
{
    public static DateTimeOffset? WakeAt(Shipment s)
    {
        if (s.SettledByHand is not null)
        {
            return null;
        }

        return s.Call?.WakeAt ?? (s.IsCleared ? s.HoldUntil : s.AwaitsNews ? Earlier(s.AskNewsAt, s.WatchAt) : null);
    }

    public static Decision Decide(Due<Shipment> due, ShippingOptions options)
    {
        var d = Decision.On(due);
        var s = due.State;
        if (WakeAt(s) is not { } at || due.Now < at)
        {
            return d;
        }

        return d.Keep(s, s.Call switch
        {
            null when s.IsCleared => Dispatching.IfCleared(s, d, options),
            null when s.WatchAt <= due.Now => s.Ask(CallKind.Watch, d, options),
            null => (s with { AskNewsAt = null }).Ask(CallKind.Track, d, options),
            { IsPaused: true } when s.Status == ShipmentStatus.Preparing => Preparing.Next(s, d, options),
            { Kind: CallKind.Register } => Preparing.Lost(s, d, options),
            _ when s is { Status: ShipmentStatus.Dispatching, Cancel: not null } =>
                Cancelling.AskCarrier(s, d, options),
            { IsPaused: true } call => s.Ask(call.Kind, d, options),
            _ => Lost(s, d, options),
        }, options);
    }

    /// <summary>A call got lost that may be made twice: the same one once more.</summary>
    private static Shipment Lost(Shipment s, Decision d, ShippingOptions options)
    {
        s = s.CountTry(d, options);
        var patience = s.PatienceFor(s.Call!.Kind, options);
        return s with { Call = s.Call with { WakeAt = d.Occasion.Now + patience } };
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => b is null || a < b ? a : b;
}
