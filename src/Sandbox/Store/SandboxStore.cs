using Microsoft.Data.Sqlite;

namespace DoaMarket.Sandbox.Store;

/// <summary>
/// The sandbox's database: one writer, so SQLite never reports a busy database, and readers beside it. An effect and
/// its journal row are one commit.
/// </summary>
internal sealed class SandboxStore : IAsyncDisposable
{
    private readonly SqlWriter _writer;
    private readonly SqlReaders _readers;

    /// <param name="dataFile">The SQLite file; made with its folder when it is not there.</param>
    /// <param name="committed">Told after every commit, on the writer's thread; must not throw.</param>
    public SandboxStore(string dataFile, Action committed)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(dataFile)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        SqlSession session = SqlSession.Open(dataFile, SqliteOpenMode.ReadWriteCreate);
        // WAL with synchronous=NORMAL keeps every commit of a killed process; only a power cut may lose the last.
        session.Row("PRAGMA journal_mode = WAL", row => row.GetString(0));
        session.Run("PRAGMA synchronous = NORMAL");
        // The disk is only waited for at checkpoints: make them rare (about 40 MB of log).
        session.Row("PRAGMA wal_autocheckpoint = 10000", row => row.GetInt64(0));
        session.Run("PRAGMA foreign_keys = ON");
        // Savepoints keep what they may have to undo in memory instead of a file.
        session.Run("PRAGMA temp_store = MEMORY");
        // 32 MB: payment and idempotency keys are random, so their index pages are wanted all over the file.
        session.Run("PRAGMA cache_size = -32768");
        session.Run(Schema());
        _writer = new SqlWriter(session, committed);
        _readers = new SqlReaders(() => SqlSession.Open(dataFile, SqliteOpenMode.ReadOnly));
    }

    /// <summary>Runs the work in a transaction and ends when it is committed; if it throws, nothing stays.</summary>
    /// <param name="work">Runs on the writer's thread: short, and waiting for nothing.</param>
    public Task<T> WriteAsync<T>(Func<SqlSession, T> work) => _writer.RunAsync(work);

    /// <summary>Reads committed state, all of it as of one moment; the work cannot change anything.</summary>
    public Task<T> ReadAsync<T>(Func<SqlSession, T> work) => _readers.RunAsync(work);

    /// <summary>Finishes what was begun and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync();
        _writer.Dispose();
    }

    private static string Schema()
    {
        using Stream stream = typeof(SandboxStore).Assembly.GetManifestResourceStream("schema.sql")
            ?? throw new InvalidOperationException("The sandbox's schema.sql is not embedded.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
