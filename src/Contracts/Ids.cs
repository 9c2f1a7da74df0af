using System.Globalization;
using System.Text.Json.Serialization;
using DoaMarket.Kernel;

namespace DoaMarket.Contracts;

/// <summary>Identifies an order.</summary>
[JsonConverter(typeof(TypedIdConverter<OrderId>))]
public readonly record struct OrderId(Guid Value) : ITypedId<OrderId>
{
    /// <inheritdoc />
    public static OrderId From(Guid value) => new(value);

    /// <inheritdoc />
    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>Identifies a payment; an order has one.</summary>
[JsonConverter(typeof(TypedIdConverter<PaymentId>))]
public readonly record struct PaymentId(Guid Value) : ITypedId<PaymentId>
{
    /// <inheritdoc />
    public static PaymentId From(Guid value) => new(value);

    /// <summary>The payment of an order: derived, so that a repeated request meets the same payment.</summary>
    public static PaymentId Of(OrderId order) => new(DerivedId.From(order.Value, "payment"));

    /// <inheritdoc />
    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>Identifies one refund of a payment.</summary>
[JsonConverter(typeof(TypedIdConverter<RefundId>))]
public readonly record struct RefundId(Guid Value) : ITypedId<RefundId>
{
    /// <inheritdoc />
    public static RefundId From(Guid value) => new(value);

    /// <inheritdoc />
    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>Identifies one partial cancel of an order.</summary>
[JsonConverter(typeof(TypedIdConverter<AmendId>))]
public readonly record struct AmendId(Guid Value) : ITypedId<AmendId>
{
    /// <inheritdoc />
    public static AmendId From(Guid value) => new(value);

    /// <inheritdoc />
    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>Identifies a shipment; an order has one.</summary>
[JsonConverter(typeof(TypedIdConverter<ShipmentId>))]
public readonly record struct ShipmentId(Guid Value) : ITypedId<ShipmentId>
{
    /// <inheritdoc />
    public static ShipmentId From(Guid value) => new(value);

    /// <summary>The shipment of an order: derived, so that a repeated request meets the same shipment.</summary>
    public static ShipmentId Of(OrderId order) => new(DerivedId.From(order.Value, "shipment"));

    /// <inheritdoc />
    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>Identifies one message to one customer over one channel.</summary>
[JsonConverter(typeof(TypedIdConverter<NotificationId>))]
public readonly record struct NotificationId(Guid Value) : ITypedId<NotificationId>
{
    /// <inheritdoc />
    public static NotificationId From(Guid value) => new(value);

    /// <inheritdoc />
    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>Identifies a product of the price list, e.g. "P-1001".</summary>
[JsonConverter(typeof(TypedNameConverter<ProductId>))]
public readonly record struct ProductId(string Value) : ITypedName<ProductId>
{
    /// <inheritdoc />
    public static ProductId From(string value) => new(value);

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>Identifies a variant of a product, e.g. "red-L".</summary>
[JsonConverter(typeof(TypedNameConverter<VariantId>))]
public readonly record struct VariantId(string Value) : ITypedName<VariantId>
{
    /// <inheritdoc />
    public static VariantId From(string value) => new(value);

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>Identifies a seller of the market, e.g. "S-01": the user id of the seller's account.</summary>
[JsonConverter(typeof(TypedNameConverter<SellerId>))]
public readonly record struct SellerId(string Value) : ITypedName<SellerId>
{
    /// <inheritdoc />
    public static SellerId From(string value) => new(value);

    /// <inheritdoc />
    public override string ToString() => Value;
}
