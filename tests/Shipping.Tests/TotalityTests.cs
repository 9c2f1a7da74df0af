using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Shipping.Tracker;

namespace DoaMarket.Shipping.Tests;

/// <summary>
/// Every status meets every message, answer, report and timer: decided, not thrown at, and never without a trace.
/// </summary>
public sealed class TotalityTests
{
    private static readonly EffectResult[] Results =
    [
        .. Enum.GetValues<CarrierStatus>().Select(s => new ParcelKnown("6100000001", s)),
        new ParcelKnown("6199999999", CarrierStatus.Registered),
        new ParcelNotFound(), new CarrierRefused("NO", "no"), new OutcomeUnknown("504"), new EffectFailed("bug"),
        new NotAttempted(TimeSpan.FromSeconds(5), "open"), new WatchTaken(World.Start.AddDays(2)),
    ];

    private static readonly string[] Reports =
    [
        "INFORMATION_RECEIVED", "AT_PICKUP", "IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED", "ATTEMPT_FAIL", "EXCEPTION",
        "RETURN_PICKED_UP", "RETURNED", "SOMETHING_NEW",
    ];

    public static TheoryData<ShipmentStatus> Statuses => [.. Enum.GetValues<ShipmentStatus>()];

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Every_message_is_decided(ShipmentStatus status)
    {
        var messages = new Func<World, IMessage>[]
        {
            w => w.PrepareMessage(),
            w => w.PrepareMessage(within: TimeSpan.Zero),
            w => new PaymentCompleted(w.Order, PaymentId.Of(w.Order), "tx", new(1)),
            w => new InventoryCommitted(w.Order, []),
            w => new ShippingCancelRequested(w.Order, "r", AskedByPerson: true, RetryNumber: 0),
            w => new ShippingCancelRequested(w.Order, "r", AskedByPerson: false, RetryNumber: 1),
            w => new ShippingResolveRequested(w.Order, "r"),
            w => new ShippingAmendRequested(w.Order, w.NewAmend(), w.Lines(1), "r", w.Now.AddSeconds(30)),
            w => new ShippingAmendRequested(w.Order, w.NewAmend(), w.Lines(1), "r", w.Now),
            w => new ShippingAmendUndoRequested(w.Order, w.NewAmend(), w.Lines(2), "r"),
            w => w.Settlement(w.NewAmend()),
            w => new OrderReturned(w.Order, "ORD-1", w.User, new(1), "r"),
        };
        foreach (var message in messages)
        {
            var world = At(status);
            Assert.Equal(status, world.Status);
            AssertTraced(world.Decide(world.Enveloped(message(world))), $"{status} × {message(world).GetType().Name}");
        }
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Every_amend_and_undo_is_answered(ShipmentStatus status)
    {
        var isInTime = status is ShipmentStatus.Stub or ShipmentStatus.Preparing or ShipmentStatus.Prepared;
        var world = At(status);
        var amend = world.NewAmend();
        world.Amend(amend, remaining: 1);
        Assert.Equal([isInTime ? "ShippingAmended" : "ShippingAmendRefused"], world.SentTypes);
        Assert.Equal(status, world.Status);
        world.UndoAmend(amend);
        Assert.Equal("ShippingAmendUndone", world.SentTypes[^1]);
        world.Amend(amend, remaining: 1);
        Assert.Equal("ShippingAmendRefused", world.SentTypes[^1]);
        Assert.Equal(2, world.Shipment!.Lines?.Sum(i => i.Quantity) ?? 2);
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Every_change_of_the_address_is_answered(ShipmentStatus status)
    {
        var world = At(status);
        var reply = world.ChangeAddress();
        switch (status)
        {
            case ShipmentStatus.Stub:
                Assert.IsType<ChangeAddressReply.NotFound>(reply);
                break;
            case ShipmentStatus.Preparing or ShipmentStatus.Prepared:
                Assert.Equal(1, Assert.IsType<ChangeAddressReply.Changing>(reply).Number);
                break;
            case ShipmentStatus.Cancelling or ShipmentStatus.Cancelled or ShipmentStatus.Failed:
                Assert.Equal("SHIPMENT_CANCELLED", Assert.IsType<ChangeAddressReply.Refused>(reply).Code);
                break;
            default:
                Assert.Equal("ALREADY_DISPATCHED", Assert.IsType<ChangeAddressReply.Refused>(reply).Code);
                break;
        }

        Assert.Equal(status, world.Status);
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public void A_change_of_the_address_under_way_meets_every_message_answer_and_timer(ShipmentStatus status)
    {
        foreach (var result in Results)
        {
            var world = At(status);
            world.ChangeAddress();
            if (world.Wanted is { } wanted)
            {
                world.Answer(wanted, result);
                AssertAnyTrace(world, $"{status} × {wanted} × {result}");
            }

            world.Cancel();
            world.Settle();
            Assert.Null(world.Shipment!.AddressChange);
        }
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Every_answer_is_decided_awaited_and_late(ShipmentStatus status)
    {
        foreach (var kind in Enum.GetValues<CallKind>())
        {
            foreach (var result in Results)
            {
                var world = At(status);
                var effect = EffectOf(world, kind);
                world.Answer(effect, result); // late: nobody waits for this key
                AssertAnyTrace(world, $"{status} × late {kind} × {result}");
                if (At(status) is { Wanted: { } wanted } waiting)
                {
                    waiting.Answer(wanted, result);
                    AssertAnyTrace(waiting, $"{status} × {wanted} × {result}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Every_report_is_answered(ShipmentStatus status)
    {
        foreach (var report in Reports)
        {
            var world = At(status);
            Assert.Matches("^(taken|ignored|unknown_parcel)$", world.Report(report, "m-new").Outcome);
        }
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Every_hint_of_the_tracker_is_answered(ShipmentStatus status)
    {
        var world = At(status);
        Assert.Matches("^(taken|ignored|unknown_parcel)$", world.Hint().Outcome);
        Assert.Equal(status, world.Status);
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public void A_timer_may_fire_at_any_time(ShipmentStatus status)
    {
        foreach (var later in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(20), TimeSpan.FromDays(2) })
        {
            var world = At(status);
            var before = world.Shipment!;
            world.Now += later;
            world.Wake();
            Assert.Contains(world.Status!.Value, new[] { status, ShipmentStatus.Dispatching, ShipmentStatus.Failed });
            if (ReferenceEquals(before, world.Shipment))
            {
                var at = ShippingKinds.Shipments.WakeAt(before);
                Assert.True(at is null || at > world.Now, $"{status} after {later}: due and nothing done");
            }
        }
    }

    /// <summary>A world whose shipment came to this status by itself.</summary>
    private static World At(ShipmentStatus status)
    {
        var world = new World();
        Reach(world, status);
        world.Notes.Clear();
        world.Alerts.Clear();
        world.Sent.Clear();
        return world;
    }

    private static void Reach(World w, ShipmentStatus status)
    {
        if (status is ShipmentStatus.Stub)
        {
            w.Pay();
            return;
        }

        w.Prepare();
        switch (status)
        {
            case ShipmentStatus.Preparing:
                return;
            case ShipmentStatus.Failed:
                w.Answer(new CarrierRefused("NO", "no"));
                return;
        }

        w.Call();
        if (status is ShipmentStatus.Cancelling or ShipmentStatus.Cancelled)
        {
            w.Cancel();
            if (status is ShipmentStatus.Cancelled)
            {
                w.Call();
            }

            return;
        }

        w.Pay();
        w.Commit();
        if (status is ShipmentStatus.Prepared)
        {
            return;
        }

        w.Pass(w.Options.HoldBeforeDispatch);
        if (status is ShipmentStatus.Dispatching)
        {
            return;
        }

        w.Call();
        ReachOnTheWay(w, status);
    }

    private static void ReachOnTheWay(World w, ShipmentStatus status)
    {
        switch (status)
        {
            case ShipmentStatus.Dispatched:
                return;
            case ShipmentStatus.InTransit:
                w.Report("IN_TRANSIT", "m1");
                return;
            case ShipmentStatus.OutForDelivery:
                w.Report("OUT_FOR_DELIVERY", "m1");
                return;
            case ShipmentStatus.Delivered:
                w.Report("DELIVERED", "m1");
                return;
            case ShipmentStatus.DeliveryFailed:
                w.Report("EXCEPTION", "m1");
                return;
        }

        w.Cancel();
        if (status is ShipmentStatus.ReturnPickedUp)
        {
            w.Report("RETURN_PICKED_UP", "m2");
        }
        else if (status is ShipmentStatus.Returned or ShipmentStatus.ReturnCompleted)
        {
            w.Report("RETURNED", "m2");
            if (status is ShipmentStatus.ReturnCompleted)
            {
                w.OrderReturned();
            }
        }
    }

    private static Effect EffectOf(World w, CallKind kind)
    {
        var (carrier, key, reference, number) = (
            "kr.cjlogistics", $"old/{kind}", ClientReference.Of(w.Order), "6100000001");
        var to = w.PrepareMessage();
        return kind switch
        {
            CallKind.Register =>
                new RegisterParcel(carrier, key, reference, w.Order, to.ShippingAddress, 500, to.Items, w.Now),
            CallKind.Find => new FindParcel(carrier, key, reference),
            CallKind.Track => new TrackParcel(carrier, key, number),
            CallKind.Dispatch => new DispatchParcel(carrier, key, number, reference),
            CallKind.Readdress => new ReaddressParcel(carrier, key, number, reference + "-A9", w.Address()),
            CallKind.Cancel => new CancelParcel(carrier, key, number, reference),
            CallKind.Watch => new WatchParcel(TrackerGateway.Name, key, carrier, number),
            _ => new StartReturn(carrier, key, number, reference),
        };
    }

    private static void AssertTraced(Decision d, string what) => Assert.True(
        d.Changes.Count + d.Messages.Count + d.Notes.Count + d.Alerts.Count > 0, $"{what} left no trace");

    /// <summary>
    /// The answer's changes went into the shipment; what is left to see is in the lists or in the call.
    /// </summary>
    private static void AssertAnyTrace(World w, string what) => Assert.True(
        w.Sent.Count + w.Notes.Count + w.Alerts.Count > 0 || w.Shipment!.Call is not null
            || w.Shipment.AskNewsAt is not null
        || w.Status is ShipmentStatus.Failed or ShipmentStatus.Cancelled,
        $"{what} left no trace");
}
