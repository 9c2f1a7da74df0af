using DoaMarket.Contracts;

namespace DoaMarket.Payments;

/// <summary>
/// The PG's keys as customers hand them in: they become part of an address, so only what can be a key is let through.
/// </summary>
internal static class PaymentKeys
{
    private const int KeyCharsMax = 200;

    public static bool IsCard(PaymentMethod? method) => method is { Type: "card" };

    public static bool AreUsable(PaymentMethod method) => method switch
    {
        { Type: "billing", BillingKey: { } key } => IsKey(key),
        { Type: "card", PaymentKey: { } key } => IsKey(key),
        _ => false,
    };

    private static bool IsKey(string key) =>
        key.Length is > 0 and <= KeyCharsMax && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '=');
}
