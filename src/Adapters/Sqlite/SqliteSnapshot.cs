using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>One consistent view: a read transaction, beside which writing goes on.</summary>
public sealed class SqliteSnapshot : IStoreSnapshot
{
    private readonly SqliteSession _session;
    private readonly Action<SqliteSession> _giveBack;

    internal SqliteSnapshot(SqliteDatabase database) : this(database.RentReader(), database.ReturnReader)
    {
    }

    private SqliteSnapshot(SqliteSession session, Action<SqliteSession> giveBack)
    {
        (_session, _giveBack) = (session, giveBack);
        _session.Execute("BEGIN");
    }

    /// <summary>A view of the database in a folder, also while its owner runs.</summary>
    /// <exception cref="FileNotFoundException">There is none. The text says what to do.</exception>
    public static SqliteSnapshot OfFolder(string folder) =>
        new(SqliteDatabase.OpenReader(folder), session => session.Dispose());

    /// <inheritdoc />
    public IEnumerable<StoredDocument> Scan(DocumentKind kind) => _session.Stream(
        $"SELECT {SqliteRows.DocumentColumns} FROM {SqliteSchema.TableOf(kind)} ORDER BY key",
        row => SqliteRows.Document(kind, row));

    /// <inheritdoc />
    public IEnumerable<JournalEntry> Messages() =>
        _session.Stream(
            $"SELECT {SqliteRows.MessageColumns} FROM messages m ORDER BY m.seq", row => SqliteRows.Message(row));

    /// <inheritdoc />
    public IEnumerable<(string Queue, EventId EventId)> Pending() => _session.Stream(
        "SELECT d.queue, m.event_id FROM deliveries d JOIN messages m ON m.seq = d.seq",
        row => (row.Text(0), new EventId(row.Id(1))));

    /// <inheritdoc />
    public IEnumerable<OutboxRow> Outbox() => SqliteOutbox.All(_session);

    /// <inheritdoc />
    public IEnumerable<DeadLetter> DeadLetters() => SqliteDeadLetters.Waiting(_session);

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _session.Execute("COMMIT");
        _giveBack(_session);
        return default;
    }
}
