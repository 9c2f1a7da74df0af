using System.Text;
using System.Text.Json;

namespace DoaMarket.Kernel;

/// <summary>
/// A page by a declared index, in the SQL that our databases have in common: parameters are $1, $2, …, and every
/// document lies in a row with its declared columns and its key. The cursor holds where the page ended: the index's
/// further columns and the key.
/// </summary>
public sealed class PageSql
{
    private const string Key = "key";
    private readonly DocumentQuery _query;
    private readonly List<string> _order;

    /// <summary>Writes a query down.</summary>
    /// <exception cref="ArgumentException">The kind declares no such index.</exception>
    /// <exception cref="FormatException">The cursor is not one of ours.</exception>
    public PageSql(DocumentQuery query)
    {
        _query = query;
        var index = query.Kind.Indexes.SingleOrDefault(i => i.Name == query.Index)
            ?? throw new ArgumentException($"{query.Kind.Table} declares no index '{query.Index}'.", nameof(query));
        _order = [.. index.Columns.Skip(query.Equal.Count).Append(Key)];
        var parameters = new List<object?>(query.Equal);
        var where = index.Columns.Take(query.Equal.Count).Select((column, i) => $"{Quoted(column)} = ${i + 1}").ToList();
        if (query.From is not null)
        {
            parameters.Add(query.From);
            where.Add($"{Quoted(_order[0])} >= ${parameters.Count}");
        }

        if (query.To is not null)
        {
            parameters.Add(query.To);
            where.Add($"{Quoted(_order[0])} < ${parameters.Count}");
        }

        if (query.Cursor is not null)
        {
            var end = Read(query.Cursor, _order.Count);
            var names = Enumerable.Range(parameters.Count + 1, _order.Count).Select(i => $"${i}");
            parameters.AddRange(end);
            where.Add(
                $"({string.Join(", ", _order.Select(Quoted))}) {(query.Descending ? "<" : ">")} "
                + $"({string.Join(", ", names)})");
        }

        parameters.Add((long)query.Limit + 1); // one more tells whether there is a next page
        var direction = query.Descending ? " DESC" : "";
        Clauses = $"""
            {(where.Count == 0 ? "" : "WHERE " + string.Join(" AND ", where))}
            ORDER BY {string.Join(", ", _order.Select(c => Quoted(c) + direction))} LIMIT ${parameters.Count}
            """;
        Parameters = parameters;
    }

    /// <summary>What follows "SELECT … FROM …".</summary>
    public string Clauses { get; }

    /// <summary>Values of $1, $2, …: strings, longs, nulls.</summary>
    public IReadOnlyList<object?> Parameters { get; }

    /// <summary>The page, and the cursor of the next one, out of the rows that the query gave.</summary>
    public DocumentPage Page(IReadOnlyList<StoredDocument> rows) => rows.Count > _query.Limit
        ? new([.. rows.Take(_query.Limit)], CursorAfter(rows[_query.Limit - 1]))
        : new(rows, null);

    private static string Quoted(string column) => $"\"{column}\"";

    private string CursorAfter(StoredDocument last)
    {
        var end = _order.Select(column => column == Key
            ? last.Key.Id
            : _query.Kind.Columns.Single(c => c.Name == column).Read(last.State));
        return Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(end));
    }

    private static List<object?> Read(string cursor, int count)
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
