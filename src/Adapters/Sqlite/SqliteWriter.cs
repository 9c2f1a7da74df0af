using System.Threading.Channels;
using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>
/// The one connection that writes. Units of work of all services that wait at the same moment share one transaction and
/// one fsync, each in a savepoint of its own, so that one unit's conflict does not touch the others.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteSession _session;
    private readonly int _maxUnits;
    private readonly Channel<Unit>? _waiting;
    private readonly Thread? _thread;
    private bool _isCommitting; // of the group in hand

    /// <param name="session">The writing connection, owned from now on.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="inline">True in a simulation: every unit is a transaction of its own, on the
    /// caller's thread.</param>
    public SqliteWriter(SqliteSession session, SqliteOptions options, bool inline)
    {
        _session = session;
        _maxUnits = options.MaxUnitsPerCommit;
        if (!inline)
        {
            _waiting = Channel.CreateBounded<Unit>(new BoundedChannelOptions(options.MaxUnitsWaiting)
            {
                SingleReader = true,
                AllowSynchronousContinuations = true, // wakes the writer without a detour through a busy thread pool
            });
            _thread = new Thread(Work) { Name = "sqlite-writer", IsBackground = true };
            _thread.Start();
        }
    }

    /// <summary>
    /// Runs <paramref name="write"/> in the next transaction; what it returns comes back when that is durable.
    /// </summary>
    /// <param name="write">Writes. A <see cref="SqliteException"/> rolls back this unit alone.</param>
    /// <param name="afterCommit">Runs on the writer's thread once it is durable, in commit order.</param>
    /// <param name="stop">Stops waiting for a place; a unit that has one is written.</param>
    /// <exception cref="StoreUnavailableException">Nothing was written, and SQLite cannot write now.</exception>
    public async ValueTask<T> Run<T>(Func<SqliteSession, T> write, Action<T>? afterCommit, CancellationToken stop)
    {
        var unit = new Unit<T>(write, afterCommit);
        if (_waiting is null)
        {
            WriteGroup([unit]);
        }
        else
        {
            await _waiting.Writer.WriteAsync(unit, stop);
        }

        return await unit.Result;
    }

    /// <summary>Finishes what waits, and closes the connection.</summary>
    public void Dispose()
    {
        _waiting?.Writer.TryComplete();
        _thread?.Join();
        _session.Dispose();
    }

    private void Work()
    {
        var group = new List<Unit>(_maxUnits);
        while (_waiting!.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult()) // a thread of its own may block
        {
            while (group.Count < _maxUnits && _waiting.Reader.TryRead(out var unit))
            {
                group.Add(unit);
            }

            WriteGroup(group);
            group.Clear();
        }
    }

    private void WriteGroup(List<Unit> group)
    {
        _isCommitting = false;
        try
        {
            _session.Execute("BEGIN IMMEDIATE");
            if (group is [var alone])
            {
                WriteAlone(alone);
            }
            else
            {
                group.ForEach(WriteUnit);
                Commit();
            }
        }
        catch (SqliteException error)
        {
            // COMMIT failed, or SQLite ended the transaction by itself (disk full): nothing of the group is durable.
            if (!_session.IsAutocommit)
            {
                _session.Execute("ROLLBACK");
            }

            group.ForEach(unit => unit.Fail(SqliteErrors.Unavailable(error, _isCommitting)));
            return;
        }

        group.ForEach(unit => unit.Complete());
    }

    private void WriteUnit(Unit unit)
    {
        _session.Execute("SAVEPOINT unit");
        try
        {
            unit.Write(_session);
        }
        catch (Exception error) when (!_session.IsAutocommit)
        {
            _session.Execute("ROLLBACK TO unit");
            unit.Fail(Told(error));
        }

        _session.Execute("RELEASE unit");
    }

    // The transaction is its savepoint.
    private void WriteAlone(Unit unit)
    {
        try
        {
            unit.Write(_session);
        }
        catch (Exception error) when (!_session.IsAutocommit)
        {
            _session.Execute("ROLLBACK");
            unit.Fail(Told(error));
            return;
        }

        Commit();
    }

    private void Commit()
    {
        _isCommitting = true;
        _session.Execute("COMMIT");
    }

    private static Exception Told(Exception error) =>
        error is SqliteException sqlite && SqliteErrors.OutcomeOf(sqlite) is null
            ? SqliteErrors.Unavailable(sqlite)
            : error;

    private abstract class Unit
    {
        public abstract void Write(SqliteSession session);

        public abstract void Complete();

        public abstract void Fail(Exception error);
    }

    private sealed class Unit<T>(Func<SqliteSession, T> write, Action<T>? afterCommit) : Unit
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Exception? _error;
        private T? _written;

        public Task<T> Result => _done.Task;

        public override void Write(SqliteSession session) => _written = write(session);

        public override void Complete()
        {
            if (_error is null)
            {
                afterCommit?.Invoke(_written!);
                _done.TrySetResult(_written!);
            }
            else
            {
                _done.TrySetException(_error);
            }
        }

        public override void Fail(Exception error)
        {
            if (_error is null)
            {
                _error = error;
            }

            if (error is StoreUnavailableException)
            {
                _done.TrySetException(error);
            }
        }
    }
}
