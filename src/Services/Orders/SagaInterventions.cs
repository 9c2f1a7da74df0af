using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>An operator has a failed or unanswered undo tried again.</summary>
public sealed record SagaRetry(SagaId SagaId, string Reason) : Request<SagaInterventionReply>;

/// <summary>
/// An operator has settled a failed or unanswered undo by hand; the participant is told, and closes it.
/// </summary>
/// <param name="Step">The step that was settled.</param>
/// <param name="Settlement">What was done and why; kept for ever.</param>
public sealed record SagaResolve(SagaId SagaId, string Step, ManualSettlement Settlement) : Request<SagaInterventionReply>;

/// <summary>An operator has a partial cancel undone that Shipping has not answered yet.</summary>
public sealed record AmendCancel(SagaId SagaId, string Reason) : Request<SagaInterventionReply>;

/// <summary>What becomes of an operator's intervention.</summary>
public abstract record SagaInterventionReply
{
    private SagaInterventionReply()
    {
    }

    /// <summary>Done, and audited.</summary>
    public sealed record Accepted(SagaStatus Status) : SagaInterventionReply;

    /// <summary>Not possible now; the reason says what is (409).</summary>
    public sealed record Refused(string Reason) : SagaInterventionReply;

    /// <summary>There is no such saga (404).</summary>
    public sealed record NotFound : SagaInterventionReply;
}

/// <summary>The watchdog looks at one saga.</summary>
public sealed record WatchSaga(SagaId SagaId) : Request<SagaWatched>;

/// <summary>Whether the saga stood still and was woken.</summary>
public sealed record SagaWatched(bool Woken);

/// <summary>What operators and the watchdog do to a saga.</summary>
internal static class SagaInterventionsDecider
{
    /// <summary>An order's saga and a partial cancel's: an id is of one of them.</summary>
    public static IEnumerable<DocumentKey> Keys(SagaId saga)
    {
        var order = OrderSagaId.OrderOf(saga);
        return
        [
            OrderKinds.Sagas.Key(order), OrderKinds.Orders.Key(order),
            OrderKinds.Amends.Key(AmendSagaId.AmendOf(saga)),
        ];
    }

    /// <summary>The order of a partial cancel; and the open partial cancel of an order.</summary>
    public static IEnumerable<DocumentKey> Then(Documents documents, SagaId saga) =>
        documents.Find(OrderKinds.Amends, AmendSagaId.AmendOf(saga)) is { Amend.OrderId: var order }
            ? [OrderKinds.Sagas.Key(order), OrderKinds.Orders.Key(order)]
            : OrderSagaDecider.AmendKeys(documents, OrderSagaId.OrderOf(saga), message: null);

    public static Decision Retry(
        OrderSagaDecider flow, Documents documents, Asked<SagaRetry, SagaInterventionReply> asked) =>
        Intervene(
            flow, documents, asked, asked.Body.SagaId, new SagaInput.RetryAsked(), "saga.retry", asked.Body.Reason);

    public static Decision Resolve(
        OrderSagaDecider flow, Documents documents, Asked<SagaResolve, SagaInterventionReply> asked)
    {
        var (saga, step, settlement) = asked.Body;
        var input = new SagaInput.SettledByHand(step, settlement);
        return Intervene(flow, documents, asked, saga, input, "saga.resolve", $"{step}: {settlement}");
    }

    public static Decision Cancel(
        OrderSagaDecider flow, Documents documents, Asked<AmendCancel, SagaInterventionReply> asked)
    {
        var (saga, reason) = asked.Body;
        var decision = Decision.On(asked);
        if (documents.Find(OrderKinds.Amends, AmendSagaId.AmendOf(saga)) is not { } amend)
        {
            return decision.Answer(new SagaInterventionReply.NotFound());
        }

        return amend.Saga.Status is SagaStatus.InProgress
            ? Intervene(
                flow, documents, asked, saga, new SagaInput.CancelAsked(reason, ByPerson: true), "saga.cancel", reason)
            : decision.Answer(new SagaInterventionReply.Refused(
                $"The partial cancel is {Words.Of(amend.Saga.Status)} already."));
    }

    public static Decision Watch(
        OrdersOptions options, OrderSagaDecider flow, Documents documents, Asked<WatchSaga, SagaWatched> asked)
    {
        var decision = Decision.On(asked);
        var look = new SagaInput.Watched(options.WatchdogPatience);
        var reaction = Take(flow, decision, documents, asked.Body.SagaId, look);
        if (reaction?.Actions.OfType<SagaAction.Woken>().FirstOrDefault() is not { } woken)
        {
            return decision.Answer(new SagaWatched(Woken: false));
        }

        return decision
            .Audit("watchdog.wake", asked.Body.SagaId.ToString(), woken.Reason)
            .Answer(new SagaWatched(Woken: true));
    }

    private static Decision Intervene(
        OrderSagaDecider flow,
        Documents documents,
        Occasion asked,
        SagaId saga,
        SagaInput input,
        string action,
        string reason)
    {
        var decision = Decision.On(asked);
        if (Take(flow, decision, documents, saga, input) is not { } reaction)
        {
            return decision.Answer(new SagaInterventionReply.NotFound());
        }

        return reaction.Refusal is { } refusal
            ? decision.Answer(new SagaInterventionReply.Refused(refusal))
            : decision.Audit(action, saga.ToString(), reason).Answer(
                new SagaInterventionReply.Accepted(reaction.State.Status));
    }

    /// <summary>The saga of an order or of a partial cancel takes an input; null when there is no such saga.</summary>
    private static SagaReaction? Take(
        OrderSagaDecider flow, Decision decision, Documents documents, SagaId saga, SagaInput input)
    {
        var (order, amend) = (OrderSagaId.OrderOf(saga), AmendSagaId.AmendOf(saga));
        if (documents.Find(OrderKinds.Amends, amend) is not null)
        {
            flow.TakeAmend(decision, documents, amend, input, out var taken);
            return taken;
        }

        if (documents.Find(OrderKinds.Sagas, order) is null)
        {
            return null;
        }

        flow.Take(decision, documents, order, input, out var reaction);
        return reaction;
    }
}
