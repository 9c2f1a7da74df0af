using DoaMarket.Audit;
using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Sagas;
using DoaMarket.Shipping;
using PaymentStatus = DoaMarket.Payments.PaymentStatus;
using ShipmentStatus = DoaMarket.Shipping.ShipmentStatus;

namespace DoaMarket.Simulation;

/// <summary>
/// The invariants that hold at every moment (A), checked after every commit on what it changed and on running sums. At
/// the end the audit asks all of them again, and those that hold at quiescence (Q), of the whole store.
/// </summary>
internal sealed class Guard(World world)
{
    private readonly StockGuard _stock = new(world);
    private readonly Dictionary<OrderId, OrderSaga> _sagas = [];
    private readonly Dictionary<SagaId, AmendSaga> _amends = [];
    private readonly Dictionary<OrderId, Payment> _payments = [];
    private readonly Dictionary<OrderId, Shipment> _shipments = [];
    private readonly Dictionary<string, HashSet<string>> _told = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refundAlerts = new(StringComparer.Ordinal);
    private readonly HashSet<Guid> _parcelCancels = [];
    private readonly HashSet<OrderId> _cancelledParcels = [];

    /// <summary>Sagas that a person must look at.</summary>
    public IEnumerable<InNeed> InNeed =>
    [
        .. _sagas.Values.Where(s => s.Saga.Status == SagaStatus.NeedsAttention).Select(s => new InNeed(s.OrderId, s.Saga)),
        .. _amends.Values.Where(a => a.Saga.Status == SagaStatus.NeedsAttention)
            .Select(a => new InNeed(a.Amend.OrderId, a.Saga)),
    ];

    /// <summary>Payments of which the PG has refused to give a part back that an operator had wanted.</summary>
    public IEnumerable<Payment> RefusedParts => _payments.Values.Where(
        p => p is { Status: PaymentStatus.RefundFailed, Refund: { Kind: RefundKind.Operator, Status: RefundStatus.Failed } });

    /// <summary>Documents that are parked, each with its service and the subject of its alert.</summary>
    public SortedSet<(string Service, string Document)> Parked { get; } = [];

    /// <summary>An order's payment as it was written last.</summary>
    public Payment? PaymentOf(OrderId order) => _payments.GetValueOrDefault(order);

    /// <summary>Whether the carrier has, or had, an order's parcel.</summary>
    public bool IsDispatched(OrderId order) => _shipments.TryGetValue(order, out var shipment)
        && ShippingInvariants.Rank(shipment.Status) >= ShippingInvariants.Rank(ShipmentStatus.Dispatched);

    /// <summary>An order's saga as it was written last.</summary>
    public OrderSaga? SagaOf(OrderId order) => _sagas.GetValueOrDefault(order);

    /// <summary>In which step an order is.</summary>
    public FlowStep StepOf(OrderId order) => _sagas.GetValueOrDefault(order)?.Saga.CurrentStep switch
    {
        OrderFlow.ReserveInventory => FlowStep.Reserve,
        OrderFlow.ProcessPayment => FlowStep.Pay,
        OrderFlow.PrepareShipping => FlowStep.Ship,
        _ => FlowStep.Notify,
    };

    /// <summary>Looks at what was committed.</summary>
    public void Look(UnitCommit commit)
    {
        foreach (var write in commit.Documents)
        {
            HandledOnce(write);
            switch (write.State)
            {
                case OrderSaga saga:
                    Look(saga);
                    break;
                case AmendSaga amend:
                    _amends[amend.Saga.SagaId] = amend;
                    break;
                case Payment payment:
                    Look(payment);
                    break;
                case Shipment shipment:
                    Look(shipment, write.Handled);
                    break;
                case AlertState { Alert: { Type: PaymentKinds.RefundFailedAlert } alert } state:
                    _ = state.IsOpen ? _refundAlerts.Add(alert.Subject) : _refundAlerts.Remove(alert.Subject);
                    break;
                case AlertState { Alert: { Type: KernelKinds.ParkedAlert, Subject: var parked } } state:
                    world.Tell(parked, state.IsOpen ? "it is parked" : $"it is parked no longer: {state.Resolution}");
                    _ = state.IsOpen ? Parked.Add((commit.Service, parked)) : Parked.Remove((commit.Service, parked));
                    break;
            }
        }

        if (commit.Service == ShopTopology.Inventory)
        {
            _stock.Look(commit);
        }
        else if (commit.Service == ShopTopology.Payments)
        {
            AlertsOf(commit);
        }

        foreach (var message in commit.Messages)
        {
            Look(message);
        }
    }

    private void HandledOnce(DocumentWrite write)
    {
        var handled = write.Handled;
        for (var i = handled.Count - 1; i > 0 && i > handled.Count - 4; i--)
        {
            for (var j = 0; j < i; j++)
            {
                if (handled[i] == handled[j])
                {
                    world.Violates("O4", $"{write.Key} has taken {handled[i]} in twice");
                }
            }
        }
    }

    private void Look(OrderSaga saga)
    {
        if (_sagas.TryGetValue(saga.OrderId, out var before) && saga.Saga.Version < before.Saga.Version)
        {
            world.Violates("G1", $"order {saga.OrderId}: its saga's version went back to {saga.Saga.Version}");
        }

        if (before is { Saga.Status: SagaStatus.Cancelled } && saga.Saga.Status != SagaStatus.Cancelled)
        {
            world.Violates("G1", $"order {saga.OrderId}: its saga came back from cancelled to {saga.Saga.Status}");
        }

        if (before?.Saga.Status != saga.Saga.Status || before.Saga.CurrentStep != saga.Saga.CurrentStep)
        {
            world.Tell(saga.OrderId, $"saga {Words.Of(saga.Saga.Status)} at {saga.Saga.CurrentStep ?? "its end"}");
            foreach (var fault in SagaPattern.FaultsOf(saga.Saga))
            {
                world.Violates("G1", $"order {saga.OrderId}: {fault}");
            }
        }

        _sagas[saga.OrderId] = saga;
    }

