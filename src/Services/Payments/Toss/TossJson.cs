using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using DoaMarket.Contracts;

namespace DoaMarket.Payments.Toss;

internal sealed record TossBillingCharge(string CustomerKey, long Amount, string OrderId, string OrderName);

internal sealed record TossConfirm(string PaymentKey, string OrderId, long Amount);

internal sealed record TossIssue(
    long Amount, string OrderId, string OrderName, string CustomerName, string Bank, string DueDate);

internal sealed record TossCancel(
    string CancelReason, long? CancelAmount, long? RefundableAmount, RefundReceiveAccount? RefundReceiveAccount);

internal sealed record TossAccount(string? BankCode, string? AccountNumber, string? DueDate);

internal sealed record TossPayment(
    string? PaymentKey,
    string? OrderId,
    string? Status,
    string? Currency,
    decimal? TotalAmount,
    decimal? BalanceAmount,
    string? LastTransactionKey,
    string? Secret,
    IReadOnlyList<TossRefund?>? Cancels,
    TossAccount? VirtualAccount);

internal sealed record TossRefund(
    decimal? CancelAmount, string? CancelReason, string? CancelStatus, string? TransactionKey);

internal sealed record TossError(string? Code, string? Message);

/// <summary>
/// Toss's JSON. Members that we do not know are left alone (Toss adds some now and then); a member given twice is
/// refused.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(TossBillingCharge))]
[JsonSerializable(typeof(TossConfirm))]
[JsonSerializable(typeof(TossIssue))]
[JsonSerializable(typeof(TossCancel))]
[JsonSerializable(typeof(TossPayment))]
[JsonSerializable(typeof(TossError))]
[JsonSerializable(typeof(List<TossTransaction>))]
internal sealed partial class TossJson : JsonSerializerContext
{
    /// <summary>The error in a body; null when the body is something else.</summary>
    public static TossError? ReadError(string body) => TryRead(body, Default.TossError);

    /// <summary>The payment in a body; null when the body is something else.</summary>
    public static TossPayment? ReadPayment(string body) => TryRead(body, Default.TossPayment);

    private static T? TryRead<T>(string body, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null; // the caller treats what cannot be read as an unknown outcome
        }
    }
}
