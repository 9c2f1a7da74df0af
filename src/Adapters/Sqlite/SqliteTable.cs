using System.Collections.Concurrent;
using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>The statements of one kind's table, written out once.</summary>
internal sealed class SqliteTable
{
    private static readonly ConcurrentDictionary<DocumentKind, SqliteTable> Tables = [];

    private SqliteTable(DocumentKind kind)
    {
        var name = SqliteSchema.TableOf(kind);
        string[] columns =
        [
            "wake_at", "due_at", "handled", "failures", "body", "version", .. kind.Columns.Select(c => c.Name),
        ];
        var parameters = Enumerable.Range(1, columns.Length + 1).Select(i => $"${i}");
        var sets = columns.Select((column, i) => $"{column} = ${i + 1}");
        Insert = $"INSERT INTO {name} ({string.Join(", ", columns)}, key) VALUES ({string.Join(", ", parameters)})";
        Update = $"UPDATE {name} SET {string.Join(", ", sets)} "
            + $"WHERE key = ${columns.Length + 1} AND version = ${columns.Length + 2}";
        Delete = $"DELETE FROM {name} WHERE key = $1 AND version = $2";
        Find = $"SELECT {SqliteRows.DocumentColumns} FROM {name} WHERE key = $1";
        Timers = $"SELECT key, wake_at, due_at FROM {name} WHERE wake_at IS NOT NULL ORDER BY wake_at";
        Read = row => SqliteRows.Document(kind, row);
    }

    public string Insert { get; }

    public string Update { get; }

    public string Delete { get; }

    public string Find { get; }

    /// <summary>Every timer, the earliest first; whoever reads stops where nothing is due any more.</summary>
    public string Timers { get; }

    /// <summary>Makes a document of a row of <see cref="Find"/>.</summary>
    public Func<SqliteStatement, StoredDocument> Read { get; }

    public static SqliteTable Of(DocumentKind kind) => Tables.GetOrAdd(kind, static k => new SqliteTable(k));
}
