using System.ComponentModel.DataAnnotations;

namespace DoaMarket.Postgres;

/// <summary>Bounds and intervals of a process's work with PostgreSQL.</summary>
public sealed record PostgresOptions
{
    /// <summary>Connections of this process for commits; each service holds one while it handles a batch.</summary>
    [Range(2, 1_000)]
    public int MaxConnections { get; init; } = 16;

    /// <summary>Further connections of this process, for reads and claims.</summary>
    [Range(2, 1_000)]
    public int MaxReadConnections { get; init; } = 12;

    /// <summary>Messages handed over in memory per queue; the rest waits in the database for any node.</summary>
    [Range(1, 10_000)]
    public int MaxHandedOver { get; init; } = 512;

    /// <summary>How long a batch waits for documents that another node has locked.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// How long locks outlive the batch of a node that stands still; shorter than <see cref="LockTimeout"/>.
    /// </summary>
    public TimeSpan IdleInTransactionTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer of the database is awaited.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often a node says that it is there.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How old a node's heartbeat is when what it has claimed goes to others.</summary>
    public TimeSpan ClaimsVoidAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often queues are looked into when nobody has told of anything.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often queues are looked through from their beginning.</summary>
    public TimeSpan FullScanInterval { get; init; } = TimeSpan.FromSeconds(5);
}
