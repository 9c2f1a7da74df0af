using System.Text.Json;
using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>
/// The journal is the table of messages. Where they travel in the same database they were written there once, in the commit
/// that sent them.
/// </summary>
public sealed class SqliteJournal(SqliteDatabase database) : IJournal
{
    /// <inheritdoc />
    public async ValueTask Append(IReadOnlyList<WireMessage> messages, CancellationToken stop) =>
        await database.Writer.Run(
            session =>
            {
                foreach (var message in messages)
                {
                    SqliteCommit.Insert(session, database, message);
                }

                return messages.Count;
            },
            null,
            stop);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<JournalEntry>> ByCorrelation(CorrelationId id, int limit, CancellationToken stop) =>
        new(database.Read(session => session.Query(
            $"SELECT {SqliteRows.MessageColumns} FROM messages m WHERE m.correlation_id = $1 ORDER BY m.seq LIMIT $2",
            row => SqliteRows.Message(row), id.Value, limit)));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<JournalEntry>> BySubject(string subject, int limit, CancellationToken stop) =>
        new(database.Read(session => session.Query(
            $"SELECT {SqliteRows.MessageColumns} FROM messages m WHERE m.subject = $1 ORDER BY m.seq LIMIT $2",
            row => SqliteRows.Message(row), subject, limit)));

    /// <inheritdoc />
    public ValueTask<long> Head(CancellationToken stop) =>
        new(database.Read(session => session.Number("SELECT max(seq) FROM messages") ?? 0));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<JournalEntry>> After(
        long sequence, long through, IReadOnlyList<string> types, int limit, CancellationToken stop) =>
        new(database.Read(session => session.Query(
            $"SELECT {SqliteRows.MessageColumns} FROM messages m WHERE m.seq > $1 AND m.seq <= $2 "
            + "AND m.event_type IN (SELECT value FROM json_each($3)) ORDER BY m.seq LIMIT $4",
            row => SqliteRows.Message(row), sequence, through, JsonSerializer.Serialize(types), limit)));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<NoteRow>> Notes(CorrelationId id, int limit, CancellationToken stop) =>
        new(database.Read(session => session.Query(
            "SELECT service, at, correlation_id, subject, event_id, kind, text FROM notes "
            + "WHERE correlation_id = $1 ORDER BY seq LIMIT $2",
            row => new NoteRow(
                row.Text(0), SqliteRows.Time(row, 1), new CorrelationId(row.Id(2)),
                SqliteRows.TextOrNull(row, 3), row.IsNull(4) ? null : new EventId(row.Id(4)),
                row.Text(5), row.Text(6)),
            id.Value, limit)));
}
