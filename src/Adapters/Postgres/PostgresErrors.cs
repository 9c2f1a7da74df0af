using DoaMarket.Kernel;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>
/// What PostgreSQL's error codes mean to the kernel (https://www.postgresql.org/docs/15/errcodes-appendix.html).
/// </summary>
internal static class PostgresErrors
{
    private const string RolledBack = "ERROR"; // FATAL and PANIC end the session, perhaps after the commit

    /// <summary>
    /// Whether the server itself says that the transaction did not go through. After anything else (a broken
    /// connection, a time-out, a session that was ended) it may have committed.
    /// </summary>
    public static bool IsRolledBack(NpgsqlException error) =>
        error is PostgresException { InvariantSeverity: RolledBack };

    /// <summary>How a commit ended that the server has rolled back; null when it is not the commit's doing.</summary>
    public static CommitOutcome? OutcomeOf(NpgsqlException error) => error.SqlState switch
    {
        PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.DeadlockDetected => CommitOutcome.Conflict,
        ['2', '2' or '3', ..] or ['5', '4', ..] => CommitOutcome.Refused, // data, constraints, limits of a row
        _ => null,
    };

    /// <summary>
    /// Whether trying again later may help: connections, resources, operators, locks. What does not is a bug of ours.
    /// </summary>
    public static bool IsUnavailable(NpgsqlException error) => error is not PostgresException server
        || server.SqlState is ['0', '8', ..] or ['2', '5', ..] or ['4', '0', ..] or ['5', '3' or '5' or '7' or '8', ..];

    public static StoreUnavailableException Unavailable(NpgsqlException error) => new(
        error.SqlState == PostgresErrorCodes.DiskFull
            ? "PostgreSQL has no disk space left: free some. Nothing was lost; work goes on by itself."
            : $"PostgreSQL cannot be used now: {error.Message} {error.InnerException?.Message}".TrimEnd(),
        error);
}
