namespace DoaMarket.Kernel;

/// <summary>
/// Something outside that a document's state wants done: a card charged, a parcel registered, a mail sent. It is never
/// stored: the state says that it is wanted, and the document's timer asks again until an answer was decided upon.
/// </summary>
/// <param name="Gateway">The outside system, e.g. "pg"; each has its own bounded concurrency and
/// circuit breaker.</param>
/// <param name="Key">Idempotency key: doing it again with the same key does it once. It changes with each attempt
/// whose answer the decider has taken in.</param>
public abstract record Effect(string Gateway, string Key);

/// <summary>What came of an effect. Services add their own results.</summary>
public abstract record EffectResult;

/// <summary>Nothing was sent (circuit open, no capacity): the attempt did not happen and must not be counted.</summary>
/// <param name="RetryAfter">When it is worth asking again.</param>
/// <param name="Reason">Why, for the timeline.</param>
/// <param name="Circuit">The gateway whose open circuit held it back; null when something else did.</param>
public sealed record NotAttempted(TimeSpan RetryAfter, string Reason, string? Circuit = null) : EffectResult;

/// <summary>
/// The gateway code failed in a way it did not foresee: whether anything happened outside is unknown.
/// </summary>
/// <param name="Error">The error, for the timeline.</param>
public sealed record EffectFailed(string Error) : EffectResult;
