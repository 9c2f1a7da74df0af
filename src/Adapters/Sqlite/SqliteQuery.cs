using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>Pages by a declared index.</summary>
internal static class SqliteQuery
{
    public static DocumentPage Run(SqliteSession session, DocumentQuery query)
    {
        var page = new PageSql(query);
        var sql = $"SELECT {SqliteRows.DocumentColumns} FROM {SqliteSchema.TableOf(query.Kind)} {page.Clauses}";
        return page.Page(session.Query(sql, row => SqliteRows.Document(query.Kind, row), [.. page.Parameters.Select(SqliteValue.Of)]));
    }
}
