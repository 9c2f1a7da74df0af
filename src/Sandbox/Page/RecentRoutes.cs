using DoaMarket.Sandbox.Carriers;
using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Sandbox.Page;

/// <summary>The newest payments and parcels, for the page. Not the oracle: it reads the live tables.</summary>
internal sealed class RecentRoutes(SandboxStore store)
{
    private const int ShownMax = 50;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/recent/payments", http => ShowAsync(http, Payments));
        routes.MapGet("/recent/accounts", http => ShowAsync(http, Accounts));
        routes.MapGet("/recent/parcels", http => ShowAsync(http, Parcels));
    }

    private async Task ShowAsync(HttpContext http, Func<SqlSession, List<object>> items) =>
        await Answer.Json(200, new { items = await store.ReadAsync(items) }).SendAsync(http);

    private static List<object> Payments(SqlSession sql) => sql.Rows<object>(
        """
        SELECT order_id, payment_key, status, CASE WHEN approved_at IS NULL THEN 0 ELSE amount END, balance,
               requested_at
        FROM payment ORDER BY id DESC LIMIT $1
        """,
        row => new
        {
            orderId = row.GetString(0),
            paymentKey = row.GetString(1),
            status = row.GetString(2),
            captured = row.GetInt64(3),
            net = row.GetInt64(4),
            at = StoredTime.Utc(row.GetInt64(5)),
        },
        ShownMax);

    private static List<object> Accounts(SqlSession sql) => sql.Rows<object>(
        """
        SELECT order_id, bank, account_number, amount, due_at, status
        FROM virtual_account JOIN payment USING (payment_key) ORDER BY payment.id DESC LIMIT $1
        """,
        row => new
        {
            orderId = row.GetString(0),
            bank = row.GetString(1),
            accountNumber = row.GetString(2),
            amount = row.GetInt64(3),
            dueAt = StoredTime.Utc(row.GetInt64(4)),
            status = row.GetString(5),
        },
        ShownMax);

    private static List<object> Parcels(SqlSession sql) => sql.Rows<object>(
        """
        SELECT order_reference, carrier, tracking_number, status, postal_code, registered_at
        FROM parcel ORDER BY id DESC LIMIT $1
        """,
        row => new
        {
            orderId = row.GetString(0),
            carrier = row.GetString(1),
            trackingNumber = row.GetString(2),
            status = row.GetString(3),
            moves = ParcelStatus.Next(row.GetString(3), row.GetString(4)) is not null,
            at = StoredTime.Utc(row.GetInt64(5)),
        },
        ShownMax);
}
