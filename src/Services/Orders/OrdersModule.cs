using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>Orders: takes orders in and sees each through, forward or back.</summary>
public static class OrdersModule
{
    /// <summary>The module.</summary>
    /// <param name="options">What the shop has set.</param>
    /// <param name="participants">The limits of the other services; the flow is checked against them.</param>
    /// <exception cref="ArgumentException">
    /// The flow cannot work with these settings; the text says what to change.
    /// </exception>
    public static ServiceModule Create(OrdersOptions options, OrderParticipants participants)
    {
        var flow = new OrderSagaDecider(
            new SagaEngine<Order>(
                OrderFlow.Definition(options, participants), OrderFlow.Version1(options, participants)),
            new SagaEngine<Amend>(AmendFlow.Definition(options, participants)));
        var module = new ServiceModule(ShopTopology.Orders)
            .Owns(OrderKinds.Orders, OrderKinds.SellerOrders, OrderKinds.Sagas, OrderKinds.Amends)
            .Owns(OrderKinds.IdempotencyKeys, OrderKinds.Products, OrderKinds.Numbers);

        // Happy path
        module.OnRequest<PlaceOrder, PlaceOrderReply>(
            PlaceOrderDecider.Keys, (d, asked) => PlaceOrderDecider.Decide(options, flow, d, asked));
        Told<InventoryReserved>();
        Told<AwaitingDeposit>();
        Told<InventoryExtended>();
        Told<PaymentCompleted>();
        Told<ShippingPrepared>();
        Told<ShippingDispatched>();
        Told<ShippingInTransit>();
        Told<ShippingDelivered>();
        Told<ShippingAddressChanged>();

        // Compensation: why it begins, and how each undo is confirmed
        module.OnRequest<CancelOrder, CancelOrderReply>(
            wish => [OrderKinds.Sagas.Key(wish.OrderId), OrderKinds.Orders.Key(wish.OrderId)],
            (d, asked) => CancelOrderDecider.Decide(flow, d, asked),
            (d, asked) => OrderSagaDecider.AmendKeys(d, asked.Body.OrderId, message: null));
        Told<ReserveFailed>();
        Told<PaymentFailed>();
        Told<PrepareFailed>();
        Told<ReservationExpired>();
        Told<DepositReversed>();
        Told<DeliveryFailed>();
        Told<ShippingCancelled>();
        Told<ShippingCancelRefused>();
        Told<ReturnInitiated>();
        Told<ReturnPickedUp>();
        Told<ReturnReceived>();
        Told<ReturnCompleted>();
        Told<PaymentRefunded>();
        Told<PaymentCancelled>();
        Told<RefundFailed>();
        Told<InventoryReleased>();

        // Partial cancels
        module.OnRequest<CancelItems, CancelItemsReply>(
            CancelItemsDecider.Keys, (d, asked) => CancelItemsDecider.Decide(options, flow, d, asked));
        ToldOfAmend<ShippingAmended>(m => m.AmendId);
        ToldOfAmend<ShippingAmendRefused>(m => m.AmendId);
        ToldOfAmend<ShippingAmendUndone>(m => m.AmendId);
        ToldOfAmend<LinesReleased>(m => m.AmendId);

        // Deadlines
        module.OnDue(OrderKinds.Sagas, flow.TimerDue, due =>
        [
            OrderKinds.Orders.Key(due.State.OrderId),
            .. due.State.OpenAmend is { } amend ? [OrderKinds.Amends.Key(amend)] : Array.Empty<DocumentKey>(),
        ]);
        module.OnDue(
            OrderKinds.Amends, flow.AmendTimerDue,
            due => [OrderKinds.Orders.Key(due.State.Amend.OrderId), OrderKinds.Sagas.Key(due.State.Amend.OrderId)]);

        module.OnDue(OrderKinds.IdempotencyKeys, IdempotencyRecord.Forget);

        // People
        module.OnRequest<SagaRetry, SagaInterventionReply>(
            wish => SagaInterventionsDecider.Keys(wish.SagaId),
            (d, asked) => SagaInterventionsDecider.Retry(flow, d, asked),
            (d, asked) => SagaInterventionsDecider.Then(d, asked.Body.SagaId));
        module.OnRequest<SagaResolve, SagaInterventionReply>(
            wish => SagaInterventionsDecider.Keys(wish.SagaId),
            (d, asked) => SagaInterventionsDecider.Resolve(flow, d, asked),
            (d, asked) => SagaInterventionsDecider.Then(d, asked.Body.SagaId));
        module.OnRequest<AmendCancel, SagaInterventionReply>(
            wish => SagaInterventionsDecider.Keys(wish.SagaId),
            (d, asked) => SagaInterventionsDecider.Cancel(flow, d, asked),
            (d, asked) => SagaInterventionsDecider.Then(d, asked.Body.SagaId));
        module.OnRequest<WatchSaga, SagaWatched>(
            watch => SagaInterventionsDecider.Keys(watch.SagaId),
            (d, asked) => SagaInterventionsDecider.Watch(options, flow, d, asked),
            (d, asked) => SagaInterventionsDecider.Then(d, asked.Body.SagaId));
        module.OnRequest<ChangePrice, PriceChanged>(ChangePriceDecider.Keys, ChangePriceDecider.Decide);
        module.OnRequest<SeedProducts, ProductsSeeded>(SeedProductsDecider.Keys, SeedProductsDecider.Decide);
        return module;

        void Told<T>() where T : IOrderMessage => module.On<T>(
            told => OrderKinds.Sagas.Key(told.Message.OrderId),
            flow.Told,
            told => [OrderKinds.Orders.Key(told.Message.OrderId)],
            (d, told) => OrderSagaDecider.AmendKeys(d, told.Message.OrderId, told.Message));

        void ToldOfAmend<T>(Func<T, AmendId> idOf) where T : IOrderMessage => module.On<T>(
            told => OrderKinds.Amends.Key(idOf(told.Message)),
            (d, told) => flow.ToldOfAmend(d, told, idOf(told.Message)),
            told => [OrderKinds.Orders.Key(told.Message.OrderId), OrderKinds.Sagas.Key(told.Message.OrderId)]);
    }
}
