using Microsoft.Data.Sqlite;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>The shop's own file: read while it runs, written to only while it is stopped, to plant what only a bug could leave.</summary>
internal static class Database
{
    /// <summary>Runs statements; gives the number that a query of one gives, or 0.</summary>
    public static long Sql(this Shop shop, string statements)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(shop.Data, "doa.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statements;
        return command.ExecuteScalar() is long number ? number : 0;
    }
}
