using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>What is known of an order: its customer and what has happened to it, heard in whatever order.</summary>
/// <param name="UserId">The customer, once a message has said it.</param>
/// <param name="OrderNumber">The order's number, once a message has said it.</param>
/// <param name="Happened">Each occurrence once; bounded by the types and an order's refunds.</param>
public sealed record OrderNotice(OrderId OrderId, UserId? UserId, string? OrderNumber, IReadOnlyList<string> Happened)
{
    /// <summary>Nothing is known yet.</summary>
    public static OrderNotice New(OrderId order) => new(order, null, null, []);

    /// <summary>Whether this has been told, or decided upon, before.</summary>
    public bool Has(Announcement said) => Happened.Contains(said.Occurrence, StringComparer.Ordinal);

    /// <summary>The type that makes <paramref name="type"/> pointless; null when nothing does.</summary>
    public string? Overtaking(NotificationType type) =>
        type.OvertakenBy.FirstOrDefault(t => Happened.Contains(t, StringComparer.Ordinal));

    /// <summary>Takes in what a message says.</summary>
    /// <param name="user">The customer that the message or its envelope names.</param>
    public OrderNotice After(Announcement said, UserId? user) => this with
    {
        UserId = UserId ?? user,
        OrderNumber = OrderNumber ?? said.OrderNumber,
        Happened = Has(said) ? Happened : [.. Happened, said.Occurrence],
    };
}
