using System.Security.Cryptography;
using System.Text;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>
/// Webhooks: they wake a read of an unknown charge at once, and make a payment that is thought to be over look again.
/// </summary>
public static class Hinting
{
    /// <summary>Takes a hint in.</summary>
    public static Decision Request(Documents documents, Asked<PaymentHint, PaymentHintTaken> m, PaymentsOptions options)
    {
        var d = Decision.On(m);
        var hint = m.Body;
        if (documents.Find(PaymentKinds.Payments, PaymentId.Of(hint.OrderId)) is not { } payment)
        {
            return d.Answer(new PaymentHintTaken(HintOutcome.UnknownOrder));
        }

        if (!HasSecretOf(payment, hint))
        {
            return d.Remark("hint_refused", $"Webhook {hint.TransmissionId} has another secret.")
                .Answer(new PaymentHintTaken(HintOutcome.Refused));
        }

        if (payment.Hints.Contains(hint.TransmissionId, StringComparer.Ordinal))
        {
            return d.Answer(new PaymentHintTaken(HintOutcome.Repeated));
        }

        if (!MayAsk(payment))
        {
            return d.Answer(new PaymentHintTaken(HintOutcome.NothingOpen));
        }

        // The charge is being read already: the answer is awaited, and believed less.
        if (payment is { Status: PaymentStatus.Pending, Call.IsAsked: true })
        {
            var noted = payment.MaybeAskedTwice() with
            {
                Hints = Remember(payment.Hints, hint.TransmissionId, options.HintsRemembered),
            };
            return d.Save(noted with { Call = noted.Call! with { IsHinted = true } })
                .Answer(new PaymentHintTaken(HintOutcome.Asked));
        }

        return d.Save((payment with { Hints = Remember(payment.Hints, hint.TransmissionId, options.HintsRemembered) })
                .Ask(PgAction.Query, m.Now, options))
            .Answer(new PaymentHintTaken(HintOutcome.Asked));
    }

    /// <summary>A look at a payment that is over showed nothing new, or nothing yet.</summary>
    internal static Decision Undecided(
        Decision d, Payment payment, EffectResult result, PaymentsOptions options) => result switch
        {
            NotAttempted notAttempted => d.Save(payment.NotAsked(notAttempted, d.Occasion.Now, options)),
            PaymentNotFound or PaymentFound { Status: not PgStatus.Open } =>
                d.Remark("hint_checked", $"Nothing to do: {Answers.Describe(result)}.").Save(payment.Rest()),
            _ => d.Save(payment.QueryLater(d.Occasion.Now, options)),
        };

    // In a refund nothing is hastened: whoever can send unsigned webhooks could burn its attempts.
    private static bool MayAsk(Payment payment) => payment.Status switch
    {
        // Nothing is open where the PG has another amount: it may have been put right there.
        PaymentStatus.Pending => payment.Call is null or { Action: PgAction.Query },

        // The read under way may be older than the deposit; the closing of an account tells itself what it met.
        PaymentStatus.AwaitingDeposit => payment.Call is not { Action: PgAction.Close },

        // A bank may take a deposit back.
        PaymentStatus.Completed => payment.Account is not null,

        // A read already under way may be older than what the webhook tells: these are read once more.
        PaymentStatus.Failed or PaymentStatus.Cancelled or PaymentStatus.RefundFailed => true,
        PaymentStatus.Refunded => payment.SettlementReason is not null,
        _ => false,
    };

    private static bool HasSecretOf(Payment payment, PaymentHint hint) =>
        hint.Secret is null || payment.WebhookSecret is null || CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(hint.Secret), Encoding.UTF8.GetBytes(payment.WebhookSecret));

    private static IReadOnlyList<string> Remember(IReadOnlyList<string> hints, string transmission, int hintsMax) =>
        [.. hints.Append(transmission).TakeLast(hintsMax)];
}
