using System.Text;
using System.Text.Json;
using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>
/// Makes tables, indexes and readable views from the declared kinds. A kind that has gained a column gets it, filled
/// from the bodies, wholly or, after a crash, at the next start; nothing is ever dropped but views.
/// </summary>
internal static class SqliteSchema
{
    private const int FilledAtOnce = 1_000; // rows held in memory while a new column is filled

    public static string TableOf(DocumentKind kind) => kind.Table + "_docs";

    public static void Create(SqliteSession session, IEnumerable<DocumentKind> kinds)
    {
        foreach (var statement in Statements.Messaging.Split(
            ";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            session.Execute(statement);
        }

        foreach (var kind in kinds)
        {
            // Together: a column that is there is taken for filled.
            session.Execute("BEGIN IMMEDIATE");
            CreateTable(session, kind);
            CreateView(session, kind);
            session.Execute("COMMIT");
        }
    }

    private static void CreateTable(SqliteSession session, DocumentKind kind)
    {
        var table = TableOf(kind);
        session.Execute($"""
            CREATE TABLE IF NOT EXISTS {table} (
              key TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, wake_at INTEGER, due_at INTEGER,
              handled BLOB, failures INTEGER NOT NULL, body TEXT NOT NULL)
            """);
        var present = session.Query($"SELECT name FROM pragma_table_info('{table}')", r => r.Text(0))
            .ToHashSet(StringComparer.Ordinal);
        var missing = kind.Columns.Where(c => !present.Contains(c.Name)).ToList();
        foreach (var column in missing)
        {
            session.Execute($"ALTER TABLE {table} ADD COLUMN {column.Name}");
        }

        if (missing.Count > 0)
        {
            Fill(session, kind, missing);
        }

        session.Execute($"CREATE INDEX IF NOT EXISTS {table}_wake ON {table} (wake_at) WHERE wake_at IS NOT NULL");
        foreach (var index in kind.Indexes)
        {
            var columns = string.Join(", ", index.Columns);
            // Pages end on the key.
            session.Execute(index.Unique
                ? $"CREATE UNIQUE INDEX IF NOT EXISTS {table}_{index.Name} ON {table} ({columns})"
                : $"CREATE INDEX IF NOT EXISTS {table}_{index.Name} ON {table} ({columns}, key)");
        }
    }

    private static void Fill(SqliteSession session, DocumentKind kind, List<DocumentColumn> columns)
    {
        var table = TableOf(kind);
        var set = string.Join(", ", columns.Select((c, i) => $"{c.Name} = ${i + 2}"));
        var last = "";
        while (true)
        {
            var rows = session.Query(
                $"SELECT key, body FROM {table} WHERE key > $1 ORDER BY key LIMIT {FilledAtOnce}",
                r => (Key: r.Text(0), Body: r.Text(1)), last);
            if (rows.Count == 0)
            {
                return;
            }

            foreach (var (key, body) in rows)
            {
                var state = kind.Read(Encoding.UTF8.GetBytes(body));
                session.Execute(
                    $"UPDATE {table} SET {set} WHERE key = $1", [key, .. columns.Select(c => SqliteValue.Of(c.Read(state)))]);
            }

            last = rows[^1].Key;
        }
    }

    // For people with a SQL prompt: every member of the body as a column, times readable.
    private static void CreateView(SqliteSession session, DocumentKind kind)
    {
        var taken = kind.Columns.Select(c => c.Name)
            .Concat(["key", "version", "wake_at"])
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var members = kind.Json.Properties
            .Where(p => p.Get is not null)
            .Select(p => (Column: JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name), p.Name))
            .Where(m => taken.Add(m.Column))
            .Select(m => $", json_extract(body, '$.{m.Name}') AS \"{m.Column}\"");
        var columns = string.Concat(kind.Columns.Select(c => $", {c.Name}"));
        session.Execute($"DROP VIEW IF EXISTS {kind.Table}");
        session.Execute($"""
            CREATE VIEW {kind.Table} AS SELECT key, version{columns}{string.Concat(members)},
              strftime('%Y-%m-%dT%H:%M:%fZ', due_at / 1000.0, 'unixepoch') AS wake_at FROM {TableOf(kind)}
            """);
    }

    private static class Statements
    {
        public const string Messaging = """
            CREATE TABLE IF NOT EXISTS messages (
              seq INTEGER PRIMARY KEY, event_id BLOB NOT NULL UNIQUE, event_type TEXT NOT NULL, event_version TEXT NOT NULL,
              timestamp INTEGER NOT NULL, source TEXT NOT NULL, correlation_id BLOB NOT NULL, causation_id BLOB, saga_id BLOB,
              user_id TEXT, subject TEXT, traceparent TEXT, environment TEXT, body TEXT NOT NULL);
            CREATE INDEX IF NOT EXISTS messages_correlation ON messages (correlation_id);
            CREATE INDEX IF NOT EXISTS messages_subject ON messages (subject) WHERE subject IS NOT NULL;
            CREATE TABLE IF NOT EXISTS deliveries (
              queue TEXT NOT NULL, seq INTEGER NOT NULL, visible_at INTEGER NOT NULL, run TEXT, receives INTEGER NOT NULL,
              attempts INTEGER NOT NULL, personal TEXT, PRIMARY KEY (queue, seq)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS outbox (
              seq INTEGER PRIMARY KEY, committed_at INTEGER NOT NULL, claimed_until INTEGER NOT NULL, event_id BLOB NOT NULL,
              event_type TEXT NOT NULL, event_version TEXT NOT NULL, timestamp INTEGER NOT NULL, source TEXT NOT NULL,
              correlation_id BLOB NOT NULL, causation_id BLOB, saga_id BLOB, user_id TEXT, subject TEXT, traceparent TEXT,
              environment TEXT, body TEXT NOT NULL, personal TEXT, to_queue TEXT);
            CREATE TABLE IF NOT EXISTS failed_messages (
              id BLOB NOT NULL PRIMARY KEY, queue TEXT NOT NULL, source_queue TEXT NOT NULL, event_id BLOB NOT NULL,
              event_type TEXT NOT NULL, correlation_id BLOB NOT NULL, sent_at INTEGER NOT NULL, dead_at INTEGER NOT NULL,
              attempts INTEGER NOT NULL, reason TEXT NOT NULL, error TEXT NOT NULL, headers TEXT NOT NULL, body TEXT NOT NULL,
              masked_body TEXT NOT NULL, status TEXT NOT NULL, settled_because TEXT);
            CREATE INDEX IF NOT EXISTS failed_messages_queue ON failed_messages (status, queue, dead_at);
            CREATE TABLE IF NOT EXISTS notes (
              seq INTEGER PRIMARY KEY, service TEXT NOT NULL, at INTEGER NOT NULL, correlation_id BLOB NOT NULL, subject TEXT,
              event_id BLOB, kind TEXT NOT NULL, text TEXT NOT NULL);
            CREATE INDEX IF NOT EXISTS notes_correlation ON notes (correlation_id);
            DROP VIEW IF EXISTS journal_messages;
            CREATE VIEW journal_messages AS SELECT seq, strftime('%Y-%m-%dT%H:%M:%fZ', timestamp / 1000.0, 'unixepoch') AS timestamp,
              event_type, source, lower(hex(event_id)) AS event_id, lower(hex(correlation_id)) AS correlation_id,
              lower(hex(causation_id)) AS causation_id, subject AS order_id, user_id, body FROM messages;
            """;
    }
}
