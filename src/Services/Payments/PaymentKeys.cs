using DoaMarket.Contracts;

namespace DoaMarket.Payments;

/// <summary>
/// The PG's keys as customers hand them in: they become part of an address, so only what can be a key is let through.
/// </summary>
internal static class PaymentKeys
{
    private const int KeyCharsMax = 200;
    private const int BankCharsMax = 20;
    private const int HolderCharsMax = 60;
    private const int AccountCharsMax = 20;

    public static bool IsCard(PaymentMethod? method) => method is { Type: "card" };

    public static bool IsVirtualAccount(PaymentMethod? method) => method is { Type: "virtual_account" };

    public static bool AreUsable(PaymentMethod method) => method switch
    {
        { Type: "billing", BillingKey: { } key } => IsKey(key),
        { Type: "card", PaymentKey: { } key } => IsKey(key),
        { Type: "virtual_account", Bank: { } bank, RefundReceiveAccount: { } back } =>
            IsText(bank, BankCharsMax) && IsText(back.Bank, BankCharsMax) && IsText(back.HolderName, HolderCharsMax)
            && back.AccountNumber.Length is > 0 and <= AccountCharsMax
            && back.AccountNumber.All(c => char.IsAsciiDigit(c) || c == '-'),
        _ => false,
    };

    private static bool IsText(string text, int charsMax) =>
        text.Trim().Length > 0 && text.Length <= charsMax && !text.Any(char.IsControl);

    private static bool IsKey(string key) =>
        key.Length is > 0 and <= KeyCharsMax && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '=');
}
