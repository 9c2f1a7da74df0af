using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>
/// Everything in the database of a folder, for moving it elsewhere. The folder is locked meanwhile: no shop can start on it.
/// </summary>
public sealed class SqliteContents : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteSession _session;

    private SqliteContents(SqliteDatabase database) => (_database, _session) = (database, database.RentReader());

    /// <summary>What it holds; to be read once.</summary>
    public ShopContents Contents => new(
        kind => _session.Stream(
            $"SELECT {SqliteRows.DocumentColumns} FROM {SqliteSchema.TableOf(kind)} ORDER BY key",
            row => SqliteRows.Document(kind, row)),
        _session.Stream(
            $"SELECT {SqliteRows.MessageColumns}, m.environment FROM messages m ORDER BY m.seq",
            row => new SentMessage(SqliteRows.Message(row), SqliteRows.TextOrNull(row, SqliteRows.MessageWidth))),
        _session.Stream(
            "SELECT queue, seq, visible_at, receives, attempts, personal FROM deliveries ORDER BY queue, seq",
            row => new UnsettledDelivery(
                row.Text(0), row.Number(1), SqliteRows.Time(row, 2), (int)row.Number(3), (int)row.Number(4),
                SqliteRows.TextOrNull(row, 5))),
        SqliteDeadLetters.All(_session),
        _session.Stream(
            "SELECT service, at, correlation_id, subject, event_id, kind, text FROM notes ORDER BY seq",
            row => new NoteRow(
                row.Text(0), SqliteRows.Time(row, 1), new CorrelationId(row.Id(2)), SqliteRows.TextOrNull(row, 3),
                row.IsNull(4) ? null : new EventId(row.Id(4)), row.Text(5), row.Text(6))));

    /// <summary>Locks the folder and opens its database, whose tables are brought to the declared kinds first.</summary>
    /// <exception cref="FileNotFoundException">There is none. The text says what to do.</exception>
    /// <exception cref="InvalidOperationException">A process has the folder. The text says what to do.</exception>
    public static SqliteContents Open(string folder, IReadOnlyList<DocumentKind> kinds)
    {
        SqliteDatabase.OpenReader(folder).Dispose(); // a folder without a shop stays without one
        return new(SqliteDatabase.Open(new SqliteOptions { Folder = folder }, kinds));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _database.ReturnReader(_session);
        _database.Dispose();
    }
}
