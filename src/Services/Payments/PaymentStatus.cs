using DoaMarket.Kernel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DoaMarket.Payments;

/// <summary>Where a payment stands.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<PaymentStatus>))]
public enum PaymentStatus
{
    /// <summary>A charge is wanted, under way, or of unknown outcome.</summary>
    Pending,

    /// <summary>The customer has a virtual account to pay into, and nothing is in it.</summary>
    AwaitingDeposit,

    /// <summary>The amount is captured.</summary>
    Completed,

    /// <summary>Nothing was captured; the charge was refused or never began.</summary>
    Failed,

    /// <summary>Nothing was captured, and a refund request was answered so.</summary>
    Cancelled,

    /// <summary>Captured, and being given back.</summary>
    Refunding,

    /// <summary>Given back by the PG, or settled by hand.</summary>
    Refunded,

    /// <summary>The PG refuses to give it back: an alert is open and a person must act.</summary>
    RefundFailed,
}

/// <summary>The names of statuses outside this code: in columns, notes and lists.</summary>
public static class PaymentStatusNames
{
    /// <summary>snake_case, as in JSON: "refund_failed".</summary>
    public static string Name(this PaymentStatus status) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());
}
