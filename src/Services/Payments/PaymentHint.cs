using System.Text.Json.Serialization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>
/// A webhook of the PG. Payment webhooks are not signed, so nothing that they say is believed: they are a reason to
/// ask.
/// </summary>
/// <param name="TransmissionId">The webhook's id, the same when it is repeated.</param>
/// <param name="Secret">What the webhook gave as the payment's secret, if anything.</param>
public sealed record PaymentHint(OrderId OrderId, string TransmissionId, string? Secret = null)
    : Request<PaymentHintTaken>;

/// <summary>The hint was taken in.</summary>
public sealed record PaymentHintTaken(HintOutcome Outcome);

/// <summary>What a hint led to. None of it is the sender's business: a webhook is answered 200 in any case.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<HintOutcome>))]
public enum HintOutcome
{
    /// <summary>The PG is asked now.</summary>
    Asked,

    /// <summary>There is no question that it could answer, or it is being asked already.</summary>
    NothingOpen,

    /// <summary>The same transmission was taken in before.</summary>
    Repeated,

    /// <summary>Its secret is not the payment's.</summary>
    Refused,

    /// <summary>There is no payment for this order.</summary>
    UnknownOrder,
}
