using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DoaMarket.Api;
using DoaMarket.Contracts;

namespace DoaMarket.Orders;

/// <summary>One line of an order as it is sent in.</summary>
public sealed record OrderLineBody(string ProductId, int Quantity, string? VariantId = null);

/// <summary>An order as it is sent in. Prices are not: they come from the price list.</summary>
public sealed record OrderBody(
    IReadOnlyList<OrderLineBody> Items, ShippingAddressBody ShippingAddress, PaymentMethodBody PaymentMethod,
    string? DeliveryMemo = null)
{
    private const int MaxMemoLength = 200, MaxProductLength = 64;

    /// <summary>Tells two bodies under one Idempotency-Key apart, whatever their white space.</summary>
    public string Hash() =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, ApiJson.Answers)));

    /// <summary>Refuses what cannot be an order; the first wrong field is named.</summary>
    /// <exception cref="ApiException">400.</exception>
    public void Check()
    {
        if (Items.Count is 0 or > Cart.MaxLines)
        {
            throw ApiException.Field(
                "items", $"1개 이상 {Cart.MaxLines}개 이하여야 합니다.", $"an order has 1 to {Cart.MaxLines} lines.");
        }

        for (var i = 0; i < Items.Count; i++)
        {
            if (Items[i] is null) // the serializer refuses null members, not null elements
            {
                throw ApiException.Field($"items[{i}]", "null일 수 없습니다.", "it must not be null.");
            }

            ApiText.Required($"items[{i}].productId", Items[i].ProductId, MaxProductLength);
            ApiText.Optional($"items[{i}].variantId", Items[i].VariantId, MaxProductLength);
            if (Items[i].Quantity is < 1 or > Cart.MaxQuantity)
            {
                throw ApiException.Field(
                    $"items[{i}].quantity", $"1에서 {Cart.MaxQuantity} 사이여야 합니다.",
                    $"it must be from 1 to {Cart.MaxQuantity}.");
            }
        }

        ShippingAddress.Check("shippingAddress.");
        ApiText.Optional("deliveryMemo", DeliveryMemo, MaxMemoLength);
        PaymentMethod.Check();
    }

    /// <summary>The wish that this body is.</summary>
    internal PlaceOrder ToWish(Kernel.UserId user, string? idempotencyKey, DateTimeOffset now) => new(
        user,
        [
            .. Items.Select(
                i => new WantedLine(new(i.ProductId), i.VariantId is { } v ? new VariantId(v) : null, i.Quantity)),
        ],
        ShippingAddress.ToAddress(),
        PaymentMethod.ToMethod(),
        DeliveryMemo,
        idempotencyKey is null ? null : new(idempotencyKey, Hash()),
        now);
}
