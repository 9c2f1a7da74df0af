using System.Text.Json;
using System.Text.Json.Serialization;
using DoaMarket.Contracts;

namespace DoaMarket.Shipping;

/// <summary>Where a partial cancel stands on the shipment. Written in snake_case.</summary>
[JsonConverter(typeof(AmendStatusConverter))]
public enum AmendStatus
{
    /// <summary>
    /// The lines are out of the parcel; money and stock have not followed yet, so they may come back: no dispatch.
    /// </summary>
    Open,

    /// <summary>Money and stock have followed.</summary>
    Settled,

    /// <summary>It was too late; the parcel stayed as it was.</summary>
    Refused,

    /// <summary>It has no effect, and will have none: also the tombstone of one that has not come yet.</summary>
    Undone,
}

/// <summary>A partial cancel that the shipment has taken in, with the replies given, to be given again.</summary>
public sealed record Amend(
    AmendId AmendId,
    AmendStatus Status,
    Given<ShippingAmended>? Amended = null,
    Given<ShippingAmendRefused>? Refused = null,
    Given<ShippingAmendUndone>? Undone = null);

/// <summary>Writes a status in snake_case.</summary>
public sealed class AmendStatusConverter() : JsonStringEnumConverter<AmendStatus>(JsonNamingPolicy.SnakeCaseLower);
