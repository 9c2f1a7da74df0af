using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Sagas;
using DoaMarket.Shipping;

namespace DoaMarket.Audit;

/// <summary>G1 and G2: one possible saga per order, and none that hangs.</summary>
internal static class SagaInvariants
{
    public static IEnumerable<AuditResult> Of(ShopRecords shop, Scope scope)
    {
        var one = new Check("G1", "an order has one saga, and its steps are as the definition allows");
        var ends = new Check("G2", scope.IsQuiescent
            ? "every saga is completed, cancelled, or needs attention with an open alert: none hangs (every order)"
            : "every saga has ended, has a timer, or needs attention with an open alert: none hangs (every order)");
        foreach (var order in shop.Orders.Where(o => o.IsOurs))
        {
            one.LookAt(Impossible(order));
            ends.LookAt(Hanging(order, shop, scope));
        }

        return [one.Result, ends.Result];
    }

    private static IEnumerable<string> Impossible(OrderFile order)
    {
        if (order.Placed is null || order.Saga is null)
        {
            yield return (order.Placed, order.Saga) switch
            {
                (null, null) => $"order {order.Id}: documents or messages name it, but there is no such order",
                (null, _) => $"order {order.Id}: a saga, but no order",
                _ => $"order {order.Id}: no saga",
            };
            yield break;
        }

        var (saga, document) = (order.Saga.State.Saga, order.Saga.State);
        if (order.Saga.Key != order.Id.ToString()
            || saga.SagaId != order.Placed.SagaId
            || saga.SagaId != OrderSagaId.Of(order.Id))
        {
            yield return $"order {order.Id}: its saga {saga.SagaId} under {order.Saga.Key} is another order's";
        }

        foreach (var fault in SagaPattern.FaultsOf(saga))
        {
            yield return $"order {order.Id}: {fault}";
        }

        if (SagaPattern.IsReadable(saga) && document.Status != Expected(document))
        {
            yield return $"order {order.Id}: it is {Words.Of(document.Status)}, but its saga and parcel make it "
                + Words.Of(Expected(document));
        }

        var events = document.Events;
        if (events.Count > 0 && (events[^1].Version != saga.Version
            || events.Zip(events.Skip(1)).Any(pair => pair.Second.Version != pair.First.Version + 1)))
        {
            yield return $"order {order.Id}: its saga is at version {saga.Version}, but its events are "
                + string.Join(", ", events.Select(e => e.Version));
        }

        if (document.History.Zip(document.History.Skip(1)).Any(pair => pair.First.At > pair.Second.At))
        {
            yield return $"order {order.Id}: its history goes back in time";
        }
    }

    private static OrderStatus Expected(OrderSaga order) =>
        OrderStatuses.Of(order.Saga, order.Shipment, order.CancelWaiting is not null);

    private static IEnumerable<string> Hanging(OrderFile order, ShopRecords shop, Scope scope)
    {
        if (order.Saga is { State.Saga: var saga } kept)
        {
            var alerts = shop.OpenAlerts(OrderAlerts.Attention, saga.SagaId.ToString());
            var moves = saga.Status is SagaStatus.InProgress or SagaStatus.Compensating;
            if (alerts != (saga.Status == SagaStatus.NeedsAttention ? 1 : 0))
            {
                yield return $"order {order.Id}: saga {Words.Of(saga.Status)}, "
                    + $"and {alerts} SAGA_NEEDS_ATTENTION alerts are open";
            }

            if (moves && (scope.IsQuiescent || (kept.WakeAt is null && !shop.IsParked(OrderKinds.Sagas.Key(order.Id)))))
            {
                yield return $"order {order.Id}: saga {Words.Of(saga.Status)} at {saga.CurrentStep} "
                    + (kept.WakeAt is { } at ? $"until {at:u}" : "without a timer");
            }
        }

        // Whatever is wanted outside has a timer, so that a lost call cannot strand it.
        if (order.Payment is { WakeAt: null, State: var payment } && PaymentKinds.Payments.Wanted(payment) is not null
            && (scope.IsQuiescent || !shop.IsParked(PaymentKinds.Payments.Key(payment.Id))))
        {
            yield return $"order {order.Id}: payment {payment.Id} awaits the PG without a timer";
        }

        if (order.Shipment is { WakeAt: null, State: var shipment }
            && ShippingKinds.Shipments.Wanted(shipment) is not null
            && (scope.IsQuiescent || !shop.IsParked(ShippingKinds.Shipments.Key(ShipmentId.Of(shipment.OrderId)))))
        {
            yield return $"order {order.Id}: its shipment awaits the carrier without a timer";
        }
    }
}
