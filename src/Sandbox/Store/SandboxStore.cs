using Microsoft.Data.Sqlite;

namespace DoaMarket.Sandbox.Store;

/// <summary>
/// The sandbox's only database connection, behind a lock: one writer, so SQLite never reports a busy database, and an
/// effect and its journal row are one commit.
/// </summary>
internal sealed class SandboxStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly SqlSession _session;

    public SandboxStore(string dataFile)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(dataFile)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        _connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = dataFile, Pooling = false }.ConnectionString);
        _connection.Open();
        _session = new SqlSession(_connection);
        // WAL with synchronous=NORMAL keeps every commit of a killed process; only a power cut may lose the last.
        _session.Row("PRAGMA journal_mode = WAL", row => row.GetString(0));
        _session.Run("PRAGMA synchronous = NORMAL");
        // The disk is only waited for at checkpoints: make them rare (about 40 MB of log).
        _session.Row("PRAGMA wal_autocheckpoint = 10000", row => row.GetInt64(0));
        _session.Run("PRAGMA foreign_keys = ON");
        _session.Run("PRAGMA busy_timeout = 5000");
        _session.Run(Schema());
    }

    /// <summary>Runs the work in one transaction; nothing of it stays when it throws.</summary>
    public T Write<T>(Func<SqlSession, T> work)
    {
        lock (_gate)
        {
            _session.Run("BEGIN IMMEDIATE");
            try
            {
                T result = work(_session);
                _session.Run("COMMIT");
                return result;
            }
            catch
            {
                _session.Run("ROLLBACK");
                throw;
            }
        }
    }

    /// <summary>Reads committed state; the work must not change anything.</summary>
    public T Read<T>(Func<SqlSession, T> work)
    {
        lock (_gate)
        {
            return work(_session);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _session.Dispose();
            _connection.Dispose();
        }
    }

    private static string Schema()
    {
        using Stream stream = typeof(SandboxStore).Assembly.GetManifestResourceStream("schema.sql")
            ?? throw new InvalidOperationException("The sandbox's schema.sql is not embedded.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
