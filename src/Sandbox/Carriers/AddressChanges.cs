using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Carriers;

/// <summary>
/// Sends registered parcels elsewhere. A change is known by its client reference: asked again it gives the same answer
/// and changes nothing more, even when another change has come since.
/// </summary>
internal sealed class AddressChanges(TimeProvider clock)
{
    /// <summary>Changes the address, or says why not. Null while the carrier plays dead for this destination.</summary>
    public Answer? Change(SqlSession sql, Parcel parcel, string reference, string postalCode, bool decline)
    {
        if (Known(sql, parcel, reference) is { } taken)
        {
            return taken ? Answer.Json(200, parcel.Shown(sql)) : Undeliverable();
        }

        switch (parcel.Status)
        {
            case ParcelStatus.Cancelled:
                return Answer.Error(409, "CANCELLED", "운송장이 이미 취소되었습니다.");
            case ParcelStatus.Registered:
                break;
            default:
                return Answer.Error(409, "ALREADY_DISPATCHED", "이미 인수된 상품은 주소를 바꿀 수 없습니다.");
        }

        if (Destinations.IsDown(sql, parcel.Carrier, reference, postalCode))
        {
            return null;
        }

        bool isRefused = decline || postalCode == Destinations.Refused;
        Record(sql, parcel, reference, postalCode, isTaken: !isRefused);
        if (isRefused)
        {
            return Undeliverable();
        }

        sql.Run("UPDATE parcel SET postal_code = $2 WHERE tracking_number = $1", parcel.TrackingNumber, postalCode);
        return Answer.Json(200, (parcel with { PostalCode = postalCode }).Shown(sql));
    }

    public static Answer Undeliverable() =>
        Answer.Error(422, "UNDELIVERABLE_ADDRESS", "배송할 수 없는 지역입니다.");

    private static bool? Known(SqlSession sql, Parcel parcel, string reference) => sql.Row(
        "SELECT taken FROM journal_address WHERE tracking_number = $1 AND client_reference = $2",
        row => (bool?)row.GetBoolean(0), parcel.TrackingNumber, reference);

    private void Record(SqlSession sql, Parcel parcel, string reference, string postalCode, bool isTaken) => sql.Run(
        """
        INSERT INTO journal_address (tracking_number, client_reference, postal_code, taken, at)
        VALUES ($1, $2, $3, $4, $5)
        """,
        parcel.TrackingNumber, reference, postalCode, isTaken ? 1L : 0L, clock.NowMs());
}
