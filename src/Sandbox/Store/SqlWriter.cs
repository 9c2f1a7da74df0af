using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace DoaMarket.Sandbox.Store;

/// <summary>
/// The one connection that writes, on a thread of its own. Units that wait at the same moment share one transaction,
/// each in a savepoint, so that a unit that throws undoes only itself.
/// </summary>
internal sealed class SqlWriter : IDisposable
{
    private const int UnitsWaitingMax = 1_024;
    private const int UnitsPerCommitMax = 256;

    private readonly SqlSession _session;
    private readonly Action _committed;
    private readonly Channel<Unit> _waiting;
    private readonly Thread _thread;

    /// <param name="session">The writing connection, owned from now on.</param>
    /// <param name="committed">Told after every commit, on the writer's thread; must not throw.</param>
    public SqlWriter(SqlSession session, Action committed)
    {
        _session = session;
        _committed = committed;
        _waiting = Channel.CreateBounded<Unit>(new BoundedChannelOptions(UnitsWaitingMax)
        {
            SingleReader = true,
            // Otherwise the writer's waking up would itself queue for a thread of the pool it is there to spare.
            AllowSynchronousContinuations = true,
        });
        _thread = new Thread(Work) { Name = "sandbox-writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs the work in the next transaction; ends when that is committed.</summary>
    /// <exception cref="ChannelClosedException">The sandbox has stopped.</exception>
    public async Task<T> RunAsync<T>(Func<SqlSession, T> work)
    {
        Unit<T> unit = new(work);
        await _waiting.Writer.WriteAsync(unit);
        return await unit.Result;
    }

    /// <summary>Finishes what waits, and closes the connection.</summary>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _thread.Join();
        _session.Dispose();
    }

    private void Work()
    {
        List<Unit> group = new(UnitsPerCommitMax);
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (group.Count < UnitsPerCommitMax && _waiting.Reader.TryRead(out Unit? unit))
            {
                group.Add(unit);
            }

            if (TryWrite(group))
            {
                _committed();
                group.ForEach(unit => unit.Complete());
            }

            group.Clear();
        }
    }

    private bool TryWrite(List<Unit> group)
    {
        try
        {
            _session.Run("BEGIN IMMEDIATE");
            foreach (Unit unit in group)
            {
                WriteUnit(unit);
            }

            _session.Run("COMMIT");
            return true;
        }
        catch (SqliteException failure)
        {
            // Nothing of the group is kept: the disk is full, or the file cannot be written.
            if (!IsAutocommit)
            {
                _session.Run("ROLLBACK");
            }

            group.ForEach(unit => unit.Fail(failure));
            return false;
        }
    }

    private void WriteUnit(Unit unit)
    {
        _session.Run("SAVEPOINT unit");
        try
        {
            unit.Run(_session);
        }
        catch (Exception failure) when (!IsAutocommit)
        {
            _session.Run("ROLLBACK TO unit");
            unit.Fail(failure);
        }

        _session.Run("RELEASE unit");
    }

    // True when no transaction is open: SQLite ends one by itself after some failures.
    private bool IsAutocommit => sqlite3_get_autocommit(_session.Connection.Handle) != 0;

    private abstract class Unit
    {
        public abstract void Run(SqlSession session);

        public abstract void Complete();

        public abstract void Fail(Exception failure);
    }

    private sealed class Unit<T>(Func<SqlSession, T> work) : Unit
    {
        // The caller goes on in the pool: the writer has the next group to write.
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _written = default!;

        public Task<T> Result => _done.Task;

        public override void Run(SqlSession session) => _written = work(session);

        public override void Complete() => _done.TrySetResult(_written);

        public override void Fail(Exception failure) => _done.TrySetException(failure);
    }
}
