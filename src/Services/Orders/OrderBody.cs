using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DoaMarket.Api;
using DoaMarket.Contracts;

namespace DoaMarket.Orders;

/// <summary>One line of an order as it is sent in.</summary>
public sealed record OrderLineBody(string ProductId, int Quantity, string? VariantId = null);

/// <summary>Where the parcel goes, as it is sent in.</summary>
public sealed record ShippingAddressBody(
    string RecipientName, string Phone, string PostalCode, string Address, string? AddressDetail = null);

/// <summary>An order as it is sent in. Prices are not: they come from the price list.</summary>
public sealed partial record OrderBody(
    IReadOnlyList<OrderLineBody> Items, ShippingAddressBody ShippingAddress, PaymentMethodBody PaymentMethod,
    string? DeliveryMemo = null)
{
    private const int MaxNameLength = 50, MaxAddressLength = 200, MaxMemoLength = 200;
    private const int MaxProductLength = 64;

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

            Text($"items[{i}].productId", Items[i].ProductId, MaxProductLength);
            Optional($"items[{i}].variantId", Items[i].VariantId, MaxProductLength);
            if (Items[i].Quantity is < 1 or > Cart.MaxQuantity)
            {
                throw ApiException.Field(
                    $"items[{i}].quantity", $"1에서 {Cart.MaxQuantity} 사이여야 합니다.",
                    $"it must be from 1 to {Cart.MaxQuantity}.");
            }
        }

        Text("shippingAddress.recipientName", ShippingAddress.RecipientName, MaxNameLength);
        Text("shippingAddress.address", ShippingAddress.Address, MaxAddressLength);
        Optional("shippingAddress.addressDetail", ShippingAddress.AddressDetail, MaxAddressLength);
        Optional("deliveryMemo", DeliveryMemo, MaxMemoLength);
        Matches("shippingAddress.phone", ShippingAddress.Phone, Phone(), "010-1234-5678");
        Matches("shippingAddress.postalCode", ShippingAddress.PostalCode, PostalCode(), "04524");
        PaymentMethod.Check();
    }

    internal static void Text(string field, string value, int max)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length > max || value.Any(char.IsControl))
        {
            throw ApiException.Field(
                field, $"1자 이상 {max}자 이하로, 제어 문자 없이 적어 주세요.", $"write 1 to {max} characters, no control characters.");
        }
    }

    internal static void Optional(string field, string? value, int max)
    {
        if (value is not null)
        {
            Text(field, value, max);
        }
    }

    internal static void Matches(string field, string value, Regex form, string example)
    {
        if (!form.IsMatch(value))
        {
            throw ApiException.Field(field, $"예: {example}", $"write it like {example}.");
        }
    }

    [GeneratedRegex(@"\A\+?[0-9][0-9\-]{6,18}[0-9]\z")]
    private static partial Regex Phone();

    [GeneratedRegex(@"\A[0-9]{5}\z")]
    private static partial Regex PostalCode();

    /// <summary>The wish that this body is.</summary>
    internal PlaceOrder ToWish(Kernel.UserId user, string? idempotencyKey, DateTimeOffset now) => new(
        user,
        [
            .. Items.Select(
                i => new WantedLine(new(i.ProductId), i.VariantId is { } v ? new VariantId(v) : null, i.Quantity)),
        ],
        new(
            ShippingAddress.RecipientName, ShippingAddress.Phone, ShippingAddress.PostalCode, ShippingAddress.Address,
            ShippingAddress.AddressDetail),
        PaymentMethod.ToMethod(),
        DeliveryMemo,
        idempotencyKey is null ? null : new(idempotencyKey, Hash()),
        now);
}
