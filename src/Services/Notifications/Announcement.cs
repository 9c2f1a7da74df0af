using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>What templates may show: a type fills what its templates need.</summary>
public sealed record NoticeFacts
{
    /// <summary>What people call the order: its number, or its id as long as the number is unknown.</summary>
    public string Order { get; init; } = "";

    /// <summary>The amount that this is about: the order's total, what is to be paid, or what was refunded.</summary>
    public Money? Amount { get; init; }

    /// <summary>Shipping fee contained in the amount.</summary>
    public Money? ShippingFee { get; init; }

    /// <summary>What was bought, or which lines were cancelled.</summary>
    public IReadOnlyList<NoticeLine>? Items { get; init; }

    /// <summary>What the customer has paid for what is left of the order.</summary>
    public Money? Remaining { get; init; }

    /// <summary>Why.</summary>
    public NoticeReason? Reason { get; init; }

    /// <summary>Name of the carrier.</summary>
    public string? CarrierName { get; init; }

    /// <summary>The carrier's number of the parcel.</summary>
    public string? TrackingNumber { get; init; }

    /// <summary>The day on which the parcel is expected, or on which it came (Korean time).</summary>
    public DateOnly? DeliveryDate { get; init; }

    /// <summary>The bank of a virtual account.</summary>
    public string? Bank { get; init; }

    /// <summary>The number of a virtual account.</summary>
    public string? AccountNumber { get; init; }

    /// <summary>Until when the deposit must come.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>
    /// What there is, by the names that templates use. What there is not is left out: a template that shows it is then
    /// an error instead of a gap.
    /// </summary>
    public Dictionary<string, object> ByName()
    {
        var all = new (string Name, object? Value)[]
        {
            ("order", Order), ("amount", Amount), ("shippingFee", ShippingFee), ("remaining", Remaining),
            ("items", Items?.Select(item => item.ByName()).ToList()), ("reason", Reason), ("carrierName", CarrierName),
            ("trackingNumber", TrackingNumber), ("deliveryDate", DeliveryDate), ("bank", Bank),
            ("accountNumber", AccountNumber), ("dueAt", DueAt),
        };
        return all.Where(fact => fact.Value is not null)
            .ToDictionary(fact => fact.Name, fact => fact.Value!, StringComparer.Ordinal);
    }
}

/// <summary>One line of an order, for people.</summary>
public sealed record NoticeLine(string Name, int Quantity, Money UnitPrice)
{
    /// <summary>The line by the names that templates use.</summary>
    public Dictionary<string, object> ByName() => new(StringComparer.Ordinal)
    {
        ["name"] = Name,
        ["quantity"] = Quantity,
        ["unitPrice"] = UnitPrice,
    };
}

/// <summary>A message read as something that the order's customer is to be told.</summary>
/// <param name="Type">What.</param>
/// <param name="OrderId">About which order.</param>
/// <param name="UserId">Whom, if the message says it.</param>
/// <param name="OrderNumber">The order's number, if the message says it.</param>
/// <param name="Facts">What the templates show; <see cref="NoticeFacts.Order"/> is filled by the decider.</param>
public sealed record Announcement(
    NotificationType Type, OrderId OrderId, UserId? UserId, string? OrderNumber, NoticeFacts Facts)
{
    /// <summary>What happens once per order: the type, or the type and the refund or partial cancel.</summary>
    public string Occurrence { get; init; } = Type.Name;
}
