using System.Text;
using System.Text.Json;
using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>
/// Pages by a declared index. The cursor holds where the page ended: the index's further columns and the key.
/// </summary>
internal static class SqliteQuery
{
    public static DocumentPage Run(SqliteSession session, DocumentQuery query)
    {
        var index = query.Kind.Indexes.SingleOrDefault(i => i.Name == query.Index)
            ?? throw new ArgumentException($"{query.Kind.Table} declares no index '{query.Index}'.", nameof(query));
        var order = index.Columns.Skip(query.Equal.Count).Append("key").ToList();
        var parameters = new List<object?>(query.Equal);
        var where = index.Columns.Take(query.Equal.Count).Select((column, i) => $"{column} = ${i + 1}").ToList();
        if (query.From is not null)
        {
            parameters.Add(query.From);
            where.Add($"{order[0]} >= ${parameters.Count}");
        }

        if (query.To is not null)
        {
            parameters.Add(query.To);
            where.Add($"{order[0]} < ${parameters.Count}");
        }

        if (query.Cursor is not null)
        {
            var values = ReadCursor(query.Cursor, order.Count);
            var names = Enumerable.Range(parameters.Count + 1, order.Count).Select(i => $"${i}");
            parameters.AddRange(values);
            where.Add($"({string.Join(", ", order)}) {(query.Descending ? "<" : ">")} ({string.Join(", ", names)})");
        }

        parameters.Add(query.Limit + 1);
        var direction = query.Descending ? " DESC" : "";
        var sql = $"""
            SELECT {SqliteRows.DocumentColumns}, json_array({string.Join(", ", order)}) FROM {SqliteSchema.TableOf(query.Kind)}
            {(where.Count == 0 ? "" : "WHERE " + string.Join(" AND ", where))}
            ORDER BY {string.Join(", ", order.Select(c => c + direction))} LIMIT ${parameters.Count}
            """;
        var rows = session.Query(
            sql, row => (Document: SqliteRows.Document(query.Kind, row), End: row.GetString(7)), parameters.ToArray());
        var more = rows.Count > query.Limit;
        var page = rows.Take(query.Limit).ToList();
        return new(
            [.. page.Select(r => r.Document)],
            more ? Convert.ToBase64String(Encoding.UTF8.GetBytes(page[^1].End)) : null);
    }

    private static List<object?> ReadCursor(string cursor, int count)
    {
        try
        {
            using var json = JsonDocument.Parse(Convert.FromBase64String(cursor));
            var values = json.RootElement.EnumerateArray()
                .Select(v => v.ValueKind == JsonValueKind.Number ? (object?)v.GetInt64() : v.GetString()).ToList();
            return values.Count == count ? values : throw new FormatException("The cursor belongs to another list.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new FormatException("The cursor is not one of ours.", error);
        }
    }
}
