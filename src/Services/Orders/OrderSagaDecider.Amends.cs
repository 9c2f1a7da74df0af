using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>
/// The order's partial cancels, and the two rules between them and the order's own saga: a cancel of the whole order
/// waits for a partial cancel that moves; and an order that goes back all the same (a parcel that returns, or a partial
/// cancel that waits for a person) covers what the partial cancel still owes, so that the rest goes back once.
/// </summary>
internal sealed partial class OrderSagaDecider
{
    /// <summary>Begins the saga of a partial cancel.</summary>
    public Decision BeginAmend(Decision decision, Order order, OrderSaga saga, Amend amend)
    {
        var reaction = amends.Begin(
            new(AmendSagaId.Of(amend.AmendId), amend.OrderId.ToString(), saga.Saga.CorrelationId), amend,
            SagaMoment.Of(decision.Occasion));
        return CarryOutAmend(decision, order, saga, new AmendSaga(amend, reaction.State, saga.Trail), reaction);
    }

    /// <summary>A participant told something of a partial cancel.</summary>
    /// <exception cref="InvalidOperationException">
    /// There is no such partial cancel: the message goes to the dead letters, for a person.
    /// </exception>
    public Decision ToldOfAmend<T>(Documents documents, Incoming<T> told, AmendId id) where T : IOrderMessage =>
        TakeAmend(Decision.On(told), documents, id, new SagaInput.Replied(told.Message), out _);

    /// <summary>The timer of a partial cancel's saga is due.</summary>
    public Decision AmendTimerDue(Documents documents, Due<AmendSaga> due) =>
        TakeAmend(Decision.On(due), documents, due.State.Amend.AmendId, new SagaInput.TimerDue(), out _);

    /// <summary>
    /// Lets the saga of a partial cancel take an input; <paramref name="reaction"/> tells whether it refused.
    /// </summary>
    public Decision TakeAmend(
        Decision decision, Documents documents, AmendId id, SagaInput input, out SagaReaction reaction)
    {
        var amend = documents.Find(OrderKinds.Amends, id)
            ?? throw new InvalidOperationException($"There is no partial cancel {id}.");
        var (order, saga) = Load(documents, amend.Amend.OrderId)
            ?? throw new InvalidOperationException($"There is no order {amend.Amend.OrderId}.");
        reaction = amends.React(amend.Saga, amend.Amend, input, SagaMoment.Of(decision.Occasion));
        var nothing = reaction.Actions.Count == 0 && reaction.State.WakeAt == amend.Saga.WakeAt;
        return nothing ? decision : CarryOutAmend(decision, order, saga, amend, reaction);
    }

    /// <summary>The documents of the partial cancel that is open, and of the one that a refund belongs to.</summary>
    public static IEnumerable<DocumentKey> AmendKeys(Documents documents, OrderId order, IOrderMessage? message)
    {
        var saga = documents.Find(OrderKinds.Sagas, order);
        AmendId?[] ids = [saga?.OpenAmend, message is null ? null : saga?.AmendOf(message)];
        return ids.OfType<AmendId>().Distinct().Select(id => OrderKinds.Amends.Key(id));
    }

    private static AmendSaga? OpenAmendOf(Documents documents, OrderSaga saga) =>
        saga.OpenAmend is { } id ? documents.Find(OrderKinds.Amends, id) : null;

    private Decision CarryOutAmend(
        Decision decision, Order order, OrderSaga saga, AmendSaga before, SagaReaction reaction)
    {
        var trail = saga.TrailFor(decision.Occasion);
        var after = before with { Saga = reaction.State, Trail = trail };
        decision.Follow(trail).Put(OrderKinds.Amends, after.Amend.AmendId, after);
        foreach (var action in reaction.Actions)
        {
            Do(decision, order, after, action);
        }

        saga = saga.Following(after, decision.Occasion.Now);
        if (saga.CancelWaiting is not { } cancel || saga.IsAmending)
        {
            return decision.Put(OrderKinds.Sagas, order.OrderId, saga);
        }

        decision.Remark("cancel_goes_on", $"The cancel that waited since {cancel.AskedAt:u} is carried out.");
        var input = new SagaInput.CancelAsked(cancel.Reason, cancel.ByPerson);
        saga = saga with { CancelWaiting = null };
        var open = after.Saga.Status is SagaStatus.Completed or SagaStatus.Cancelled ? null : after;
        var back = flow.React(saga.Saga, order, input, SagaMoment.Of(decision.Occasion));
        return decision.Put(OrderKinds.Sagas, order.OrderId, CarryOut(decision, order, saga, back, open));
    }

