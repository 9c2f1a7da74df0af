using System.Globalization;
using DoaMarket.Sandbox.Callbacks;
using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Carriers;

/// <summary>Changes parcels: each change is one transaction with its tracking event, oracle row and callback.</summary>
internal sealed class ParcelBooks(
    TimeProvider clock, CallbackOutbox outbox, ParcelPace pace, TrackerWatches watches)
{
    public Parcel Register(SqlSession sql, string carrier, ShipmentRequest request)
    {
        long now = clock.NowMs();
        Parcel parcel = new(
            carrier, NewTrackingNumber(sql, carrier), request.ClientReference, request.OrderReference,
            request.PostalCode, request.WeightGrams, request.Items, ParcelStatus.Registered, now);
        parcel.Insert(sql);
        AddEvent(sql, parcel, now);
        Record(sql, "waybill", parcel, request.ClientReference, now);
        return parcel;
    }

    /// <summary>A change somebody asked for: handover, cancel or return.</summary>
    public Parcel Ask(SqlSession sql, Parcel parcel, string status, string kind, string operationReference)
    {
        Parcel changed = Change(sql, parcel, status);
        Record(sql, kind, changed, operationReference, clock.NowMs());
        return changed;
    }

    /// <summary>One step on the road, told by a callback.</summary>
    public Parcel Move(SqlSession sql, Parcel parcel, string status)
    {
        Parcel moved = Change(sql, parcel, status);
        if (CarrierIds.IsTracked(parcel.Carrier))
        {
            return moved; // its carrier calls nobody
        }

        string shown = ParcelStatus.Shown(status).Event;
        outbox.AddCarrierEvent(sql, parcel.Carrier, parcel.ClientReference, new
        {
            type = $"shipment.{shown.ToLowerInvariant()}",
            carrier = parcel.Carrier,
            trackingNumber = parcel.TrackingNumber,
            clientReference = parcel.ClientReference,
            orderReference = parcel.OrderReference,
            status = shown,
            occurredAt = StoredTime.Utc(clock.NowMs()),
        });
        return moved;
    }

    private Parcel Change(SqlSession sql, Parcel parcel, string status)
    {
        long now = clock.NowMs();
        long? nextMoveAt = ParcelStatus.StayAt(status, pace) is { } stay ? now + (long)stay.TotalMilliseconds : null;
        sql.Run(
            "UPDATE parcel SET status = $2, next_move_at = $3 WHERE tracking_number = $1",
            parcel.TrackingNumber, status, nextMoveAt);
        Parcel changed = parcel with { Status = status };
        AddEvent(sql, changed, now);
        if (CarrierIds.IsTracked(parcel.Carrier))
        {
            watches.Tell(sql, changed);
        }

        return changed;
    }

    private static void AddEvent(SqlSession sql, Parcel parcel, long now)
    {
        (string shown, string description) = ParcelStatus.Shown(parcel.Status);
        sql.Run(
            "INSERT INTO parcel_event (tracking_number, status, at, description) VALUES ($1, $2, $3, $4)",
            parcel.TrackingNumber, shown, now, description);
    }

    private static void Record(SqlSession sql, string kind, Parcel parcel, string operation, long now) => sql.Run(
        """
        INSERT INTO journal_parcel
            (kind, carrier, client_reference, order_reference, tracking_number, operation_reference, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        kind, parcel.Carrier, parcel.ClientReference, parcel.OrderReference, parcel.TrackingNumber, operation, now);

    // Twelve digits: eleven counted up, and their remainder by seven as check digit, as Korean carriers do.
    private static string NewTrackingNumber(SqlSession sql, string carrier)
    {
        long prefix = carrier switch
        {
            CarrierIds.CjLogistics => 60_000_000_000,
            CarrierIds.Hanjin => 50_000_000_000,
            _ => 90_000_000_000,
        };
        long body = prefix + sql.Number("SELECT COALESCE(MAX(id), 0) + 1 FROM parcel");
        return (body * 10 + body % 7).ToString(CultureInfo.InvariantCulture);
    }
}
