using System.Threading.Channels;

namespace DoaMarket.Sandbox.Store;

/// <summary>Connections that only read: they see the last commit and never wait for the writer.</summary>
internal sealed class SqlReaders : IAsyncDisposable
{
    private const int ConnectionsMax = 4;

    private readonly Channel<SqlSession> _idle = Channel.CreateBounded<SqlSession>(ConnectionsMax);
    private bool _disposed;

    /// <param name="open">Opens a reading connection; each is owned from then on.</param>
    public SqlReaders(Func<SqlSession> open)
    {
        for (int i = 0; i < ConnectionsMax; i++)
        {
            _idle.Writer.TryWrite(open());
        }
    }

    /// <summary>Runs the work on the caller's thread as soon as a connection is idle.</summary>
    /// <exception cref="ChannelClosedException">The sandbox has stopped.</exception>
    public async Task<T> RunAsync<T>(Func<SqlSession, T> work)
    {
        SqlSession session = await _idle.Reader.ReadAsync();
        try
        {
            return Read(session, work);
        }
        finally
        {
            _idle.Writer.TryWrite(session);
        }
    }

    /// <summary>Waits for the reads under way, and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        for (int i = 0; i < ConnectionsMax; i++)
        {
            (await _idle.Reader.ReadAsync()).Dispose();
        }

        _idle.Writer.Complete();
    }

    // One transaction, so that all queries of the work see the same moment.
    private static T Read<T>(SqlSession session, Func<SqlSession, T> work)
    {
        session.Run("BEGIN");
        try
        {
            return work(session);
        }
        finally
        {
            session.Run("COMMIT");
        }
    }
}
