using System.Text.Json.Serialization;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>What is asked of the PG.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<PgAction>))]
public enum PgAction
{
    /// <summary>Charge the customer.</summary>
    Charge,

    /// <summary>Read the payment by order id.</summary>
    Query,

    /// <summary>Give the money back.</summary>
    Refund,

    /// <summary>Close the virtual account, so that no deposit can come any more.</summary>
    Close,
}

/// <summary>The one open question of a payment.</summary>
/// <param name="Action">What is asked.</param>
/// <param name="Number">Numbers the question within the payment; part of the effect's key.</param>
/// <param name="IsAsked">True while an answer is awaited; false while it waits for its time.</param>
/// <param name="AskedAt">When it was put first: what a read says holds from here on at the earliest.</param>
/// <param name="IsAskedTwice">Whether more than one copy may be under way, so that one copy's answer does not speak
/// for the other.</param>
/// <param name="Tries">Fruitless reads in a row, for the backoff.</param>
/// <param name="HeldAt">The gateway whose open circuit holds it back; null when none does.</param>
public sealed record PgCall(
    PgAction Action, int Number, bool IsAsked, DateTimeOffset AskedAt, bool IsAskedTwice, int Tries,
    string? HeldAt = null)
{
    /// <summary>
    /// Whether a webhook came while the answer was awaited: the answer may be older than what it tells, so that "no such
    /// payment" proves nothing.
    /// </summary>
    public bool IsHinted { get; init; }
}

/// <summary>How a payment puts its questions, one at a time, each with a timer behind it.</summary>
internal static class Asking
{
    /// <summary>Puts a new question now.</summary>
    public static Payment Ask(
        this Payment payment, PgAction action, DateTimeOffset now, PaymentsOptions options) => payment with
        {
            Calls = payment.Calls + 1,
            Call = new(action, payment.Calls + 1, IsAsked: true, now, IsAskedTwice: false, payment.Call?.Tries ?? 0),
            WakeAt = now + options.AnswerWithin,
        };

    /// <summary>Puts the same question again: its answer is overdue.</summary>
    public static Payment AskAgain(this Payment payment, DateTimeOffset now, PaymentsOptions options) =>
        payment.MaybeAskedTwice() with { WakeAt = now + options.AnswerWithin };

    /// <summary>
    /// A commit that leaves a question open may start another copy of it in another process, so that a copy's "not
    /// attempted" proves nothing any more.
    /// </summary>
    public static Payment MaybeAskedTwice(this Payment payment) =>
        payment.Call is { IsAsked: true } call ? payment with { Call = call with { IsAskedTwice = true } } : payment;

    /// <summary>Puts the next question at <paramref name="at"/>.</summary>
    public static Payment AskAt(this Payment payment, PgAction action, DateTimeOffset at, int tries) => payment with
    {
        Call = new(action, payment.Calls, IsAsked: false, at, IsAskedTwice: false, tries),
        WakeAt = at,
    };

    /// <summary>Reads the payment after the next backoff.</summary>
    public static Payment QueryLater(this Payment payment, DateTimeOffset now, PaymentsOptions options)
    {
        var tries = (payment.Call?.Tries ?? 0) + 1;
        return payment.AskAt(PgAction.Query, now + options.QueryWait(tries, payment.Id.Value), tries);
    }

    /// <summary>
    /// Puts a question again that was not put: no attempt counts. A read that was held back waits no shorter than its
    /// backoff.
    /// </summary>
    public static Payment NotAsked(
        this Payment payment, NotAttempted notAttempted, DateTimeOffset now, PaymentsOptions options)
    {
        var call = payment.Call ?? throw new InvalidOperationException("Nothing was asked.");
        var wait = notAttempted.RetryAfter > options.ShortestWait ? notAttempted.RetryAfter : options.ShortestWait;
        if (call.Action == PgAction.Query && call.Tries > 0)
        {
            var backoff = options.QueryWait(call.Tries, payment.Id.Value);
            wait = wait > backoff ? wait : backoff;
        }

        var held = payment.AskAt(call.Action, now + wait, call.Tries);
        return held with { Call = held.Call! with { HeldAt = notAttempted.Circuit } };
    }

    /// <summary>Nothing is open any more.</summary>
    public static Payment Rest(this Payment payment) => payment with
    {
        Call = null,
        WakeAt = null,
        IsAdopting = false,
    };

    /// <summary>Whether this is the answer that is awaited; if not, it is late, or a copy's.</summary>
    public static bool Awaits(this Payment payment, Effect effect) =>
        payment.Call is { IsAsked: true } call && EffectKey(payment, call) == effect.Key;

    /// <summary>The effect's key: another for each question whose answer was taken in.</summary>
    public static string EffectKey(Payment payment, PgCall call) => $"{payment.Id}/{call.Number}";

    /// <summary>Writes the payment.</summary>
    public static Decision Save(this Decision decision, Payment payment) =>
        decision.Put(PaymentKinds.Payments, payment.Id, payment with { UpdatedAt = decision.Occasion.Now });
}
