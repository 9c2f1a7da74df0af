namespace DoaMarket.Shipping;

/// <summary>What a shipment may want of its carrier.</summary>
public enum CallKind
{
    /// <summary>Make a waybill.</summary>
    Register,

    /// <summary>Look the waybill up by the client reference.</summary>
    Find,

    /// <summary>Take the parcel.</summary>
    Dispatch,

    /// <summary>Where is the parcel?</summary>
    Track,

    /// <summary>Have the tracker tell of the parcel from now on.</summary>
    Watch,

    /// <summary>Send the parcel elsewhere.</summary>
    Readdress,

    /// <summary>Cancel the waybill.</summary>
    Cancel,

    /// <summary>Bring the parcel back.</summary>
    StartReturn,
}

/// <summary>A call that a shipment wants made, or will want when its pause is over.</summary>
/// <param name="Kind">What is wanted.</param>
/// <param name="Number">Its number within the shipment; a call made again because it was lost keeps it.</param>
/// <param name="Tries">Calls of unknown outcome in a row, for the backoff.</param>
/// <param name="WantedAt">When it was wanted first.</param>
/// <param name="WakeAt">While paused: when to go on. Else: when to take it for lost.</param>
/// <param name="IsPaused">Whether it waits (backoff, open circuit) rather than being made.</param>
/// <param name="HeldAt">The carrier whose open circuit holds it back; null when none does.</param>
public sealed record OutsideCall(
    CallKind Kind, int Number, int Tries, DateTimeOffset WantedAt, DateTimeOffset WakeAt, bool IsPaused,
    string? HeldAt = null);
