using System.Text.Json;
using DoaMarket.Sandbox.Store;
using Microsoft.Data.Sqlite;

namespace DoaMarket.Sandbox.Carriers;

/// <summary>A registered shipment (waybill) of a carrier.</summary>
internal sealed record Parcel(
    string Carrier,
    string TrackingNumber,
    string ClientReference,
    string OrderReference,
    string PostalCode,
    long WeightGrams,
    string Items,
    string Status,
    long RegisteredAt)
{
    private const string Columns = """
        carrier, tracking_number, client_reference, order_reference, postal_code, weight_grams, items, status,
        registered_at
        """;

    public static Parcel? ByNumber(SqlSession sql, string carrier, string trackingNumber) => sql.Row(
        $"SELECT {Columns} FROM parcel WHERE tracking_number = $2 AND carrier = $1", Read, carrier, trackingNumber);

    public static Parcel? ByReference(SqlSession sql, string carrier, string clientReference) => sql.Row(
        $"SELECT {Columns} FROM parcel WHERE carrier = $1 AND client_reference = $2", Read, carrier, clientReference);

    public static List<Parcel> Moving(SqlSession sql, long now, int limit) => sql.Rows(
        $"SELECT {Columns} FROM parcel WHERE next_move_at <= $1 ORDER BY next_move_at, id LIMIT $2", Read, now, limit);

    public void Insert(SqlSession sql) => sql.Run(
        $"INSERT INTO parcel ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        Carrier, TrackingNumber, ClientReference, OrderReference, PostalCode, WeightGrams, Items, Status, RegisteredAt);

    public object Shown(SqlSession sql) => new
    {
        carrier = Carrier,
        trackingNumber = TrackingNumber,
        clientReference = ClientReference,
        orderReference = OrderReference,
        status = Status,
        weightGrams = WeightGrams,
        items = JsonSerializer.Deserialize<JsonElement>(Items),
        registeredAt = StoredTime.Utc(RegisteredAt),
        events = sql.Rows<object>(
            "SELECT status, at, description FROM parcel_event WHERE tracking_number = $1 ORDER BY id LIMIT 100",
            row => new
            {
                status = row.GetString(0),
                at = StoredTime.Utc(row.GetInt64(1)),
                description = row.GetString(2),
            },
            TrackingNumber),
    };

    private static Parcel Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5),
        row.GetString(6), row.GetString(7), row.GetInt64(8));
}
