using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Carriers;

/// <summary>
/// What a shipper can ask of a registered parcel. Each is idempotent, and cancel and dispatch exclude each other: the
/// one that commits first wins.
/// </summary>
internal sealed class ParcelRequests(ParcelBooks books)
{
    public Answer Dispatch(SqlSession sql, Parcel parcel, string reference) => parcel.Status switch
    {
        ParcelStatus.Cancelled => Answer.Error(409, "CANCELLED", "운송장이 이미 취소되었습니다."),
        ParcelStatus.Registered => Shown(sql, books.Ask(sql, parcel, ParcelStatus.Dispatched, "dispatch", reference)),
        _ => Shown(sql, parcel),
    };

    public Answer Cancel(SqlSession sql, Parcel parcel, string reference) => parcel.Status switch
    {
        ParcelStatus.Cancelled => Shown(sql, parcel),
        ParcelStatus.Registered => Shown(sql, books.Ask(sql, parcel, ParcelStatus.Cancelled, "cancel", reference)),
        _ => Answer.Error(409, "ALREADY_DISPATCHED", "이미 인수된 상품은 취소할 수 없습니다."),
    };

    public Answer Return(SqlSession sql, Parcel parcel, string reference) =>
        !ParcelStatus.IsHandedOver(parcel.Status)
            ? Answer.Error(409, "NOT_DISPATCHED", "아직 인수되지 않은 상품입니다.")
            : ParcelStatus.IsReturning(parcel.Status)
                ? Shown(sql, parcel)
                : Shown(sql, books.Ask(sql, parcel, ParcelStatus.PickupRequested, "return", reference));

    private static Answer Shown(SqlSession sql, Parcel parcel) => Answer.Json(200, parcel.Shown(sql));
}
