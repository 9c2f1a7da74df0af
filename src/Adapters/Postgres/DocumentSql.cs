using System.Collections.Concurrent;
using DoaMarket.Kernel;

namespace DoaMarket.Postgres;

/// <summary>The statements about one kind of document: each about as many documents as there are.</summary>
internal sealed class DocumentSql
{
    private static readonly ConcurrentDictionary<DocumentKind, DocumentSql> ByKind = [];

    private DocumentSql(DocumentKind kind)
    {
        string[] columns = ["wake_at", "due_at", "handled", "failures", "body", .. kind.Columns.Select(c => c.Name)];
        Table = $"{Quoted(kind.Service)}.{Quoted(kind.Name + "_docs")}";
        View = $"{Quoted(kind.Service)}.{Quoted(kind.Name)}";
        Select = $"SELECT {Rows.DocumentColumns} FROM {Table}";
        Lock = $"{Select} WHERE key = ANY($1) ORDER BY key FOR UPDATE";
        Newer = $"""
            SELECT {Rows.DocumentColumns} FROM {Table} JOIN unnest($1, $2) AS known (id, old) ON key = id AND version > old
            """;
        Due = $"SELECT key, wake_at, due_at FROM {Table} WHERE wake_at <= $1 ORDER BY wake_at LIMIT $2";
        var given = $"unnest({Numbered(1, columns.Length + 2)}) AS n (key, version, {Listed("", columns)})";
        Insert = $"""
            INSERT INTO {Table} (key, version, {Listed("", columns)})
            SELECT key, version + 1, {Listed("", columns, "handled::uuid[]")} FROM {given} ORDER BY key
            """;
        Update = $"""
            WITH changed AS (
              UPDATE {Table} d SET version = d.version + 1, {Set(columns)}
              FROM {given} WHERE d.key = n.key AND d.version = n.version RETURNING 1)
            SELECT messaging.expect(count(*), ${columns.Length + 3}) FROM changed
            """;
        Delete = $"""
            WITH gone AS (
              DELETE FROM {Table} d USING unnest($1, $2) AS n (key, version)
              WHERE d.key = n.key AND d.version = n.version RETURNING 1)
            SELECT messaging.expect(count(*), $3) FROM gone
            """;
    }

    /// <summary>The table.</summary>
    public string Table { get; }

    /// <summary>The view for people.</summary>
    public string View { get; }

    /// <summary>All documents; conditions may follow.</summary>
    public string Select { get; }

    /// <summary>Loads by keys ($1) in their order, and locks.</summary>
    public string Lock { get; }

    /// <summary>Documents of the keys ($1) that have a higher version than theirs ($2).</summary>
    public string Newer { get; }

    /// <summary>Documents whose timer column has passed at $1, $2 of them.</summary>
    public string Due { get; }

    /// <summary>Writes new ones: arrays of key, version 0, and the columns.</summary>
    public string Insert { get; }

    /// <summary>
    /// Writes over those that have their version: arrays of key, version, and the columns; then how many they are.
    /// </summary>
    public string Update { get; }

    /// <summary>Removes those that have their version: arrays of key and version; then how many they are.</summary>
    public string Delete { get; }

    public static DocumentSql Of(DocumentKind kind) => ByKind.GetOrAdd(kind, static k => new DocumentSql(k));

    /// <summary>A name as SQL takes it whatever words it reserves.</summary>
    public static string Quoted(string name) => $"\"{name}\"";

    private static string Numbered(int first, int count) =>
        string.Join(", ", Enumerable.Range(first, count).Select(i => $"${i}"));

    private static string Listed(string prefix, string[] columns, string? handled = null) => string.Join(
        ", ", columns.Select(c => c == "handled" && handled is not null ? handled : prefix + Quoted(c)));

    private static string Set(string[] columns) => string.Join(
        ", ", columns.Select(c => c == "handled" ? "handled = n.handled::uuid[]" : $"{Quoted(c)} = n.{Quoted(c)}"));
}
