using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Orders;

namespace DoaMarket.Sagas.Tests;

/// <summary>The flows that the shop runs, as Orders defines them.</summary>
internal static class RealFlows
{
    private static readonly OrderId Id = new(DerivedId.From(Guid.Empty, "order"));
    private static readonly AmendId AmendId = new(DerivedId.From(Guid.Empty, "amend"));
    private static readonly UserId User = new("user-1");
    private static readonly Money Total = new(25_800);
    private static readonly Contracts.Parcel Parcel = new(ShipmentId.Of(Id), "61000001", "kr.cjlogistics", "CJ대한통운");

    private static readonly OrderParticipants Participants = new(
        new("inventory", TimeSpan.Zero, TimeSpan.Zero),
        new("payments", TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(5)),
        new("shipping", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5)));

    /// <summary>An order's.</summary>
    public static Flow Order { get; } = Flow.Of(
        OrderFlow.Definition(new(), Participants), Bought(), Say,
        undo => undo is ShippingCancelRequested { AskedByPerson: true }, hold => ((ExtendRequested)hold).Until);

    /// <summary>A partial cancel's.</summary>
    public static Flow Amend { get; } = Flow.Of(
        AmendFlow.Definition(new(), Participants), Cancelled(), Say, _ => false, _ => default);

    private static Order Bought() => new(
        Id, "ORD-20260401-000001", OrderSagaId.Of(Id), new(Id.Value), User, [Line(2)], Total, Money.Zero, Money.Zero,
        Total, new("홍길동", "010-1234-5678", "04524", "서울시 중구 세종대로 110"), new("billing", "bk_ok"), null, Story.Begin);

    private static Amend Cancelled() => new(
        AmendId, Id, "ORD-20260401-000001", User, [Line(2)], [Line(1)], [Line(1)], new(12_900),
        new(new(12_900), Money.Zero, Money.Zero), [], "the wrong colour", Story.Begin);

    private static OrderItem Line(int quantity) => new(new("P-1"), null, "머그컵", quantity, new(12_900), new("S-01"), 500);

    private static IMessage Say(Type reply, DateTimeOffset until) => reply.Name switch
    {
        nameof(InventoryReserved) => new InventoryReserved(Id, [], until),
        nameof(ReserveFailed) => new ReserveFailed(Id, "insufficient_stock", []),
        nameof(InventoryReleased) => new InventoryReleased(Id, []),
        nameof(InventoryExtended) => new InventoryExtended(Id, until),
        nameof(PaymentCompleted) => new PaymentCompleted(Id, PaymentId.Of(Id), "tx", Total),
        nameof(PaymentFailed) => new PaymentFailed(Id, PaymentId.Of(Id), "card refused", "REJECT"),
        nameof(PaymentCancelled) => new PaymentCancelled(Id, "nothing was captured"),
        nameof(PaymentRefunded) => new PaymentRefunded(Id, PaymentId.Of(Id), new(Guid.Empty), Total, Total, false),
        nameof(RefundFailed) => new Contracts.RefundFailed(Id, PaymentId.Of(Id), new(Guid.Empty), "account closed"),
        nameof(AwaitingDeposit) => new AwaitingDeposit(Id, PaymentId.Of(Id), Total, "우리", "X6505", until),
        nameof(ShippingPrepared) => new ShippingPrepared(
            Id, Parcel.ShippingId, Parcel.TrackingNumber, Parcel.CarrierId, Parcel.CarrierName),
        nameof(PrepareFailed) => new PrepareFailed(Id, "no carrier", "NO_CARRIER"),
        nameof(ShippingCancelled) => new ShippingCancelled(Id, Parcel.ShippingId, "cancelled"),
        nameof(ShippingCancelRefused) => new ShippingCancelRefused(
            Id, Parcel.ShippingId, Parcel.TrackingNumber, "handed over"),
        nameof(ReturnReceived) => new ReturnReceived(Id, User, Parcel),
        nameof(ShippingAmended) => new ShippingAmended(Id, AmendId, Parcel.ShippingId),
        nameof(ShippingAmendRefused) => new ShippingAmendRefused(Id, AmendId, "dispatched"),
        nameof(ShippingAmendUndone) => new ShippingAmendUndone(Id, AmendId),
        nameof(LinesReleased) => new LinesReleased(Id, AmendId, []),
        _ => throw new ArgumentException($"Nobody says {reply.Name} in these flows.", nameof(reply)),
    };
}
