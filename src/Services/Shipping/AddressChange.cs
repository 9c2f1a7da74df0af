using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>The owner of a parcel wants it to go elsewhere.</summary>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="By">Who asks; only the owner reaches it.</param>
/// <param name="To">The new address.</param>
public sealed record ChangeAddress(ShipmentId ShipmentId, UserId By, ShippingAddress To) : Request<ChangeAddressReply>;

/// <summary>What becomes of a wish to change the address.</summary>
public abstract record ChangeAddressReply
{
    private ChangeAddressReply()
    {
    }

    /// <summary>The parcel goes there.</summary>
    public sealed record Changed : ChangeAddressReply;

    /// <summary>The carrier has a waybill, or may have one, and is being asked.</summary>
    /// <param name="Number">The change's number within the shipment, by which its outcome is found.</param>
    public sealed record Changing(int Number) : ChangeAddressReply;

    /// <summary>It is not possible; nothing changed.</summary>
    /// <param name="Code">For programs, e.g. "ALREADY_DISPATCHED".</param>
    public sealed record Refused(string Code) : ChangeAddressReply;

    /// <summary>There is no such shipment for this person.</summary>
    public sealed record NotFound : ChangeAddressReply;
}

/// <summary>A new address that the carrier is to be told, or is being told. Nothing is dispatched meanwhile.</summary>
/// <param name="Number">Which change of the shipment; the carrier recognises a repeated call by it.</param>
/// <param name="To">The new address. Until the carrier has taken it, the consignment keeps the old one.</param>
public sealed record AddressChange(int Number, ShippingAddress To, DateTimeOffset AskedAt);

/// <summary>How the last change of the address ended.</summary>
/// <param name="Number">Which change.</param>
/// <param name="Code">Null when the parcel goes to the new address; else why it does not.</param>
/// <param name="Reason">The carrier's words, if it refused.</param>
public sealed record AddressOutcome(int Number, string? Code, string? Reason, DateTimeOffset At);
