using System.Globalization;
using DoaMarket.Kernel;
using Microsoft.Extensions.Logging;

namespace DoaMarket.Postgres;

/// <summary>
/// This process among those that work on the database: what it claims carries its number, and its commits are counted,
/// so that one whose answer is lost can be looked up. It says every few seconds that it is there; who has not said so
/// for a while has lost its claims.
/// </summary>
public sealed class PostgresNode
{
    private const string Forget = "DELETE FROM messaging.commits WHERE node = $1 AND number < $2";

    // Long after anybody of theirs could still ask how a commit ended.
    private const string ForgetOthers = """
        WITH gone AS (DELETE FROM messaging.nodes WHERE heartbeat_at < now() - interval '1 day' RETURNING id)
        DELETE FROM messaging.commits c USING gone WHERE c.node = gone.id
        """;

    private readonly PostgresDatabase _database;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly SortedSet<long> _underWay = [];
    private long _lastNumber;

    private PostgresNode(PostgresDatabase database, int id, string name, ILogger log) =>
        (_database, Id, Name, _log) = (database, id, name, log);

    /// <summary>Its number; no other process ever has it.</summary>
    public int Id { get; }

    /// <summary>Its name, for people.</summary>
    public string Name { get; }

    /// <summary>Takes a number.</summary>
    public static async Task<PostgresNode> Join(
        PostgresDatabase database, string name, ILogger<PostgresNode> log, CancellationToken stop)
    {
        var ids = new List<int>();
        await database.Tell(
            script => script.Read(
                "INSERT INTO messaging.nodes (name) VALUES ($1) RETURNING id", row => ids.Add(row.GetInt32(0)),
                Arg.Text(name)),
            stop);
        return new(database, ids[0], name, log);
    }

    /// <summary>Says that this process is there, until stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(_database.Options.Heartbeat);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                await Beat(stop);
            }
            catch (StoreUnavailableException error)
            {
                _log.LogWarning("Node {Node} cannot say that it is there: {Reason}", Id, error.Message);
            }
        }
    }

    /// <summary>Numbers of the processes that have said lately that they are there, this one's included.</summary>
    /// <exception cref="StoreUnavailableException">The database does not answer.</exception>
    public async ValueTask<IReadOnlyList<int>> Present(CancellationToken stop) => await _database.Query(
        "SELECT id FROM messaging.nodes WHERE id = $1 OR heartbeat_at > clock_timestamp() - $2", row => row.GetInt32(0),
        stop, Arg.Int(Id), Arg.Span(_database.Options.ClaimsVoidAfter));

    /// <summary>Leaves: what it still has claimed is free at once.</summary>
    public ValueTask Leave(CancellationToken stop) => _database.Tell(
        script => script.Do("DELETE FROM messaging.nodes WHERE id = $1", Arg.Int(Id)), stop);

    /// <summary>Names a commit; it is kept on record until <see cref="Ended"/>.</summary>
    internal long Begin()
    {
        lock (_gate)
        {
            _underWay.Add(++_lastNumber);
            return _lastNumber;
        }
    }

    /// <summary>It is known how the commit ended.</summary>
    internal void Ended(long number)
    {
        lock (_gate)
        {
            _underWay.Remove(number);
        }
    }

    /// <summary>
    /// Whether a commit went through whose answer was lost. Asking settles it: a commit that has not reached the server
    /// by now finds its number taken, and one that is being made is waited for.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It cannot be told now.</exception>
    internal async ValueTask<bool> IsCommitted(long number, CancellationToken stop)
    {
        var isCommitted = false;
        await _database.Tell(
            script => script
                .Do(
                    "INSERT INTO messaging.commits (node, number, is_lost) VALUES ($1, $2, true) ON CONFLICT DO NOTHING",
                    Arg.Int(Id), Arg.Number(number))
                .Read(
                    "SELECT NOT is_lost FROM messaging.commits WHERE node = $1 AND number = $2",
                    row => isCommitted = row.GetBoolean(0), Arg.Int(Id), Arg.Number(number)),
            stop);
        return isCommitted;
    }

    internal async Task Beat(CancellationToken stop)
    {
        long oldest;
        lock (_gate)
        {
            oldest = _underWay.Count > 0 ? _underWay.Min : _lastNumber + 1;
        }

        await _database.Ask(
            script => script
                .Do(
                    "INSERT INTO messaging.nodes (id, name) OVERRIDING SYSTEM VALUE VALUES ($1, $2) "
                    + "ON CONFLICT (id) DO UPDATE SET heartbeat_at = clock_timestamp()",
                    Arg.Int(Id), Arg.Text(Name))
                .Do(Forget, Arg.Int(Id), Arg.Number(oldest))
                .Do(ForgetOthers),
            stop);
    }

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Id})");
}
