using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Oracle;

/// <summary>Waybills, handovers, cancels and returns per client reference.</summary>
internal static class ParcelsOracle
{
    public static IReadOnlyList<(string Key, object Shown)> Page(SqlSession sql, OraclePage page)
    {
        List<string> references = sql.Rows(
            """
            SELECT DISTINCT client_reference FROM journal_parcel
            WHERE client_reference > $1 AND ($2 IS NULL OR order_reference = $2) ORDER BY client_reference LIMIT $3
            """,
            row => row.GetString(0), page.After, page.OrderId, page.Limit);
        return [.. references.Select(reference => (reference, Shown(sql, reference)))];
    }

    private static object Shown(SqlSession sql, string clientReference)
    {
        List<Movement> movements = sql.Rows(
            """
            SELECT journal.kind, journal.carrier, journal.order_reference, journal.tracking_number,
                   journal.operation_reference, journal.at, parcel.status, parcel.postal_code
            FROM journal_parcel journal JOIN parcel ON parcel.tracking_number = journal.tracking_number
            WHERE journal.client_reference = $1 ORDER BY journal.seq
            """,
            row => new Movement(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
                StoredTime.Utc(row.GetInt64(5)), row.GetString(6), row.GetString(7)),
            clientReference);
        List<Movement> waybills = movements.FindAll(movement => movement.Kind == "waybill");
        HashSet<string> cancelled = [.. Of("cancel").Select(movement => movement.TrackingNumber)];
        return new
        {
            clientReference,
            orderId = waybills[0].OrderReference,
            waybills = waybills.Select(movement => new
            {
                carrier = movement.Carrier,
                trackingNumber = movement.TrackingNumber,
                status = movement.Status,
                postalCode = movement.PostalCode,
                at = movement.At,
            }),
            liveWaybills = waybills.Count(movement => !cancelled.Contains(movement.TrackingNumber)),
            dispatches = Of("dispatch").Select(movement => movement.Shown()),
            cancels = Of("cancel").Select(movement => movement.Shown()),
            addressChanges = sql.Rows(
                """
                SELECT address.client_reference, address.postal_code, address.taken, address.at
                FROM journal_address address JOIN parcel ON parcel.tracking_number = address.tracking_number
                WHERE parcel.client_reference = $1 ORDER BY address.seq
                """,
                row => new
                {
                    clientReference = row.GetString(0),
                    postalCode = row.GetString(1),
                    taken = row.GetBoolean(2),
                    at = StoredTime.Utc(row.GetInt64(3)),
                },
                clientReference),
            returns = Of("return").Select(movement => movement.Shown()),
        };

        List<Movement> Of(string kind) => movements.FindAll(movement => movement.Kind == kind);
    }

    private sealed record Movement(
        string Kind, string Carrier, string OrderReference, string TrackingNumber, string OperationReference, string At,
        string Status, string PostalCode)
    {
        public object Shown() => new { trackingNumber = TrackingNumber, clientReference = OperationReference, at = At };
    }
}
