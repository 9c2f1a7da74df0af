namespace DoaMarket.Kernel;

/// <summary>
/// What a decider is asked to decide: a message, a timer, an outside answer, or a request of this process. It carries
/// everything nondeterministic, so that the decider itself has neither clock nor chance.
/// </summary>
/// <param name="Id">The id that all ids produced here derive from: made of a message's eventId and the
/// service that decides.</param>
/// <param name="Now">The time of the batch, UTC.</param>
/// <param name="Trail">The request that it belongs to; produced messages inherit it.</param>
public abstract record Occasion(Guid Id, DateTimeOffset Now, Trail Trail)
{
    /// <summary>When this process began to handle messages; deadlines count from here at the earliest.</summary>
    public DateTimeOffset ProcessStartedAt { get; init; }

    /// <summary>An id derived from this occasion for a named purpose.</summary>
    public Guid Derive(string purpose) => DerivedId.From(Id, purpose);
}

/// <summary>A message was received.</summary>
public sealed record Incoming<T>(Envelope Envelope, T Message, DateTimeOffset Now)
    : Occasion(Envelope.EventId.Value, Now, Trail.Of(Envelope)) where T : IMessage;

/// <summary>A document's timer is due.</summary>
/// <param name="Key">The document's key within its kind.</param>
/// <param name="State">The document.</param>
public sealed record Due<T>(Guid Id, DateTimeOffset Now, Trail Trail, string Key, T State) : Occasion(Id, Now, Trail)
    where T : class;

/// <summary>An outside system has answered.</summary>
/// <param name="Key">The document's key within its kind.</param>
/// <param name="State">The document as it is now; it may have moved on since it asked.</param>
/// <param name="Effect">What was asked.</param>
/// <param name="Result">What came back.</param>
public sealed record Answer<T>(
    Guid Id, DateTimeOffset Now, Trail Trail, string Key, T State, Effect Effect, EffectResult Result)
    : Occasion(Id, Now, Trail) where T : class;

/// <summary>
/// A request of this process: an API call, a webhook, an operator's action. Its answer is a
/// <typeparamref name="TReply"/>.
/// </summary>
/// <param name="Id">Made at the edge.</param>
/// <param name="Trail">Who asks, and in which trace.</param>
/// <param name="Body">What is asked.</param>
public sealed record Asked<TRequest, TReply>(Guid Id, DateTimeOffset Now, Trail Trail, TRequest Body)
    : Occasion(Id, Now, Trail)
    where TRequest : Request<TReply>;

/// <summary>A request that a service's loop decides like a message and answers after the commit.</summary>
public abstract record Request<TReply>;
