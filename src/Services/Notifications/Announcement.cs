using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>What templates may show: a type fills what its templates need.</summary>
public sealed record NoticeFacts
{
    /// <summary>What people call the order: its number, or its id as long as the number is unknown.</summary>
    public string Order { get; init; } = "";

    /// <summary>The amount that this is about: the order's total, or what was refunded.</summary>
    public Money? Amount { get; init; }

    /// <summary>Shipping fee contained in the amount.</summary>
    public Money? ShippingFee { get; init; }

    /// <summary>What was bought.</summary>
    public IReadOnlyList<NoticeLine>? Items { get; init; }

    /// <summary>Why, as the message said.</summary>
    public string? Reason { get; init; }

    /// <summary>Name of the carrier.</summary>
    public string? CarrierName { get; init; }

    /// <summary>The carrier's number of the parcel.</summary>
    public string? TrackingNumber { get; init; }

    /// <summary>The day on which the parcel is expected, or on which it came (Korean time).</summary>
    public DateOnly? DeliveryDate { get; init; }
}

/// <summary>One line of an order, for people.</summary>
public sealed record NoticeLine(string Name, int Quantity, Money UnitPrice);

/// <summary>A message read as something that the order's customer is to be told.</summary>
/// <param name="Type">What.</param>
/// <param name="OrderId">About which order.</param>
/// <param name="UserId">Whom, if the message says it.</param>
/// <param name="OrderNumber">The order's number, if the message says it.</param>
/// <param name="Facts">What the templates show; <see cref="NoticeFacts.Order"/> is filled by the decider.</param>
public sealed record Announcement(
    NotificationType Type, OrderId OrderId, UserId? UserId, string? OrderNumber, NoticeFacts Facts)
{
    /// <summary>What happens once per order: the type, or the type and the refund.</summary>
    public string Occurrence { get; init; } = Type.Name;
}
