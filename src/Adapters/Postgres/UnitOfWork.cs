using DoaMarket.Kernel;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>
/// A batch's documents, locked in the kernel's order from the load to the commit, and that commit. Each load is one round
/// trip, and so is the commit.
/// </summary>
internal sealed class UnitOfWork(PostgresStore store) : IUnitOfWork
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(20), LongestWait = TimeSpan.FromMilliseconds(320);

    private readonly SortedSet<DocumentKey> _locked = new(DocumentKey.LockOrder);
    private readonly Dictionary<DocumentKey, StoredDocument> _documents = [];
    private NpgsqlConnection? _connection;

    public IReadOnlyDictionary<DocumentKey, StoredDocument> Documents => _documents;

    /// <summary>
    /// Locks more documents. Two batches cannot wait for each other in a circle, since everybody locks in one order: where
    /// the new ones come before those that are held, all are let go and locked again, as they are by then.
    /// </summary>
    public async ValueTask Load(IReadOnlyCollection<DocumentKey> keys, CancellationToken stop)
    {
        var more = new SortedSet<DocumentKey>(keys, DocumentKey.LockOrder);
        more.RemoveWhere(_locked.Contains);
        if (more.Count == 0)
        {
            return;
        }

        var begins = _connection is null;
        var restarts = !begins && DocumentKey.LockOrder.Compare(more.Min, _locked.Max) < 0;
        _locked.UnionWith(more);
        try
        {
            if (begins)
            {
                await Connect(stop);
            }

            var script = new Script(_connection!);
            if (restarts)
            {
                script.Do("ROLLBACK");
                _documents.Clear();
            }

            if (begins || restarts)
            {
                script.Do("BEGIN");
            }

            foreach (var ofKind in (restarts ? _locked : more).GroupBy(k => k.Kind))
            {
                script.Read(
                    DocumentSql.Of(ofKind.Key).Lock, row => Take(Rows.Document(ofKind.Key, row)),
                    Arg.Texts(ofKind.Select(k => k.Id)));
            }

            await script.Run(stop);
        }
        catch (NpgsqlException error) when (PostgresErrors.IsUnavailable(error))
        {
            await DisposeAsync();
            throw PostgresErrors.Unavailable(error);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask<CommitOutcome> Commit(UnitCommit commit, CancellationToken stop)
    {
        var begins = _connection is null;
        if (begins)
        {
            await Connect(stop);
        }

        var pending = new PendingCommit(store.Node, store.MessagesOf(commit));
        CommitOutcome outcome;
        try
        {
            outcome = await Try(pending, commit, begins);
        }
        catch (NpgsqlException error) when (!PostgresErrors.IsRolledBack(error))
        {
            return await FindOut(pending) ? CommitOutcome.Committed : throw PostgresErrors.Unavailable(error);
        }
        catch
        {
            pending.End(isCommitted: false);
            throw;
        }

        pending.End(outcome == CommitOutcome.Committed);
        return outcome;
    }

    // The pool rolls back what a connection leaves open; where the session is gone, the server has done it.
    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            try
            {
                await connection.DisposeAsync();
            }
            catch (NpgsqlException error) when (PostgresErrors.IsUnavailable(error))
            {
                // nothing to roll back
            }
        }
    }

    private void Take(StoredDocument document) => _documents[document.Key] = document;

    private async ValueTask<CommitOutcome> Try(PendingCommit pending, UnitCommit commit, bool begins)
    {
        var script = new Script(_connection!);
        if (begins)
        {
            script.Do("BEGIN");
        }

        PostgresCommit.Write(script, store.Node.Id, pending.Number, commit, pending.Messages);
        try
        {
            await script.Do("COMMIT").Run(CancellationToken.None); // what is under way is not left in the dark
            return CommitOutcome.Committed;
        }
        catch (NpgsqlException error) when (PostgresErrors.IsRolledBack(error))
        {
            return PostgresErrors.OutcomeOf(error)
                ?? throw (PostgresErrors.IsUnavailable(error) ? PostgresErrors.Unavailable(error) : error);
        }
    }

    private async ValueTask Connect(CancellationToken stop)
    {
        try
        {
            _connection = await store.Database.Durable.OpenConnectionAsync(stop);
        }
        catch (NpgsqlException error) when (PostgresErrors.IsUnavailable(error))
        {
            throw PostgresErrors.Unavailable(error);
        }
    }

    // The answer was lost, and nothing may be assumed. Where the server cannot be asked soon, the batch is kept with the
    // outcome unknown, and the store finds it out before any batch begins again.
    private async ValueTask<bool> FindOut(PendingCommit pending)
    {
        await DisposeAsync();
        for (var wait = FirstWait; ; wait *= 2)
        {
            try
            {
                return await pending.FindOut(CancellationToken.None);
            }
            catch (StoreUnavailableException unavailable) when (wait > LongestWait)
            {
                store.Database.Unknown.Add(pending);
                throw new StoreUnavailableException(unavailable.Message, unavailable) { MayHaveCommitted = true };
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(wait, TimeProvider.System, CancellationToken.None);
            }
        }
    }
}
