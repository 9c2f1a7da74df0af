using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>
/// Brings what happens to an order before its saga, and carries out what the saga wants: commands, announcements,
/// alerts, remarks. What the saga makes of it is the engine's matter.
/// </summary>
internal sealed class OrderSagaDecider(SagaEngine<Order> flow)
{
    /// <summary>Begins the saga of a new order.</summary>
    public Decision Begin(Decision decision, Order order)
    {
        var occasion = decision.Occasion;
        var reaction = flow.Begin(
            new(order.SagaId, order.OrderId.ToString(), order.CorrelationId), order, SagaMoment.Of(occasion));
        var trail = new Trail(order.CorrelationId, order.SagaId, order.UserId, Traceparent: occasion.Trail.Traceparent);
        var saga = new OrderSaga(order.OrderId, order.UserId, reaction.State, trail, History: []);
        return CarryOut(decision, order, saga, reaction);
    }

    /// <summary>A participant told something.</summary>
    /// <exception cref="InvalidOperationException">
    /// There is no such order: the message goes to the dead letters, for a person.
    /// </exception>
    public Decision Told<T>(Documents documents, Incoming<T> told) where T : IOrderMessage
    {
        var (order, saga) = Load(documents, told.Message.OrderId)
            ?? throw new InvalidOperationException($"There is no order {told.Message.OrderId}.");
        var known = saga.Knowing(told.Message, told.Now);
        var reaction = InputOf(known, told.Message) is { } input
            ? flow.React(known.Saga, order, input, SagaMoment.Of(told))
            : new SagaReaction(known.Saga, []);
        return CarryOut(Decision.On(told), order, known, reaction);
    }

    /// <summary>The saga's timer is due.</summary>
    public Decision TimerDue(Documents documents, Due<OrderSaga> due) =>
        Take(Decision.On(due), documents, due.State.OrderId, new SagaInput.TimerDue(), out _);

    /// <summary>
    /// Lets the saga of an order take an input; <paramref name="reaction"/> tells whether it refused.
    /// </summary>
    public Decision Take(
        Decision decision, Documents documents, OrderId orderId, SagaInput input, out SagaReaction reaction)
    {
        var (order, saga) = Load(documents, orderId)
            ?? throw new InvalidOperationException($"There is no order {orderId}.");
        reaction = flow.React(saga.Saga, order, input, SagaMoment.Of(decision.Occasion));
        var nothing = reaction.Actions.Count == 0 && reaction.State.WakeAt == saga.Saga.WakeAt;
        return nothing ? decision : CarryOut(decision, order, saga, reaction);
    }

    private static (Order Order, OrderSaga Saga)? Load(Documents documents, OrderId id) =>
        documents.Find(OrderKinds.Orders, id) is { } order && documents.Find(OrderKinds.Sagas, id) is { } saga
            ? (order, saga)
            : null;

    /// <summary>What a message is to the saga; null when it only tells how the parcel or the money fares.</summary>
    private static SagaInput? InputOf(OrderSaga saga, IOrderMessage message) => message switch
    {
        ReservationExpired when saga.Shipment is { Dispatched: true } => null,
        ReservationExpired => new SagaInput.CancelAsked(
            "the stock was held for as long as it can be, and is free again", ByPerson: false),
        // An operator's partial refund undoes nothing.
        PaymentRefunded when saga.Payment is not { Status: PaymentStatus.Refunded } => null,
        DeliveryFailed failed => new SagaInput.ComingBack(OrderFlow.PrepareShipping, failed.Reason),
        ReturnInitiated initiated => new SagaInput.ComingBack(OrderFlow.PrepareShipping, initiated.Reason),
        ShippingDispatched or ShippingInTransit or ShippingDelivered or ReturnPickedUp or ReturnCompleted => null,
        _ => new SagaInput.Replied(message),
    };

    private static Decision CarryOut(Decision decision, Order order, OrderSaga before, SagaReaction reaction)
    {
        var now = decision.Occasion.Now;
        var after = before.With(reaction.State, now) with { Trail = before.TrailFor(decision.Occasion) };
        decision.Follow(after.Trail);
        foreach (var action in reaction.Actions)
        {
            Do(decision, order, after, action);
        }

        if (after.Status is OrderStatus.Delivered && !before.Was(OrderStatus.Delivered))
        {
            decision.Send(new OrderDelivered(order.OrderId, order.OrderNumber));
        }

        if (reaction.Actions.Any(a => a is SagaAction.Woken))
        {
            after = after with { StuckSince = before.StuckSince ?? now };
        }
        else if (before.StuckSince is not null && reaction.State.Version > before.Saga.Version)
        {
            after = after with { StuckSince = null };
            decision.Resolve(OrderAlerts.Stuck, order.SagaId.ToString(), "the saga has moved");
        }

        return decision.Put(OrderKinds.Sagas, order.OrderId, after);
    }

    private static Decision Do(Decision decision, Order order, OrderSaga saga, SagaAction action) => action switch
    {
        SagaAction.Ask ask => decision.Send(ask.Message),
        SagaAction.Undo undo => decision.SendAs(undo.EventId, undo.Message),
        SagaAction.Settle settle => decision.Send(settle.Message),
        SagaAction.StepDone step => StepDone(decision, order, saga, step.Step),
        SagaAction.Completed => decision.Send(new OrderCompleted(order.OrderId, order.OrderNumber, order.TotalAmount)),
        SagaAction.CancellingBegan began => decision.Send(new OrderCancelling(order.OrderId, began.Reason)),
        SagaAction.Cancelled cancelled => decision.Send(
            new OrderCancelled(order.OrderId, order.OrderNumber, order.UserId, order.TotalAmount, cancelled.Reason)),
        SagaAction.Returned returned => decision.Send(
            new OrderReturned(order.OrderId, order.OrderNumber, order.UserId, order.TotalAmount, returned.Reason)),
        SagaAction.NeedsAttention attention => decision.Raise(OrderAlerts.NeedsAttention(order, attention)),
        SagaAction.AttentionOver over => decision.Resolve(OrderAlerts.Attention, order.SagaId.ToString(), over.Reason),
        SagaAction.Woken woken => decision.Raise(OrderAlerts.StuckSaga(order, woken.Reason)),
        SagaAction.Remark remark => decision.Remark(remark.Kind, remark.Text),
        _ => throw new InvalidOperationException($"Orders does not know what to do for {action.GetType().Name}."),
    };

    private static Decision StepDone(Decision decision, Order order, OrderSaga saga, string step) => step switch
    {
        OrderFlow.CreateOrder => decision.Send(new OrderCreated(
            order.OrderId,
            order.OrderNumber,
            order.UserId,
            order.Items,
            order.ItemsTotal,
            order.ShippingFee,
            order.TotalAmount,
            order.Sellers())),
        OrderFlow.ProcessPayment when saga.Payment is { PaymentId: { } id, Amount: { } amount } =>
            decision.Send(new OrderPaid(order.OrderId, id, amount)),
        _ => decision,
    };
}
