using DoaMarket.Kernel;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>
/// The journal is the table of messages. Where they travel in this database they are written there once, in the commit that
/// sends them.
/// </summary>
public sealed class PostgresJournal(PostgresDatabase database) : IJournal
{
    private const string Insert = """
        INSERT INTO messaging.messages (event_id, event_type, event_version, timestamp, source, correlation_id,
          causation_id, saga_id, user_id, subject, traceparent, environment, body)
        SELECT event_id, event_type, event_version, timestamp, source, correlation_id,
          causation_id, saga_id, user_id, subject, traceparent, environment, body
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) WITH ORDINALITY AS n (event_id, event_type,
          event_version, timestamp, source, correlation_id, causation_id, saga_id, user_id, subject, traceparent,
          environment, body, place)
        ORDER BY place ON CONFLICT (event_id) DO NOTHING
        """;

    private const string Select = $"SELECT {Rows.MessageColumns} FROM messaging.messages m";

    /// <inheritdoc />
    public ValueTask Append(IReadOnlyList<WireMessage> messages, CancellationToken stop) =>
        database.Tell(script => Write(script, messages), stop);

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

    /// <summary>Writes messages; one that is there already stays as it is.</summary>
    internal static void Write(Script script, IReadOnlyList<WireMessage> messages) =>
        script.Do(Insert, Values(messages));

    /// <summary>An array for each column of messages, from event_id to body.</summary>
    internal static NpgsqlParameter[] Values(IReadOnlyList<WireMessage> messages) =>
    [
        Arg.Ids(messages.Select(m => m.EventId.Value)),
        Arg.Texts(messages.Select(m => m.EventType)),
        Arg.Texts(messages.Select(m => m.EventVersion)),
        Arg.Times(messages.Select(m => m.Timestamp)),
        Arg.Texts(messages.Select(m => m.Source)),
        Arg.Ids(messages.Select(m => m.CorrelationId.Value)),
        Arg.Ids(messages.Select(m => m.CausationId?.Value)),
        Arg.Ids(messages.Select(m => m.SagaId?.Value)),
        Arg.Texts(messages.Select(m => m.UserId?.Value)),
        Arg.Texts(messages.Select(m => m.Subject)),
        Arg.Texts(messages.Select(m => m.Metadata.Traceparent)),
        Arg.Texts(messages.Select(m => m.Metadata.Environment)),
        Arg.Jsons(messages.Select(m => m.Body)),
    ];
}