    /// <summary>The cancel is remembered in the document, and carried out when the partial cancel has ended.</summary>
    private static OrderSaga Waiting(Decision decision, OrderSaga saga, SagaInput.CancelAsked cancel)
    {
        decision.Remark("cancel_waits", $"Cancelling ({cancel.Reason}) waits until the partial cancel has ended.");
        var asked = saga.CancelWaiting is { ByPerson: true } before
            ? before
            : new WaitingCancel(cancel.Reason, cancel.ByPerson, decision.Occasion.Now);
        return (saga with { CancelWaiting = asked }).With(saga.Saga, decision.Occasion.Now);
    }

    /// <summary>
    /// The order goes back while a partial cancel has not ended: refund and release of the whole order cover the rest
    /// of it.
    /// </summary>
    private OrderSaga Supersede(Decision decision, Order order, OrderSaga saga, AmendSaga open)
    {
        var reaction = amends.React(
            open.Saga, open.Amend, new SagaInput.Superseded("the whole order goes back, which covers the rest"),
            SagaMoment.Of(decision.Occasion));
        var after = open with { Saga = reaction.State, Trail = saga.Trail };
        foreach (var action in reaction.Actions)
        {
            Do(decision, order, after, action);
        }

        decision.Put(OrderKinds.Amends, after.Amend.AmendId, after);
        return saga.Following(after, decision.Occasion.Now);
    }

    private static Decision Do(Decision decision, Order order, AmendSaga amend, SagaAction action) => action switch
    {
        SagaAction.Ask ask => decision.Send(ask.Message),
        SagaAction.AskUntilDone ask => decision.SendAs(ask.EventId, ask.Message),
        SagaAction.Undo undo => decision.SendAs(undo.EventId, undo.Message),
        SagaAction.Settle settle => decision.Send(settle.Message),
        SagaAction.Completed => decision.Send(AmendedOf(amend.Amend)),
        SagaAction.Cancelled cancelled => decision.Send(new OrderAmendRefused(
            order.OrderId, order.UserId, amend.Amend.AmendId, cancelled.Reason)),
        SagaAction.EndedEarly ended => decision.Remark(
            "amend_superseded", $"Partial cancel {amend.Amend.AmendId} ends early: {ended.Reason}."),
        SagaAction.CancellingBegan began => decision.Remark(
            "amend_goes_back", $"Partial cancel {amend.Amend.AmendId} goes back: {began.Reason}."),
        SagaAction.StepDone step => decision.Remark(
            "amend_step_done", $"{step.Step} of {amend.Amend.AmendId} is done."),
        SagaAction.NeedsAttention attention => decision.Raise(OrderAlerts.AmendNeedsAttention(amend, attention)),
        SagaAction.AttentionOver over => decision.Resolve(
            OrderAlerts.Attention, amend.Saga.SagaId.ToString(), over.Reason),
        SagaAction.Woken woken => decision.Raise(OrderAlerts.StuckAmend(amend, woken.Reason)),
        SagaAction.Remark remark => decision.Remark(remark.Kind, remark.Text),
        _ => throw new InvalidOperationException($"Orders does not know what to do for {action.GetType().Name}."),
    };

    private static OrderAmended AmendedOf(Amend a) => new(
        a.OrderId, a.OrderNumber, a.UserId, a.AmendId, a.Cancelled, a.RefundAmount, a.Sums.ItemsTotal,
        a.Sums.ShippingFee, a.Sums.Amount, a.Sellers, a.Reason);
}
