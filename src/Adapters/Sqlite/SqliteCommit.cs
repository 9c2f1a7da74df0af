using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>A document was changed by somebody else since it was loaded.</summary>
internal sealed class StaleDocumentException : Exception;

/// <summary>What is to be written contradicts what stands written; trying again would not help.</summary>
internal sealed class RefusedDataException(string message) : Exception(message);

/// <summary>
/// Writes one unit: documents, messages with their deliveries, remarks, and what becomes of the consumed deliveries.
/// </summary>
internal static class SqliteCommit
{
    /// <summary>Writes documents and remarks.</summary>
    public static void Apply(SqliteSession session, UnitCommit commit)
    {
        foreach (var write in commit.Documents)
        {
            Write(session, write);
        }

        foreach (var note in commit.Notes)
        {
            session.Execute(
                "INSERT INTO notes (service, at, correlation_id, subject, event_id, kind, text) "
                + "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                note.Service, SqliteRows.Ms(note.At), note.CorrelationId.Value, note.Subject,
                note.EventId?.Value, note.Kind, note.Text);
        }
    }

    /// <summary>
    /// Writes messages with their deliveries, and what becomes of consumed deliveries and of dead letters. Returns the
    /// deliveries that go to their receivers in memory.
    /// </summary>
    public static List<Delivery> Send(
        SqliteSession session, SqliteDatabase database, SqliteTransport transport, UnitCommit commit)
    {
        var handOver = new List<Delivery>();
        foreach (var message in commit.Messages)
        {
            Send(session, database, transport, message, commit.At, handOver);
        }

        foreach (var settlement in commit.Settlements)
        {
            Settle(session, transport, settlement, commit.At);
        }

        foreach (var action in commit.DeadLetters)
        {
            if (SqliteDeadLetters.Apply(session, action) is { } letter)
            {
                Redrive(session, letter, commit.At);
                transport.NoteBacklog(letter.SourceQueue);
            }
        }

        return handOver;
    }

    private static void Write(SqliteSession session, DocumentWrite write)
    {
        var kind = write.Key.Kind;
        var table = SqliteTable.Of(kind);
        if (write.Remove)
        {
            if (session.Execute(table.Delete, write.Key.Id, write.ExpectedVersion) == 0)
            {
                throw new StaleDocumentException();
            }

            return;
        }

        var values = new SqliteValue[6 + kind.Columns.Count + 2];
        values[0] = SqliteRows.Ms(write.WakeAt);
        values[1] = SqliteRows.Ms(write.DueAt);
        values[2] = SqliteRows.Handled(write.Handled);
        values[3] = write.Failures;
        values[4] = SqliteValue.Utf8(write.Body);
        values[5] = write.ExpectedVersion + 1;
        for (var i = 0; i < kind.Columns.Count; i++)
        {
            values[6 + i] = SqliteValue.Of(kind.Columns[i].Read(write.State));
        }

        values[^2] = write.Key.Id;
        values[^1] = write.ExpectedVersion;
        if (write.ExpectedVersion == 0)
        {
            session.Execute(table.Insert, values.AsSpan(..^1)); // a key that is taken is a conflict
        }
        else if (session.Execute(table.Update, values) == 0)
        {
            throw new StaleDocumentException();
        }
    }

    private static void Send(
        SqliteSession session, SqliteDatabase database, SqliteTransport transport, OutgoingMessage message,
        DateTimeOffset now, List<Delivery> handOver)
    {
        var envelope = message.Envelope;
        var sequence = Insert(session, database, WireMessage.Of(envelope, message.Body));
        if (sequence == 0)
        {
            // Sent before: the row stands, and it is delivered once more to those who do not have it waiting still.
            sequence = SentBefore(session, envelope.EventId.Value, envelope);
        }

        foreach (var queue in message.Queues)
        {
            var inMemory = transport.HasRoom(queue.Queue, handOver);
            var visibleAt = inMemory ? now + queue.VisibilityTimeout : now;
            var added = session.Execute(
                """
                INSERT INTO deliveries (queue, seq, visible_at, run, receives, attempts, personal) VALUES ($1, $2, $3, $4, $5, 0, $6)
                ON CONFLICT (queue, seq) DO NOTHING
                """,
                queue.Queue, sequence, SqliteRows.Ms(visibleAt), inMemory ? transport.Run : null, inMemory ? 1 : 0,
                SqliteValue.Utf8(message.PersonalBody));
            if (added > 0 && inMemory)
            {
                transport.NoteVisible(queue.Queue, visibleAt);
                handOver.Add(new(queue.Queue, envelope.EventId, envelope, null, now, 0, IsRedelivery: false, sequence));
            }
            else if (added > 0)
            {
                transport.NoteBacklog(queue.Queue);
            }
        }
    }

    /// <summary>Writes a message into the journal. Returns its place, or 0 when it is there already.</summary>
    public static long Insert(SqliteSession session, SqliteDatabase database, WireMessage message)
    {
        var sequence = database.LastMessage + 1;
        var inserted = session.Execute(
            """
            INSERT INTO messages (seq, event_id, event_type, event_version, timestamp, source, correlation_id, causation_id, saga_id,
              user_id, subject, traceparent, environment, body)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (event_id) DO NOTHING
            """,
            sequence, message.EventId.Value, message.EventType, message.EventVersion,
            SqliteRows.Ms(message.Timestamp), message.Source, message.CorrelationId.Value,
            message.CausationId?.Value, message.SagaId?.Value, message.UserId?.Value,
            message.Subject, message.Metadata.Traceparent, message.Metadata.Environment,
            SqliteValue.Utf8(message.Body));
        if (inserted == 0)
        {
            return 0;
        }

        database.LastMessage = sequence; // a unit that is rolled back leaves a gap, never a number twice
        return sequence;
    }

    // Two messages under one id would lose one of them without a trace: nothing of such a commit is written.
    private static long SentBefore(SqliteSession session, Guid id, Envelope envelope)
    {
        var (sequence, type) = session.Query(
            "SELECT seq, event_type FROM messages WHERE event_id = $1", row => (row.Number(0), row.Text(1)), id)[0];
        return type == envelope.EventType
            ? sequence
            : throw new RefusedDataException(
                $"{envelope.EventType} has the id {envelope.EventId} of a {type} that was sent before.");
    }

    private static void Settle(
        SqliteSession session, SqliteTransport transport, Settlement settlement, DateTimeOffset now)
    {
        var (queue, sequence) = (settlement.Delivery.Queue, (long)settlement.Delivery.Receipt);
        switch (settlement)
        {
            case Settlement.Retry retry:
                session.Execute(
                    "UPDATE deliveries SET visible_at = $1, attempts = $2, run = NULL WHERE queue = $3 AND seq = $4",
                    SqliteRows.Ms(retry.At), retry.Attempts, queue, sequence);
                transport.NoteVisible(queue, retry.At);
                return;
            case Settlement.Dead dead:
                transport.Bury(session, queue, sequence, dead.Attempts, dead.Reason, dead.Error, now);
                break;
        }

        session.Execute("DELETE FROM deliveries WHERE queue = $1 AND seq = $2", queue, sequence);
    }

    private static void Redrive(SqliteSession session, DeadLetter letter, DateTimeOffset now) => session.Execute(
        """
        INSERT INTO deliveries (queue, seq, visible_at, run, receives, attempts, personal)
        SELECT $1, seq, $2, NULL, 0, 0, NULLIF($3, body) FROM messages WHERE event_id = $4 ON CONFLICT (queue, seq) DO NOTHING
        """,
        letter.SourceQueue, SqliteRows.Ms(now), letter.Body, letter.EventId.Value);
}
