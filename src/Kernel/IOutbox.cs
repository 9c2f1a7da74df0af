namespace DoaMarket.Kernel;

/// <summary>A message that is durable and that the broker does not have for sure yet.</summary>
/// <param name="Sequence">Its number in the outbox; none is given twice.</param>
/// <param name="CommittedAt">When it was committed.</param>
/// <param name="ClaimedUntil">Until when the process that holds it may publish it.</param>
/// <param name="Message">The message, personal data masked: so the journal gets it.</param>
/// <param name="PersonalBody">The full payload when it has personal data: so its receivers get it.</param>
/// <param name="To">The one queue that it goes to, when it is redriven; null sends it by its rule and to the journal.</param>
public sealed record OutboxRow(
    long Sequence, DateTimeOffset CommittedAt, DateTimeOffset ClaimedUntil, WireMessage Message, byte[]? PersonalBody,
    string? To)
{
    /// <summary>The message as its receivers get it.</summary>
    public WireMessage ForReceivers => PersonalBody is null ? Message : Message with { Body = PersonalBody };
}

/// <summary>How much waits in an outbox.</summary>
/// <param name="Rows">How many rows; counted no further than asked.</param>
/// <param name="OldestCommittedAt">When the oldest was committed; null when it is empty.</param>
public sealed record OutboxStatus(int Rows, DateTimeOffset? OldestCommittedAt);

/// <summary>
/// The messages that a store's commits have made durable, until the broker has them. Part of a store that works with an
/// <see cref="IBroker"/>: its commits write their <see cref="UnitCommit.Messages"/> here, in the same transaction, instead of
/// making deliveries, and so is what a redriven dead letter sends. The journal's table is not written by such commits.
/// </summary>
/// <remarks>
/// A row is claimed from its birth, until <see cref="KernelOptions.OutboxClaim"/> after its commit, by the process that
/// committed it, which gets it from memory and publishes it at once. When that process ends or the broker is away, the
/// claim runs out, and any process that shares the store takes it with <see cref="Claim"/>. A row that is published twice for
/// it does no harm: messages arrive at least once. Rows are small in number, so claims are looked for by scanning from the
/// oldest; no index on them is needed.
/// </remarks>
public interface IOutbox
{
    /// <summary>
    /// Has <paramref name="take"/> called with the rows of each commit of this process when they are durable, in the order of
    /// the commits. It must return at once. A commit whose outcome was unknown may be missing: its rows are found by
    /// <see cref="Claim"/>.
    /// </summary>
    void OnCommit(Action<IReadOnlyList<OutboxRow>> take);

    /// <summary>
    /// Claims the oldest rows whose claim has run out <paramref name="now"/>, at most <paramref name="max"/>, until
    /// <paramref name="until"/>. Two processes never hold the same row at the same time.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was claimed.</exception>
    ValueTask<IReadOnlyList<OutboxRow>> Claim(
        int max, DateTimeOffset now, DateTimeOffset until, CancellationToken stop);

    /// <summary>Removes rows that the broker has; rows that are gone already are left out. In one statement.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was removed.</exception>
    ValueTask Remove(IReadOnlyList<OutboxRow> rows, CancellationToken stop);

    /// <summary>How much waits, counted up to <paramref name="countAtMost"/>.</summary>
    ValueTask<OutboxStatus> Status(int countAtMost, CancellationToken stop);
}
