using DoaMarket.Contracts;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>Every definition that a saga of Orders may have, for those who show sagas.</summary>
public static class OrderOutlines
{
    /// <summary>The newest of each first.</summary>
    public static IReadOnlyList<SagaOutline> All(OrdersOptions options, OrderParticipants participants) =>
    [
        SagaOutline.Of(OrderFlow.Definition(options, participants), ShopMessages.Catalog),
        SagaOutline.Of(OrderFlow.Version1(options, participants), ShopMessages.Catalog),
        SagaOutline.Of(AmendFlow.Definition(options, participants), ShopMessages.Catalog),
    ];
}
