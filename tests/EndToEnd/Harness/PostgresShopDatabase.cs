using System.Data.Common;
using Npgsql;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>The database of the mode "postgres".</summary>
internal sealed class PostgresShopDatabase(string connectionString) : ShopDatabase
{
    public override bool HoldsJsonOnly => true;

    public override Guid Put(
        string queue, string type, string body, string? personal, string? traceparent, Placed? order = null)
    {
        var id = Guid.CreateVersion7();
        using var connection = Open();
        Execute(
            connection,
            """
            WITH message AS (
              INSERT INTO messaging.messages
                (event_id, event_type, event_version, timestamp, source, correlation_id, body, traceparent, subject)
              VALUES (@id, @type, 'v1', now(), 'test', @correlation, @body::json, @traceparent, @subject) RETURNING seq)
            INSERT INTO messaging.deliveries (queue, seq, visible_at, node, receives, attempts, personal)
            SELECT @queue, seq, now(), NULL, 0, 0, @personal FROM message
            """,
            ("id", id), ("correlation", CorrelationOf(order, id)), ("type", type), ("body", body),
            ("traceparent", traceparent), ("queue", queue), ("personal", personal), ("subject", order?.OrderId));
        return id;
    }

    public override void Mend(Guid message, string body)
    {
        using var connection = Open();
        Execute(
            connection, "UPDATE messaging.dead_letters SET body = @body, masked_body = @body WHERE event_id = @id",
            ("body", body), ("id", message));
    }

    public override IDisposable HoldWriting()
    {
        var connection = Open();
        Execute(connection, "BEGIN; LOCK TABLE orders.orders_docs IN EXCLUSIVE MODE");
        return connection;
    }

    protected override DbConnection OpenOf(string service) => Open();

    private NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        connection.Open();
        return connection;
    }

    protected override string Table(string service, string kind) => $"{service}.{kind}_docs";

    protected override string Json(string parameter) => parameter + "::json";

    protected override object? Stored(object? value) => value is DateTimeOffset at ? at.UtcDateTime : value;
}
