using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Sagas;
using DoaMarket.Shipping;
using Amend = DoaMarket.Orders.Amend;

namespace DoaMarket.Audit.Tests;

/// <summary>A partial cancel that came too late, and what can be wrong with one.</summary>
internal static class PlantedAmends
{
    private static readonly OrderId Order = Stories.Delivered;
    private static readonly AmendId Id = new(DerivedId.From(Order.Value, "amend"));
    private static readonly Trail Trail = new(new(Guid.Empty));

    public static readonly IReadOnlyList<(string Code, string What, Action<Picture> Plant)> All =
    [
        ("G7", "a partial cancel has ended and its order does not know", p =>
        {
            Refused(p);
            Fact(p, f => f with { Status = SagaStatus.Completed });
        }),
        ("G7", "a partial cancel hangs", p =>
        {
            Refused(p);
            Saga(p, s => s with { Status = SagaStatus.Compensating, WakeAt = Picture.Noon });
        }),
        ("G7", "a partial cancel needs attention and nobody is called", p =>
        {
            Refused(p);
            Saga(p, s => s with { Status = SagaStatus.NeedsAttention });
        }),
        ("G7", "a cancel waits and no partial cancel moves", p => p.Change(
            OrderKinds.Sagas, Order, s => s with { CancelWaiting = new("changed my mind", true, Picture.Noon) })),
        ("G7", "a refused partial cancel was not told", p =>
        {
            Refused(p);
            p.Journal.Remove(p.Message(Order, "order.amend_refused"));
        }),
        ("M7", "a partial cancel refunds a won too much", p =>
        {
            Refused(p);
            p.Change(OrderKinds.Amends, Id.ToString(), a => a with { Amend = a.Amend with { RefundAmount = new(4_951) } });
            Fact(p, f => f with { RefundAmount = new(4_951) });
        }),
        ("M7", "an order's lines do not come to its total", p => p.Change(
            OrderKinds.Orders, Order, o => o with { DiscountAmount = new(100) })),
        ("M7", "a seller does not see the order", p => p.Remove(
            OrderKinds.SellerOrders, SellerOrder.Key(new("S-01"), Order))),
        ("I1", "a key was answered with a partial cancel that never was", p => p.Put(
            OrderKinds.IdempotencyKeys, "user-1/amend",
            new("hash", null, Picture.Noon)
            {
                Amend = new(Id, AmendSagaId.Of(Id), Order, [], Money.Zero, Money.Zero, Money.Zero, Money.Zero, Money.Zero),
            })),
    ];

    /// <summary>One of the two apples was to be cancelled when the parcel was on its way.</summary>
    public static void Refused(Picture p)
    {
        Put(p, SagaStatus.Cancelled, StepStatus.Compensated, StepStatus.Failed, StepStatus.Skipped, StepStatus.Skipped);
        p.Tell(new OrderAmendRefused(Order, p.Get(OrderKinds.Orders, Order.ToString()).UserId, Id, "on its way"));
    }

    /// <summary>One of the two apples was taken out of the parcel before it left.</summary>
    public static void TakenOut(Picture p)
    {
        Put(
            p, SagaStatus.Completed, StepStatus.Completed, StepStatus.Completed, StepStatus.Completed,
            StepStatus.Completed);
        var reply = new ShippingAmended(Order, Id, ShipmentId.Of(Order));
        Shipping.Amend amend = new(Id, AmendStatus.Settled, Amended: new(p.Tell(reply), reply));
        p.Tell(Stories.Amended());
        p.Change(ShippingKinds.Shipments, Stories.ShipmentOf(Order), s => s with
        {
            Amends = [amend],
            Consignment = s.Consignment! with { Items = [s.Consignment.Items[0] with { Quantity = 1 }] },
        });
    }

    private static void Put(Picture p, SagaStatus status, params StepStatus[] steps)
    {
        var order = p.Get(OrderKinds.Orders, Order.ToString());
        IReadOnlyList<OrderItem> one = [order.Items[0] with { Quantity = 1 }];
        var sums = new OrderSums(one[0].UnitPrice, order.ShippingFee, Money.Zero);
        var amend = new Amend(
            Id, Order, order.OrderNumber, order.UserId, order.Items, one, one, order.TotalAmount - sums.Amount, sums,
            Remains.Sellers(order, one, sums), "the wrong colour", Picture.Noon);
        string[] names =
            [AmendFlow.AcceptWish, AmendFlow.AmendShipment, AmendFlow.RefundDifference, AmendFlow.ReleaseLines];
        var saga = new SagaState(
            AmendSagaId.Of(Id), Order.ToString(), new(Order.Value), "amend_flow", 1, status, null,
            [.. names.Zip(steps, (name, step) => new StepState(name, step))], Compensated: status == SagaStatus.Cancelled, 2, Picture.Noon, Picture.Noon, WakeAt: null);
        p.Put(OrderKinds.Amends, Id.ToString(), new(amend, saga, Trail));
        Saga(p, s => s);
    }

    private static void Saga(Picture p, Func<SagaState, SagaState> change)
    {
        p.Change(OrderKinds.Amends, Id.ToString(), a => a with { Saga = change(a.Saga) });
        var fact = AmendFact.Of(p.Get(OrderKinds.Amends, Id.ToString()));
        p.Change(OrderKinds.Sagas, Order, s => s with { Amends = [fact] });
    }

    private static void Fact(Picture p, Func<AmendFact, AmendFact> change) =>
        p.Change(OrderKinds.Sagas, Order, s => s with { Amends = [change(s.Amends[0])] });
}
