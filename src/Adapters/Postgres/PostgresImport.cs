using DoaMarket.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace DoaMarket.Postgres;

/// <summary>Writes a whole shop into an empty database, in one transaction: all of it arrives, or nothing.</summary>
public static class PostgresImport
{
    private const string Messages =
        "messaging.messages (seq, event_id, event_type, event_version, timestamp, source, correlation_id, causation_id, "
        + "saga_id, user_id, subject, traceparent, environment, body)";

    private const string Deliveries = "messaging.deliveries (queue, seq, visible_at, receives, attempts, personal)";

    private const string DeadLetters =
        "messaging.dead_letters (id, queue, source_queue, event_id, event_type, correlation_id, sent_at, dead_at, attempts, "
        + "reason, error, headers, body, masked_body, status, settled_because)";

    private const string Notes = "messaging.notes (service, at, correlation_id, subject, event_id, kind, text)";

    /// <summary>Makes the tables and writes everything.</summary>
    /// <param name="connectionString">The database: made already, and empty.</param>
    /// <param name="kinds">Every kind of document that the shop has.</param>
    /// <param name="contents">What it holds.</param>
    /// <param name="written">Told each table's name and its rows so far, now and then.</param>
    /// <param name="commit">Called when all is written and nothing is committed yet; may throw to undo it all.</param>
    /// <param name="stop">Undoes what was written.</param>
    /// <exception cref="InvalidOperationException">
    /// The database cannot be used, or holds a shop already. The text says what to do.
    /// </exception>
    public static async Task Run(
        string connectionString, IReadOnlyList<DocumentKind> kinds, ShopContents contents, Action<string, long> written,
        Action commit, CancellationToken stop)
    {
        await using (await PostgresDatabase.Open(connectionString, new PostgresOptions(), kinds, stop))
        {
        }

        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        await connection.OpenAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await RefuseUnlessEmpty(connection, kinds, stop);
        foreach (var kind in kinds)
        {
            await Copy(connection, Into(kind), contents.Documents(kind), Row(kind), n => written(kind.Table, n), stop);
        }

        await Copy(connection, Messages, contents.Messages, Row, n => written("messages", n), stop);
        await Copy(connection, Deliveries, contents.Deliveries, Row, n => written("deliveries", n), stop);
        await Copy(connection, DeadLetters, contents.DeadLetters, Row, n => written("dead letters", n), stop);
        await Copy(connection, Notes, contents.Notes, Row, n => written("remarks", n), stop);
        await PostgresSchema.Execute(
            connection,
            "SELECT setval(pg_get_serial_sequence('messaging.messages', 'seq'), max(seq)) FROM messaging.messages", stop);
        await PostgresSchema.Execute(connection, "ANALYZE", stop);
        commit();
        await transaction.CommitAsync(stop);
    }

    private static async Task RefuseUnlessEmpty(
        NpgsqlConnection connection, IReadOnlyList<DocumentKind> kinds, CancellationToken stop)
    {
        // Nobody starts a shop here meanwhile: a node registers itself first.
        await PostgresSchema.Execute(connection, "LOCK TABLE messaging.nodes IN EXCLUSIVE MODE", stop);
        if (await PostgresSchema.Scalar(
            connection, "SELECT count(*) FROM messaging.nodes WHERE heartbeat_at > clock_timestamp() - $1", stop,
            Arg.Span(new PostgresOptions().ClaimsVoidAfter)) is not 0L)
        {
            throw new InvalidOperationException(
                $"Processes of a shop work on the database '{connection.Database}'. Name an empty one, of its own.");
        }

        string[] tables = ["messaging.messages", .. kinds.Select(k => DocumentSql.Of(k).Table)];
        foreach (var table in tables)
        {
            if (await PostgresSchema.Scalar(connection, $"SELECT EXISTS (SELECT FROM {table})", stop) is true)
            {
                throw new InvalidOperationException(
                    $"The database '{connection.Database}' holds a shop already ({table} has rows). "
                    + "Name an empty one: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.");
            }
        }
    }

    private static async Task Copy<T>(
        NpgsqlConnection connection, string into, IEnumerable<T> rows, Func<NpgsqlBinaryImporter, T, Task> write,
        Action<long> written, CancellationToken stop)
    {
        const int TellEvery = 1_000;
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {into} FROM STDIN (FORMAT BINARY)", stop);
        var count = 0L;
        foreach (var row in rows)
        {
            await copy.StartRowAsync(stop);
            await write(copy, row);
            if (++count % TellEvery == 0)
            {
                written(count);
            }
        }

        await copy.CompleteAsync(stop);
        written(count);
    }

