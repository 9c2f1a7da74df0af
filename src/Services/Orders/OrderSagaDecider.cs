using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>
/// Brings what happens to an order before its saga, and carries out what the saga wants: commands, announcements,
/// alerts, remarks. What the saga makes of it is the engine's matter.
/// </summary>
internal sealed partial class OrderSagaDecider(SagaEngine<Order> flow, SagaEngine<Amend> amends)
{
    /// <summary>Begins the saga of a new order.</summary>
    public Decision Begin(Decision decision, Order order)
    {
        var occasion = decision.Occasion;
        var reaction = flow.Begin(
            new(order.SagaId, order.OrderId.ToString(), order.CorrelationId), order, SagaMoment.Of(occasion));
        var trail = new Trail(order.CorrelationId, order.SagaId, order.UserId, Traceparent: occasion.Trail.Traceparent);
        var saga = new OrderSaga(order.OrderId, order.UserId, reaction.State, trail, History: []);
        return decision.Put(OrderKinds.Sagas, order.OrderId, CarryOut(decision, order, saga, reaction, open: null));
    }

    /// <summary>A participant told something; a refund may belong to a partial cancel as well.</summary>
    /// <exception cref="InvalidOperationException">
    /// There is no such order: the message goes to the dead letters, for a person.
    /// </exception>
    public Decision Told<T>(Documents documents, Incoming<T> told) where T : IOrderMessage
    {
        var (order, saga) = Load(documents, told.Message.OrderId)
            ?? throw new InvalidOperationException($"There is no order {told.Message.OrderId}.");
        var decision = Decision.On(told);
        var known = saga.Knowing(told.Message, told.Now);
        if (known.IsDepositLost && !saga.IsDepositLost)
        {
            decision.Raise(OrderAlerts.DepositLost(order));
        }

        var input = InputOf(known, told.Message);
        if (input is SagaInput.CancelAsked cancel && known.IsAmending)
        {
            (known, input) = (Waiting(decision, known, cancel), null);
        }

        var reaction = input is null
            ? new SagaReaction(known.Saga, [])
            : flow.React(known.Saga, order, input, SagaMoment.Of(told));
        known = CarryOut(decision, order, known, reaction, OpenAmendOf(documents, known));
        decision.Put(OrderKinds.Sagas, order.OrderId, known);
        if (known.AmendOf(told.Message) is not { } id || documents.Find(OrderKinds.Amends, id) is not { } amend
            || !known.Amends.Any(a => a.AmendId == id && a.Status == amend.Saga.Status))
        {
            return decision;
        }

        var amendReaction = amends.React(
            amend.Saga, amend.Amend, new SagaInput.Replied(told.Message), SagaMoment.Of(told));
        return CarryOutAmend(decision, order, known, amend, amendReaction);
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
        if (input is SagaInput.CancelAsked cancel && saga.IsAmending)
        {
            reaction = new SagaReaction(saga.Saga, []);
            var waiting = Waiting(decision, saga, cancel) with { Trail = saga.TrailFor(decision.Occasion) };
            return decision.Follow(waiting.Trail).Put(OrderKinds.Sagas, orderId, waiting);
        }

        reaction = flow.React(saga.Saga, order, input, SagaMoment.Of(decision.Occasion));
        var nothing = reaction.Actions.Count == 0 && reaction.State.WakeAt == saga.Saga.WakeAt;
        return nothing ? decision : decision.Put(
            OrderKinds.Sagas, orderId, CarryOut(decision, order, saga, reaction, OpenAmendOf(documents, saga)));
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
            CancelReasons.HoldExpired, ByPerson: false),
        DepositReversed when saga.IsDepositLost => null, // a person is called; nothing can be undone by itself
        DepositReversed => new SagaInput.CancelAsked(CancelReasons.DepositReversed, ByPerson: false),

        // A part of the money undoes nothing: a partial cancel's, or an operator's.
        PaymentRefunded when saga.Payment is not { Status: PaymentStatus.Refunded } => null,
        RefundFailed failed when saga.IsNotItsUndo(failed) => null,
        DeliveryFailed failed => new SagaInput.ComingBack(OrderFlow.PrepareShipping, failed.Reason),
        ReturnInitiated initiated => new SagaInput.ComingBack(OrderFlow.PrepareShipping, initiated.Reason),
        ShippingAddressChanged or ShippingDispatched or ShippingInTransit or ShippingDelivered => null,
        ReturnPickedUp or ReturnCompleted => null,
        _ => new SagaInput.Replied(message),
    };

    /// <summary>Carries out what the order's saga wants; gives the order's document, which is to be put.</summary>
    private OrderSaga CarryOut(
        Decision decision, Order order, OrderSaga before, SagaReaction reaction, AmendSaga? open)
    {
        var now = decision.Occasion.Now;
        var after = before.With(reaction.State, now) with { Trail = before.TrailFor(decision.Occasion) };
        decision.Follow(after.Trail);
        foreach (var action in reaction.Actions)
        {
            after = action switch
            {
                SagaAction.Waiting => after.ShowingAccount(),
                SagaAction.CancellingBegan => after.HidingAccount(),
                _ => after,
            };
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

        return open is not null && after.Saga.Status is (SagaStatus.Compensating or SagaStatus.NeedsAttention)
            ? Supersede(decision, order, after, open)
            : after;
    }

    private static Decision Do(Decision decision, Order order, OrderSaga saga, SagaAction action) => action switch
    {
        SagaAction.Ask ask => decision.Send(ask.Message),
        SagaAction.Undo undo => decision.SendAs(undo.EventId, undo.Message),
        SagaAction.Settle settle => decision.Send(settle.Message),
        SagaAction.HoldLonger hold => decision.Send(hold.Message),
        SagaAction.Waiting => AwaitDeposit(decision, order, saga),
        SagaAction.StepDone step => StepDone(decision, order, saga, step.Step),
        SagaAction.Completed => decision.Send(new OrderCompleted(order.OrderId, order.OrderNumber, order.TotalAmount)),
        SagaAction.CancellingBegan began => decision.Send(new OrderCancelling(order.OrderId, began.Reason)),
        SagaAction.Cancelled cancelled => decision.Send(new OrderCancelled(
            order.OrderId, order.OrderNumber, order.UserId, order.TotalAmount, cancelled.Reason,
            CancelCause.Of(saga))),
        SagaAction.Returned returned => decision.Send(
            new OrderReturned(order.OrderId, order.OrderNumber, order.UserId, order.TotalAmount, returned.Reason)),
        SagaAction.NeedsAttention attention => decision.Raise(OrderAlerts.NeedsAttention(order, attention)),
        SagaAction.AttentionOver over => decision.Resolve(OrderAlerts.Attention, order.SagaId.ToString(), over.Reason),
        SagaAction.Woken woken => decision.Raise(OrderAlerts.StuckSaga(order, woken.Reason)),
        SagaAction.Remark remark => decision.Remark(remark.Kind, remark.Text),
        _ => throw new InvalidOperationException($"Orders does not know what to do for {action.GetType().Name}."),
    };

    private static Decision AwaitDeposit(Decision decision, Order order, OrderSaga saga)
    {
        var account = saga.Account
            ?? throw new InvalidOperationException($"Order {order.OrderId} waits for a deposit into no account.");
        return decision.Send(new OrderAwaitingDeposit(
            order.OrderId, order.OrderNumber, order.UserId, account.Amount, account.Bank, account.AccountNumber,
            account.DueAt));
    }

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