    private void Look(Payment payment)
    {
        if (payment.Refunded + payment.SettledByHand > payment.Captured && payment.SettlementReason is null)
        {
            world.Violates("M1", $"order {payment.OrderId}: refunded {payment.Refunded} of {payment.Captured}");
        }

        if (payment.Terms is not null && payment.Captured > payment.Amount)
        {
            world.Violates("M1", $"order {payment.OrderId}: captured {payment.Captured} of {payment.Amount}");
        }

        if (payment.Captured > world.Pg.MostCaptured(payment.OrderId))
        {
            world.Violates(
                "M3", $"order {payment.OrderId}: captured {payment.Captured} by the ledger, "
                    + $"and {world.Pg.MostCaptured(payment.OrderId)} by the PG");
        }

        _payments[payment.OrderId] = payment;
        world.Pg.Knows(payment.OrderId, payment.Captured);
    }

    private void AlertsOf(UnitCommit commit)
    {
        foreach (var payment in commit.Documents.Select(w => w.State).OfType<Payment>())
        {
            if ((payment.Status == PaymentStatus.RefundFailed) != _refundAlerts.Contains(payment.Id.ToString()))
            {
                world.Violates(
                    "M6", $"order {payment.OrderId}: payment is {payment.Status}, and its alert is "
                        + (_refundAlerts.Contains(payment.Id.ToString()) ? "open" : "not open"));
            }
        }
    }

    private void Look(Shipment shipment, IReadOnlyList<Guid> handled)
    {
        var before = _shipments.GetValueOrDefault(shipment.OrderId);
        _shipments[shipment.OrderId] = shipment;
        if (before?.Status != shipment.Status)
        {
            Look(shipment, before);
        }

        if (handled.Any(_parcelCancels.Contains))
        {
            _cancelledParcels.Add(shipment.OrderId);
        }
    }

    private void Look(Shipment shipment, Shipment? before)
    {

        world.Tell(shipment.OrderId, $"shipment {shipment.Status}");
        if (before is not null && ShippingInvariants.Rank(shipment.Status) < ShippingInvariants.Rank(before.Status))
        {
            world.Violates("H3", $"order {shipment.OrderId}: from {before.Status} back to {shipment.Status}");
        }

        if (shipment.Status == ShipmentStatus.Dispatching)
        {
            Gates(shipment);
        }

        if (shipment.Status == ShipmentStatus.Cancelled
            && before is not null && ShippingInvariants.Rank(before.Status) > 2)
        {
            world.Violates("G6", $"order {shipment.OrderId}: cancelled after dispatch");
        }
    }

    // A cancel that comes after the decision to dispatch, in the same commit, waits for the carrier's answer.
    private void Gates(Shipment shipment)
    {
        var payment = _payments.GetValueOrDefault(shipment.OrderId);
        var isAmended = _told.TryGetValue(shipment.OrderId.ToString(), out var told)
            && told.Contains("payment.partial_refund_requested");
        var back = payment is null ? Money.Zero : payment.Refunded + payment.SettledByHand;
        var isPaid = payment is not null && payment.Captured == payment.Amount && back < payment.Captured
            && (isAmended || back == Money.Zero || payment.Refunds.Any(r => r.Kind == RefundKind.Operator));
        if (!shipment.IsPaid || !isPaid || !shipment.IsCommitted || !_stock.IsCommitted(shipment.OrderId)
            || _cancelledParcels.Contains(shipment.OrderId))
        {
            world.Violates(
                "H1", $"order {shipment.OrderId}: dispatched with paid {isPaid}, stock sold "
                    + $"{_stock.IsCommitted(shipment.OrderId)}, a cancel taken in "
                    + _cancelledParcels.Contains(shipment.OrderId));
        }
    }

    // G3, G4: an undo follows its command, and begins when the undo of every later step is confirmed.
    private void Look(OutgoingMessage message)
    {
        if (message.Envelope.Data is ShippingCancelRequested)
        {
            _parcelCancels.Add(message.Envelope.EventId.Value);
        }

        if (message.Envelope.Data.Subject is not { } subject)
        {
            return;
        }

        world.Tell(subject, $"{message.Envelope.EventType} from {message.Envelope.Source}");
        if (!_told.TryGetValue(subject, out var told))
        {
            _told.Add(subject, told = new(StringComparer.Ordinal));
        }

        var type = message.Envelope.EventType;
        if (!told.Add(type))
        {
            return;
        }

        foreach (var step in AskedStep.All)
        {
            if (step.Undo == type)
            {
                FollowsItsCommand(subject, told, step);
            }
        }
    }

    private void FollowsItsCommand(string subject, HashSet<string> told, AskedStep step)
    {
        if (!told.Contains(step.Ask))
        {
            world.Violates("G3", $"order {subject}: {step.Undo} was sent before {step.Ask}");
        }

        foreach (var later in AskedStep.All)
        {
            if (later.Index > step.Index && told.Contains(later.Ask) && !told.Contains(later.Failed)
                && !later.Undone.Any(told.Contains))
            {
                world.Violates("G4", $"order {subject}: {step.Undo} was sent before {later.Name} was undone");
            }
        }
    }
}

/// <summary>A saga that a person must look at: an order's, or a partial cancel's.</summary>
internal readonly record struct InNeed(OrderId OrderId, SagaState Saga);
