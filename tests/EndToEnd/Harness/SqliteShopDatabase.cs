using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>The embedded mode's file.</summary>
internal sealed class SqliteShopDatabase(string folder) : ShopDatabase
{
    private static int _next = -1_000; // numbers below zero cannot meet those that the shop counts up

    public override bool HoldsJsonOnly => false;

    public override Guid Put(
        string queue, string type, string body, string? personal, string? traceparent, Placed? order = null)
    {
        var (id, seq) = (Guid.CreateVersion7(), Interlocked.Decrement(ref _next));
        using var connection = Open();
        Execute(
            connection,
            """
            BEGIN IMMEDIATE;
            INSERT INTO messages (seq, event_id, event_type, event_version, timestamp, source, correlation_id, body, traceparent, subject)
            VALUES (@seq, @id, @type, 'v1', @now, 'test', @correlation, @body, @traceparent, @subject);
            INSERT INTO deliveries (queue, seq, visible_at, run, receives, attempts, personal)
            VALUES (@queue, @seq, 0, NULL, 0, 0, @personal);
            COMMIT
            """,
            ("seq", seq), ("id", Bytes(id)), ("correlation", Bytes(CorrelationOf(order, id))), ("type", type),
            ("now", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), ("body", body), ("traceparent", traceparent), ("queue", queue), ("personal", personal), ("subject", order?.OrderId));
        return id;
    }

    public override void Mend(Guid message, string body)
    {
        using var connection = Open();
        Execute(
            connection, "UPDATE failed_messages SET body = @body, masked_body = @body WHERE event_id = @id", ("body", body),
            ("id", Bytes(message)));
    }

    // The database's one writing place.
    public override IDisposable HoldWriting()
    {
        var connection = Open();
        Execute(connection, "BEGIN IMMEDIATE");
        return connection;
    }

    protected override DbConnection OpenOf(string service) => Open();

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "doa.db")};Pooling=false");
        connection.Open();
        return connection;
    }

    protected override string Table(string service, string kind) => $"{service}_{kind}_docs";

    protected override string Json(string parameter) => parameter;

    protected override object? Stored(object? value) =>
        value is DateTimeOffset at ? at.ToUnixTimeMilliseconds() : value;

    private static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);
}
