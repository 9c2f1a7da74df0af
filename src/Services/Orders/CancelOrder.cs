using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>A customer, or an operator, wants an order cancelled.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="By">Who asks.</param>
/// <param name="AsOperator">Whether as an operator; a customer reaches only orders of their own.</param>
/// <param name="Reason">Why.</param>
public sealed record CancelOrder(OrderId OrderId, UserId By, bool AsOperator, string Reason)
    : Request<CancelOrderReply>;

/// <summary>What becomes of a wish to cancel.</summary>
public abstract record CancelOrderReply
{
    private CancelOrderReply()
    {
    }

    /// <summary>It will be cancelled or, if the parcel was handed over, returned (202).</summary>
    public sealed record Cancelling(OrderStatus Status) : CancelOrderReply;

    /// <summary>It is cancelled or returned (200).</summary>
    public sealed record Cancelled(OrderStatus Status) : CancelOrderReply;

    /// <summary>It is neither possible to cancel nor to take back (409).</summary>
    /// <param name="Code">For programs, e.g. "ALREADY_DELIVERED".</param>
    /// <param name="Reason">For people.</param>
    public sealed record Refused(string Code, string Reason) : CancelOrderReply;

    /// <summary>There is no such order for this person (404).</summary>
    public sealed record NotFound : CancelOrderReply;
}

/// <summary>Cancelling turns the saga back; asked again, it is answered the same.</summary>
internal static class CancelOrderDecider
{
    public static Decision Decide(
        OrderSagaDecider flow, Documents documents, Asked<CancelOrder, CancelOrderReply> asked)
    {
        var decision = Decision.On(asked);
        var wish = asked.Body;
        var saga = documents.Find(OrderKinds.Sagas, wish.OrderId);
        if (saga is null || (!wish.AsOperator && saga.UserId != wish.By))
        {
            return decision.Answer(new CancelOrderReply.NotFound());
        }

        if (saga.Saga.Compensated)
        {
            return decision.Answer(new CancelOrderReply.Cancelled(saga.Status));
        }

        if (saga is { Shipment.Delivered: true, Saga: { AskedByPerson: false, IsComingBack: false }, CancelWaiting: null })
        {
            return decision.Answer(new CancelOrderReply.Refused(
                "ALREADY_DELIVERED", "The parcel has been delivered: it can be sent back, but not cancelled."));
        }

        if (wish.AsOperator)
        {
            decision.Audit("order.cancel", wish.OrderId.ToString(), wish.Reason);
        }

        var input = new SagaInput.CancelAsked(wish.Reason, ByPerson: true);
        flow.Take(decision, documents, wish.OrderId, input, out var reaction);
        var status = OrderStatuses.Of(reaction.State, saga.Shipment, cancelWaits: saga.IsAmending);
        return decision.Answer(new CancelOrderReply.Cancelling(status));
    }
}
