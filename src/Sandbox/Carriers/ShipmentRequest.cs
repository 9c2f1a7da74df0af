using System.Text.Json;
using DoaMarket.Sandbox.Http;

namespace DoaMarket.Sandbox.Carriers;

/// <summary>A checked request to register a shipment. The recipient is checked but not kept: personal data.</summary>
internal sealed record ShipmentRequest(
    string ClientReference, string OrderReference, string PostalCode, long WeightGrams, string Items)
{
    public const int ReferenceCharsMax = 100;
    private const int WeightGramsMax = 30_000;
    private const int ItemsMax = 40;

    public static ShipmentRequest Read(RequestFields fields)
    {
        string reference = fields.Text("clientReference", ReferenceCharsMax);
        string order = fields.Text("orderReference", ReferenceCharsMax);
        string postalCode = ReadRecipient(fields.Object("recipient"));
        long weight = fields.Whole("weightGrams", 1, WeightGramsMax);
        object[] items = [.. fields.Objects("items", 1, ItemsMax).Select(ReadItem)];
        string kept = JsonSerializer.Serialize(items, Answer.Format);
        return new ShipmentRequest(reference, order, postalCode, weight, kept);
    }

    /// <summary>Checks a recipient and gives the postal code, the one thing that the road depends on.</summary>
    public static string ReadRecipient(RequestFields recipient)
    {
        recipient.Text("name", 60);
        CheckPhone(recipient);
        string postalCode = recipient.Text("postalCode", 10);
        if (postalCode.Length != 5 || !postalCode.All(char.IsAsciiDigit))
        {
            recipient.Blame("postalCode", "must have five digits");
        }

        recipient.Text("address", 200);
        recipient.OptionalText("addressDetail", 200, charsMin: 0);
        return postalCode;
    }

    private static object ReadItem(RequestFields item)
    {
        string? name = item.OptionalText("name", 200);
        string? productId = item.OptionalText("productId", 100);
        if (name is null && productId is null)
        {
            item.Blame("name", "or productId is required");
        }

        return new { name, productId, quantity = item.Whole("quantity", 1, 10_000) };
    }

    private static void CheckPhone(RequestFields recipient)
    {
        string phone = recipient.Text("phone", 20);
        if (phone.Count(char.IsAsciiDigit) < 8 || !phone.All(c => char.IsAsciiDigit(c) || c is '-' or '+' or ' '))
        {
            recipient.Blame("phone", "must be a phone number");
        }
    }
}
