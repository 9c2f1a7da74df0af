using DoaMarket.Kernel;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>
/// One commit as a handful of statements, each about many rows: its number, documents, messages, remarks.
/// </summary>
internal static class PostgresCommit
{
    private const string Number = "INSERT INTO messaging.commits (node, number) VALUES ($1, $2)";

    private const string WriteNotes = """
        INSERT INTO messaging.notes (service, at, correlation_id, subject, event_id, kind, text)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
        """;

    public static void Write(Script script, int node, long number, UnitCommit commit, IMessageChanges messages)
    {
        script.Do(Number, Arg.Int(node), Arg.Number(number));
        foreach (var ofKind in commit.Documents.GroupBy(d => d.Key.Kind))
        {
            WriteDocuments(script, ofKind.Key, [.. ofKind]);
        }

        messages.Write(script);
        if (commit.Notes.Count > 0)
        {
            script.Do(
                WriteNotes, Arg.Texts(commit.Notes.Select(n => n.Service)), Arg.Times(commit.Notes.Select(n => n.At)),
                Arg.Ids(commit.Notes.Select(n => n.CorrelationId.Value)),
                Arg.Texts(commit.Notes.Select(n => n.Subject)), Arg.Ids(commit.Notes.Select(n => n.EventId?.Value)),
                Arg.Texts(commit.Notes.Select(n => n.Kind)), Arg.Texts(commit.Notes.Select(n => Arg.Readable(n.Text))));
        }
    }

    private static void WriteDocuments(Script script, DocumentKind kind, List<DocumentWrite> writes)
    {
        var sql = DocumentSql.Of(kind);
        if (writes.Where(w => w.Remove).ToList() is { Count: > 0 } gone)
        {
            script.Check(
                sql.Delete, Arg.Texts(gone.Select(w => w.Key.Id)), Arg.Numbers(gone.Select(w => w.ExpectedVersion)),
                Arg.Number(gone.Count));
        }

        if (writes.Where(w => w is { Remove: false, ExpectedVersion: > 0 }).ToList() is { Count: > 0 } changed)
        {
            script.Check(sql.Update, [.. Values(kind, changed), Arg.Number(changed.Count)]);
        }

        if (writes.Where(w => w is { Remove: false, ExpectedVersion: 0 }).ToList() is { Count: > 0 } added)
        {
            script.Do(sql.Insert, Values(kind, added)); // a key that is taken is a conflict
        }
    }

    private static NpgsqlParameter[] Values(DocumentKind kind, List<DocumentWrite> writes) =>
    [
        Arg.Texts(writes.Select(w => w.Key.Id)),
        Arg.Numbers(writes.Select(w => w.ExpectedVersion)),
        Arg.Times(writes.Select(w => w.WakeAt)),
        Arg.Times(writes.Select(w => w.DueAt)),
        Arg.Texts(writes.Select(w => $"{{{string.Join(',', w.Handled)}}}")),
        Arg.Ints(writes.Select(w => w.Failures)),
        Arg.Jsons(writes.Select(w => w.Body)),
        .. kind.Columns.Select(c => c.Type == ColumnType.Number
            ? Arg.Numbers(writes.Select(w => (long?)c.Read(w.State)))
            : Arg.Texts(writes.Select(w => (string?)c.Read(w.State)))),
    ];
}
