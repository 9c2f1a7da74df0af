using System.Globalization;
using DoaMarket.Contracts;

namespace DoaMarket.Shipping;

/// <summary>
/// Our name for an order's parcel at a carrier: constant per order, so that asking twice makes one waybill, and with
/// the order's id in it, so that a callback names its shipment.
/// </summary>
public static class ClientReference
{
    private const string Prefix = "DOA-";

    /// <summary>The reference of an order, e.g. "DOA-0192f0c1a7b87c3d9e4f5a6b7c8d9e0f".</summary>
    public static string Of(OrderId order) => Prefix + order.Value.ToString("N", CultureInfo.InvariantCulture);

    /// <summary>Our name for one change of an order's address.</summary>
    public static string OfAddress(OrderId order, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Of(order)}-A{number}");

    /// <summary>The order of a reference; null when it is not one of ours.</summary>
    public static OrderId? Order(string? reference) =>
        reference is not null
        && reference.StartsWith(Prefix, StringComparison.Ordinal)
        && Guid.TryParseExact(reference.AsSpan(Prefix.Length), "N", out var id)
            ? new OrderId(id)
            : null;
}