    private static string Into(DocumentKind kind)
    {
        var columns = kind.Columns.Select(c => ", " + DocumentSql.Quoted(c.Name));
        return $"{DocumentSql.Of(kind).Table} ({Rows.DocumentColumns}{string.Concat(columns)})";
    }

    private static Func<NpgsqlBinaryImporter, StoredDocument, Task> Row(DocumentKind kind) => async (copy, document) =>
    {
        await Text(copy, document.Key.Id);
        await copy.WriteAsync(document.Version, NpgsqlDbType.Bigint);
        await Time(copy, document.WakeAt);
        await Time(copy, document.DueAt);
        await copy.WriteAsync(document.Handled.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid);
        await copy.WriteAsync(document.Failures, NpgsqlDbType.Integer);
        await copy.WriteAsync(kind.Write(document.State), NpgsqlDbType.Json);
        foreach (var column in kind.Columns)
        {
            var value = column.Read(document.State);
            await (value is long number ? copy.WriteAsync(number, NpgsqlDbType.Bigint) : Text(copy, (string?)value));
        }
    };

    private static async Task Row(NpgsqlBinaryImporter copy, SentMessage message)
    {
        var entry = message.Entry;
        await copy.WriteAsync(entry.Sequence, NpgsqlDbType.Bigint);
        await copy.WriteAsync(entry.EventId.Value, NpgsqlDbType.Uuid);
        await Text(copy, entry.EventType);
        await Text(copy, entry.EventVersion);
        await Time(copy, entry.Timestamp);
        await Text(copy, entry.Source);
        await copy.WriteAsync(entry.CorrelationId.Value, NpgsqlDbType.Uuid);
        await Id(copy, entry.CausationId?.Value);
        await Id(copy, entry.SagaId?.Value);
        await Text(copy, entry.UserId?.Value);
        await Text(copy, entry.Subject);
        await Text(copy, entry.Traceparent);
        await Text(copy, message.Environment);
        await copy.WriteAsync(entry.Body, NpgsqlDbType.Json);
    }

    private static async Task Row(NpgsqlBinaryImporter copy, UnsettledDelivery delivery)
    {
        await Text(copy, delivery.Queue);
        await copy.WriteAsync(delivery.Sequence, NpgsqlDbType.Bigint);
        await Time(copy, delivery.VisibleAt);
        await copy.WriteAsync(delivery.Receives, NpgsqlDbType.Integer);
        await copy.WriteAsync(delivery.Attempts, NpgsqlDbType.Integer);
        await Text(copy, delivery.Personal);
    }

    private static async Task Row(NpgsqlBinaryImporter copy, DeadLetter letter)
    {
        await copy.WriteAsync(letter.Id, NpgsqlDbType.Uuid);
        await Text(copy, letter.Queue);
        await Text(copy, letter.SourceQueue);
        await copy.WriteAsync(letter.EventId.Value, NpgsqlDbType.Uuid);
        await Text(copy, letter.EventType);
        await copy.WriteAsync(letter.CorrelationId.Value, NpgsqlDbType.Uuid);
        await Time(copy, letter.SentAt);
        await Time(copy, letter.DeadAt);
        await copy.WriteAsync(letter.Attempts, NpgsqlDbType.Integer);
        foreach (var text in new[] { letter.Reason, letter.Error, letter.Headers, letter.Body, letter.MaskedBody })
        {
            await Text(copy, Arg.Readable(text));
        }

        await Text(copy, letter.Status);
        await Text(copy, letter.SettledBecause);
    }

    private static async Task Row(NpgsqlBinaryImporter copy, NoteRow note)
    {
        await Text(copy, note.Service);
        await Time(copy, note.At);
        await copy.WriteAsync(note.CorrelationId.Value, NpgsqlDbType.Uuid);
        await Text(copy, note.Subject);
        await Id(copy, note.EventId?.Value);
        await Text(copy, note.Kind);
        await Text(copy, Arg.Readable(note.Text));
    }

    private static Task Text(NpgsqlBinaryImporter copy, string? value) =>
        value is null ? copy.WriteNullAsync() : copy.WriteAsync(value, NpgsqlDbType.Text);

    private static Task Id(NpgsqlBinaryImporter copy, Guid? value) =>
        value is { } id ? copy.WriteAsync(id, NpgsqlDbType.Uuid) : copy.WriteNullAsync();

    private static Task Time(NpgsqlBinaryImporter copy, DateTimeOffset? value) =>
        value is { } time ? copy.WriteAsync(time.UtcDateTime, NpgsqlDbType.TimestampTz) : copy.WriteNullAsync();
}
