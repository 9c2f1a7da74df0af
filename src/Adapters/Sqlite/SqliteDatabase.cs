using System.Collections.Concurrent;
using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>
/// The embedded database: one file in a folder that is locked to this process, one writing connection, a few reading
/// ones.
/// </summary>
public sealed class SqliteDatabase : IDisposable
{
    /// <summary>Name of the database in its folder.</summary>
    public const string FileName = "doa.db";

    private const string LockName = "lock";
    private readonly ConcurrentBag<SqliteSession> _idleReaders = [];
    private readonly SqliteOptions _options;
    private readonly FileStream? _lock;
    private readonly SqliteSession? _shared;
    private readonly string _dataSource;

    private SqliteDatabase(SqliteOptions options, IReadOnlyList<DocumentKind> kinds, FileStream? dataLock)
    {
        _options = options;
        _lock = dataLock;
        _dataSource = options.Folder is null ? ":memory:" : Path.Combine(options.Folder, FileName);
        var session = new SqliteSession(_dataSource, readOnly: false);
        session.Execute("PRAGMA journal_mode=WAL");
        session.Execute("PRAGMA synchronous=FULL"); // an acknowledged commit survives a power cut
        session.Execute("PRAGMA wal_autocheckpoint=4000"); // pages
        try
        {
            SqliteSchema.Create(session, kinds);
        }
        catch
        {
            session.Dispose(); // undoes what it had begun
            dataLock?.Dispose();
            throw;
        }

        _shared = options.Folder is null ? session : null;
        LastMessage = session.Number("SELECT max(seq) FROM messages") ?? 0;
        LastOutboxRow = session.Number("SELECT max(seq) FROM outbox") ?? 0;
        Writer = new SqliteWriter(session, options, inline: options.Folder is null);
    }

    internal SqliteWriter Writer { get; }

    internal SqliteOptions Options => _options;

    /// <summary>Number of the newest message; counted on by the writer's thread only.</summary>
    internal long LastMessage { get; set; }

    /// <summary>Number of the newest row of the outbox; likewise.</summary>
    internal long LastOutboxRow { get; set; }

    /// <summary>Opens the database, making what is missing.</summary>
    /// <exception cref="InvalidOperationException">
    /// Another process has the folder. The text says what to do.
    /// </exception>
    /// <exception cref="StoreUnavailableException">The tables cannot be made now, e.g. because the disk is full.</exception>
    public static SqliteDatabase Open(SqliteOptions options, IReadOnlyList<DocumentKind> kinds)
    {
        if (options.Folder is null)
        {
            return new SqliteDatabase(options, kinds, null);
        }

        Directory.CreateDirectory(options.Folder);
        var path = Path.Combine(options.Folder, LockName);
        try
        {
            return new SqliteDatabase(
                options, kinds, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error)
        {
            throw InUse(options.Folder, error);
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Unavailable(error);
        }
    }

    /// <summary>Whether a process has the folder's database open.</summary>
    public static bool IsInUse(string folder)
    {
        var path = Path.Combine(folder, LockName);
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using var free = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>What to say when another process has the folder.</summary>
    public static InvalidOperationException InUse(string folder, Exception? cause = null) => new(
        $"The data folder '{Path.GetFullPath(folder)}' is in use by another process. "
        + "Stop that one, or choose another folder with --data.",
        cause);

    /// <summary>Opens an existing database for reading beside the process that owns it (for audits).</summary>
    /// <exception cref="FileNotFoundException">There is no database in the folder.</exception>
    internal static SqliteSession OpenReader(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path)
            ? new SqliteSession(path, readOnly: true)
            : throw new FileNotFoundException(
                $"There is no database in '{Path.GetFullPath(folder)}'. Name the folder with --data.", path);
    }

    /// <summary>Empties a database in memory, so that a simulation need not make its tables anew.</summary>
    internal void Empty()
    {
        var session = _shared ?? throw new InvalidOperationException("Only a database in memory may be emptied.");
        var tables = session.Query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", row => row.Text(0));
        session.Execute("BEGIN");
        foreach (var table in tables)
        {
            session.Execute($"DELETE FROM {table}");
        }

        session.Execute("COMMIT");
        (LastMessage, LastOutboxRow) = (0, 0);
    }

    /// <summary>Reads with one of the reading connections.</summary>
    internal T Read<T>(Func<SqliteSession, T> read)
    {
        if (_shared is not null)
        {
            return read(_shared);
        }

        SqliteSession? session = null;
        try
        {
            session = RentReader();
            return read(session);
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Unavailable(error);
        }
        finally
        {
            if (session is not null)
            {
                ReturnReader(session);
            }
        }
    }

    internal SqliteSession RentReader() =>
        _shared ?? (_idleReaders.TryTake(out var session) ? session : new SqliteSession(_dataSource, readOnly: true));

    internal void ReturnReader(SqliteSession session)
    {
        if (session != _shared)
        {
            if (_idleReaders.Count < _options.MaxIdleReaders)
            {
                _idleReaders.Add(session);
            }
            else
            {
                session.Dispose();
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // Readers first: only a writing connection that is the last to close folds the log back into the file.
        while (_idleReaders.TryTake(out var session))
        {
            session.Dispose();
        }

        Writer.Dispose();

        _lock?.Dispose();
    }
}
