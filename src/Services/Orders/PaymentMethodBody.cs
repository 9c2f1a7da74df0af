using System.Text.RegularExpressions;
using DoaMarket.Api;
using DoaMarket.Contracts;

namespace DoaMarket.Orders;

/// <summary>Where a deposit goes back to if the order is cancelled, as it is sent in.</summary>
public sealed record RefundReceiveAccountBody(string Bank, string AccountNumber, string HolderName);

/// <summary>How the customer pays, as it is sent in.</summary>
/// <param name="Type">"card" or "virtual_account".</param>
/// <param name="BillingKey">With a card: the PG's key of a registered one.</param>
/// <param name="PaymentKey">Or: the PG's key of a payment authenticated in its window.</param>
/// <param name="Bank">With a virtual account: its bank.</param>
/// <param name="RefundReceiveAccount">With a virtual account: where the deposit would go back to.</param>
public sealed partial record PaymentMethodBody(
    string Type, string? BillingKey = null, string? PaymentKey = null, string? Bank = null,
    RefundReceiveAccountBody? RefundReceiveAccount = null)
{
    private const string VirtualAccount = "virtual_account";
    private const int MaxKeyLength = 200, MaxBankLength = 20, MaxNameLength = 50;

    /// <summary>Refuses what cannot be paid with; the first wrong field is named.</summary>
    /// <exception cref="ApiException">400.</exception>
    public void Check()
    {
        switch (Type)
        {
            case "card" or "billing":
                Refuse("paymentMethod.bank", Bank, VirtualAccount);
                Refuse("paymentMethod.refundReceiveAccount", RefundReceiveAccount, VirtualAccount);
                CheckKeys();
                break;
            case VirtualAccount:
                Refuse("paymentMethod.billingKey", BillingKey, "card");
                Refuse("paymentMethod.paymentKey", PaymentKey, "card");
                CheckAccount();
                break;
            default:
                throw ApiException.Field(
                    "paymentMethod.type", "\"card\" 또는 \"virtual_account\"만 가능합니다.",
                    "only \"card\" and \"virtual_account\" can be used.");
        }
    }

    /// <summary>The method that this body is.</summary>
    internal PaymentMethod ToMethod() => Type == VirtualAccount
        ? new(
            Type, Bank: Bank, RefundReceiveAccount: RefundReceiveAccount is { } back
                ? new(back.Bank, back.AccountNumber, back.HolderName)
                : null)
        : new(BillingKey is null ? "card" : "billing", BillingKey, PaymentKey);

    private void CheckKeys()
    {
        ApiText.Optional("paymentMethod.billingKey", BillingKey, MaxKeyLength);
        ApiText.Optional("paymentMethod.paymentKey", PaymentKey, MaxKeyLength);
        if (BillingKey is null == PaymentKey is null)
        {
            throw ApiException.Field(
                "paymentMethod.billingKey", "billingKey와 paymentKey 중 하나만 보내 주세요.",
                "send either billingKey or paymentKey.");
        }
    }

    private void CheckAccount()
    {
        Require("paymentMethod.bank", Bank);
        ApiText.Required("paymentMethod.bank", Bank!, MaxBankLength);
        Require("paymentMethod.refundReceiveAccount", RefundReceiveAccount);
        var back = RefundReceiveAccount!;
        ApiText.Required("paymentMethod.refundReceiveAccount.bank", back.Bank, MaxBankLength);
        ApiText.Matches(
            "paymentMethod.refundReceiveAccount.accountNumber", back.AccountNumber, AccountNumber(), "110-123-456789");
        ApiText.Required("paymentMethod.refundReceiveAccount.holderName", back.HolderName, MaxNameLength);
    }

    private static void Require(string field, object? value)
    {
        if (value is null)
        {
            throw ApiException.Field(
                field, "가상계좌 결제에는 반드시 필요합니다.", "it is required with a virtual account.");
        }
    }

    private static void Refuse(string field, object? value, string onlyWith)
    {
        if (value is not null)
        {
            throw ApiException.Field(
                field, $"\"{onlyWith}\" 결제에만 보낼 수 있습니다.", $"it can be sent with \"{onlyWith}\" only.");
        }
    }

    [GeneratedRegex(@"\A[0-9][0-9\-]{4,28}[0-9]\z")]
    private static partial Regex AccountNumber();
}
