using DoaMarket.EndToEnd.Harness;
using Microsoft.Data.Sqlite;

namespace DoaMarket.EndToEnd;

/// <summary>Puts messages into a running shop's database that nobody sent, and mends them there.</summary>
internal static class PoisonedQueue
{
    private static int _next = -1_000; // numbers below zero cannot meet those that the shop counts up

    /// <summary>Puts a message before the receiver of a queue.</summary>
    public static Guid Put(Shop shop, string queue, string type, string body, string? personal = null,
        string? traceparent = null)
    {
        var id = Guid.CreateVersion7();
        Write(
            shop,
            """
            INSERT INTO messages (seq, event_id, event_type, event_version, timestamp, source, correlation_id, body, traceparent)
            VALUES ($1, $2, $3, 'v1', $4, 'test', $2, $5, $6)
            """,
            --_next, id.ToByteArray(bigEndian: true), type, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), body,
            traceparent);
        Write(
            shop,
            "INSERT INTO deliveries (queue, seq, visible_at, run, receives, attempts, personal) VALUES ($1, $2, 0, NULL, 0, 0, $3)",
            queue, _next, personal);
        return id;
    }

    /// <summary>Replaces the body of a message, as a deployed fix would read it otherwise.</summary>
    public static void Mend(Shop shop, Guid message, string body) => Write(
        shop, "UPDATE failed_messages SET body = $1, masked_body = $1 WHERE event_id = $2", body, message.ToByteArray(bigEndian: true));

    /// <summary>Holds the database's one writing place until disposed of: nothing can be committed meanwhile.</summary>
    public static IDisposable HoldWriting(Shop shop)
    {
        var connection = Open(shop);
        using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();
        return connection;
    }

    private static void Write(Shop shop, string sql, params object?[] values)
    {
        using var connection = Open(shop);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (i, value) in values.Index())
        {
            command.Parameters.AddWithValue($"${i + 1}", value ?? DBNull.Value);
        }

        command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(Shop shop)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(shop.Data, "doa.db")};Pooling=false");
        connection.Open();
        return connection;
    }
}
