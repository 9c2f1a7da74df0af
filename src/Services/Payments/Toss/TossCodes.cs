using System.Net;
using DoaMarket.Kernel;

namespace DoaMarket.Payments.Toss;

/// <summary>
/// What Toss's statuses and error codes mean for us, in one place. What is not listed, and what has no code that can be
/// read, is never taken for a proof that nothing happened.
/// </summary>
internal static class TossCodes
{
    private enum Meaning
    {
        /// <summary>The issuer said no to this very charge.</summary>
        Declined,

        /// <summary>The PG may have done it, may be doing it, or may do it next time: ask.</summary>
        Unknown,

        /// <summary>Nothing was begun, for want of capacity: the same again later.</summary>
        NotAttempted,
    }

    private static readonly TimeSpan TooManyRequestsWait = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, Meaning> Meanings = new(StringComparer.Ordinal)
    {
        ["REJECT_CARD_PAYMENT"] = Meaning.Declined, // limit exceeded, or not enough money
        ["REJECT_CARD_COMPANY"] = Meaning.Declined,
        ["REJECT_ACCOUNT_PAYMENT"] = Meaning.Declined,
        ["INVALID_REJECT_CARD"] = Meaning.Declined,
        ["INVALID_STOPPED_CARD"] = Meaning.Declined,
        ["INVALID_CARD_LOST_OR_STOLEN"] = Meaning.Declined,
        ["INVALID_CARD_EXPIRATION"] = Meaning.Declined,
        ["EXCEED_MAX_DAILY_PAYMENT_COUNT"] = Meaning.Declined,
        ["EXCEED_MAX_PAYMENT_AMOUNT"] = Meaning.Declined,
        ["EXCEED_MAX_AMOUNT"] = Meaning.Declined,
        ["BELOW_MINIMUM_AMOUNT"] = Meaning.Declined,

        ["ALREADY_PROCESSED_PAYMENT"] = Meaning.Unknown, // perhaps by our own earlier call
        ["DUPLICATED_ORDER_ID"] = Meaning.Unknown, // likewise
        ["ALREADY_CANCELED_PAYMENT"] = Meaning.Unknown, // likewise
        ["PROVIDER_ERROR"] = Meaning.Unknown, // HTTP 400, and yet transient
        ["FORBIDDEN_CONSECUTIVE_REQUEST"] = Meaning.Unknown,
        ["IDEMPOTENT_REQUEST_PROCESSING"] = Meaning.Unknown,

        ["TOO_MANY_REQUESTS"] = Meaning.NotAttempted,
    };

    /// <summary>What became of a call that was to do something.</summary>
    public static EffectResult OfCommand(HttpStatusCode status, TossError? error)
    {
        if (error is not { Code: { Length: > 0 } code })
        {
            return new OutcomeUnknown(Code: null, $"HTTP {(int)status} without a code that can be read");
        }

        if ((int)status is < 400 or >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict)
        {
            return new OutcomeUnknown(code, error.Message ?? code);
        }

        var reason = error.Message ?? code;
        return Meanings.TryGetValue(code, out var meaning)
            ? meaning switch
            {
                Meaning.Declined => new ChargeDeclined(code, reason),
                Meaning.NotAttempted => new NotAttempted(TooManyRequestsWait, reason),
                _ => new OutcomeUnknown(code, reason),
            }
            : new RequestRefused(code, reason);
    }

    /// <summary>What became of a read.</summary>
    public static EffectResult OfQuery(HttpStatusCode status, TossError? error) => error switch
    {
        { Code: "NOT_FOUND_PAYMENT" } when status == HttpStatusCode.NotFound => new PaymentNotFound(error.Code),
        _ => new OutcomeUnknown(error?.Code, error?.Message ?? $"HTTP {(int)status}"),
    };

    /// <summary>How a payment stands; null for a word that we do not know.</summary>
    public static PgStatus? OfStatus(string? status, long balance) => status switch
    {
        "READY" or "IN_PROGRESS" => PgStatus.Open,
        "WAITING_FOR_DEPOSIT" => PgStatus.AwaitingDeposit,
        "DONE" => PgStatus.Captured,
        "PARTIAL_CANCELED" => balance > 0 ? PgStatus.Captured : PgStatus.Canceled,
        "CANCELED" => PgStatus.Canceled,
        "ABORTED" or "EXPIRED" => PgStatus.Dead,
        _ => null,
    };
}
