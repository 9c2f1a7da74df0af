using System.Text.Json.Nodes;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>What a customer fills in. The keys and postal codes choose how the sandbox behaves.</summary>
internal sealed record OrderForm(string BillingKey = "bk_ok")
{
    /// <summary>Instead of the billing key: names one payment, so that a fault can be aimed at it.</summary>
    public string? PaymentKey { get; init; }

    /// <summary>Instead of a card: a virtual account of this holder, whose name chooses what is paid in.</summary>
    public string? DepositBy { get; init; }

    public string ProductId { get; init; } = "P-1001";

    public string? VariantId { get; init; }

    public int Quantity { get; init; } = 1;

    public string PostalCode { get; init; } = "04524";

    /// <summary>The body of POST /orders.</summary>
    public JsonObject Json()
    {
        var item = new JsonObject { ["productId"] = ProductId, ["quantity"] = Quantity };
        if (VariantId is not null)
        {
            item["variantId"] = VariantId;
        }

        return new()
        {
            ["items"] = new JsonArray(item),
            ["shippingAddress"] = new JsonObject
            {
                ["recipientName"] = "홍길동",
                ["phone"] = "010-1234-5678",
                ["postalCode"] = PostalCode,
                ["address"] = "서울시 중구 세종대로 110",
            },
            ["paymentMethod"] = PaymentMethod(),
        };
    }

    private JsonObject PaymentMethod() => (DepositBy, PaymentKey) switch
    {
        ({ } holder, _) => new()
        {
            ["type"] = "virtual_account",
            ["bank"] = "우리",
            ["refundReceiveAccount"] = new JsonObject
            {
                ["bank"] = "신한",
                ["accountNumber"] = "110-123-456789",
                ["holderName"] = holder,
            },
        },
        (null, { } key) => new() { ["type"] = "card", ["paymentKey"] = key },
        _ => new() { ["type"] = "card", ["billingKey"] = BillingKey },
    };
}
