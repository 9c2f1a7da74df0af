using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Sagas;

namespace DoaMarket.Audit.Tests;

/// <summary>What can go wrong while an order waits for its customer's deposit, and with its event stream.</summary>
internal static class PlantedWaits
{
    private static readonly DateTimeOffset DueAt = Picture.Noon.AddDays(7);

    public static readonly IReadOnlyList<(string Code, string What, Action<Picture> Plant)> All =
    [
        ("G1", "a customer was told to pay while the stock was held for too short", p =>
        {
            Wait(p);
            p.Change(OrderKinds.Sagas, Stories.Delivered, s => s with { Saga = s.Saga with { HeldUntil = Picture.Noon } });
        }),
        ("G1", "an event of an order is missing from its stream", p => p.Change(
            OrderKinds.Sagas, Stories.Delivered, s => s with
            {
                Events = [Event(s, s.Saga.Version - 2), Event(s, s.Saga.Version)],
            })),
        ("G1", "the last change of an order was not told", p => p.Change(
            OrderKinds.Sagas, Stories.Delivered, s => s with { Events = [Event(s, s.Saga.Version - 1)] })),
        ("O1", "an order waits for a deposit and its customer was not told", p =>
        {
            Wait(p);
            p.Journal.Remove(p.Message(Stories.Delivered, "order.awaiting_deposit"));
        }),
        ("O1", "a customer was told to pay into the account of an order that never waited", Tell),
    ];

    /// <summary>The delivered order was paid by a deposit.</summary>
    public static void Wait(Picture p)
    {
        Tell(p);
        p.Change(OrderKinds.Sagas, Stories.Delivered, s => s with
        {
            Saga = s.Saga with
            {
                HeldUntil = DueAt,
                Steps =
                [
                    .. s.Saga.Steps.Select(x => x.Name == OrderFlow.ProcessPayment
                        ? x with { WaitsUntil = DueAt, WaitingSince = Picture.Noon }
                        : x),
                ],
            },
        });
    }

    private static OrderEvent Event(OrderSaga s, int version) => new(
        version, Picture.Noon, s.Status, s.Saga.Status, new Dictionary<string, StepStatus>(), Reason: null);

    private static void Tell(Picture p) => p.Tell(new OrderAwaitingDeposit(
        Stories.Delivered, "ORD", new UserId("user-1"), new(12_900), "우리", "X1", DueAt));
}
