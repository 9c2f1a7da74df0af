using DoaMarket.Kernel;

namespace DoaMarket.Postgres;

/// <summary>The journal is the table of messages: written once, in the commit that sent them.</summary>
public sealed class PostgresJournal(PostgresDatabase database) : IJournal
{
    private const string Select = $"SELECT {Rows.MessageColumns} FROM messaging.messages m";

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<JournalEntry>> ByCorrelation(
        CorrelationId id, int limit, CancellationToken stop) => await database.Query(
        $"{Select} WHERE m.correlation_id = $1 ORDER BY m.seq LIMIT $2", row => Rows.Message(row), stop,
        Arg.Id(id.Value), Arg.Number(limit));

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<JournalEntry>> BySubject(
        string subject, int limit, CancellationToken stop) => await database.Query(
        $"{Select} WHERE m.subject = $1 ORDER BY m.seq LIMIT $2", row => Rows.Message(row), stop, Arg.Text(subject),
        Arg.Number(limit));

    /// <inheritdoc />
    /// <remarks>
    /// Numbers are given out before commits, so a message may appear after one with a higher number. Waiting for those who
    /// are writing makes the answer a true end: whatever lies before it is there.
    /// </remarks>
    public async ValueTask<long> Head(CancellationToken stop)
    {
        var head = 0L;
        await database.Ask(
            script => script
                .Do("BEGIN")
                .Do("LOCK TABLE messaging.messages IN SHARE MODE")
                .Read("SELECT coalesce(max(seq), 0) FROM messaging.messages", row => head = row.GetInt64(0))
                .Do("COMMIT"),
            stop);
        return head;
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<JournalEntry>> After(
        long sequence, long through, IReadOnlyList<string> types, int limit, CancellationToken stop) =>
        await database.Query(
            $"{Select} WHERE m.seq > $1 AND m.seq <= $2 AND m.event_type = ANY($3) ORDER BY m.seq LIMIT $4",
            row => Rows.Message(row), stop, Arg.Number(sequence), Arg.Number(through), Arg.Texts(types),
            Arg.Number(limit));

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<NoteRow>> Notes(CorrelationId id, int limit, CancellationToken stop) =>
        await database.Query(
            "SELECT service, at, correlation_id, subject, event_id, kind, text FROM messaging.notes "
            + "WHERE correlation_id = $1 ORDER BY seq LIMIT $2",
            row => new NoteRow(
                row.GetString(0), Rows.Time(row, 1), new CorrelationId(row.GetGuid(2)), Rows.TextOrNull(row, 3),
                row.IsDBNull(4) ? null : new EventId(row.GetGuid(4)), row.GetString(5), row.GetString(6)),
            stop, Arg.Id(id.Value), Arg.Number(limit));
}
