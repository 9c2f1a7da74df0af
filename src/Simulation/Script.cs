using System.Globalization;
using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Sagas;
using DoaMarket.Shipping;

namespace DoaMarket.Simulation;

/// <summary>Where a scenario is disturbed. Moments count from 1; 0 is never.</summary>
/// <param name="CrashAt">The process ends there, and is started again.</param>
/// <param name="CancelAt">The customer cancels there.</param>
internal sealed record Disturbance(int CrashAt = 0, int CancelAt = 0)
{
    public bool IsNone => this is { CrashAt: 0, CancelAt: 0 };
}

/// <summary>
/// A moment at which a scenario can be disturbed: a crash point of the kernel, or the end of a worker's step that wrote
/// something, called outside, or was answered.
/// </summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="What">Where.</param>
/// <param name="IsNew">
/// Whether the disk or the outside are other than at the moment before. Where they are not, a process that ends at
/// either leaves the same behind.
/// </param>
public sealed record Moment(int Number, string What, bool IsNew);

/// <summary>
/// Plays a scenario in a world: its one customer, its operators, and what goes wrong. Whoever gets no answer asks again
/// until there is one, as clients do while a shop's process is away.
/// </summary>
internal sealed class Script(World world, Scenario scenario, Disturbance disturbance)
{
    /// <summary>How long a process that has ended is away: shorter than any deadline.</summary>
    public static readonly TimeSpan Absence = TimeSpan.FromSeconds(1);

    /// <summary>When whoever got no answer asks again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private const int MostTries = 50;
    private static readonly UserId Customer = new("u-0"), Operator = new("operator-1");

    private readonly int[] _met = new int[scenario.Mishaps.Count];
    private readonly List<Deed> _deeds = [.. scenario.Deeds];
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Type, string Subject), AlertState> _alerts = [];
    private readonly List<string> _failed = [];
    private Effect? _call;
    private Action _whenPlaced = static () => { };
    private CancelOrderReply? _cancelled;
    private long _changes, _changesSeen;

    public Scenario Scenario => scenario;

    /// <summary>The order, once its customer knows of it.</summary>
    public OrderPlaced? Placed { get; private set; }

    /// <summary>Moments passed so far, each with whether the disk or the outside differ from the one before.</summary>
    public List<Moment> Moments { get; } = [];

    /// <summary>Whether the disturbance has come.</summary>
    public bool IsDisturbed { get; private set; }

    // What the world asks

    /// <summary>A call is made outside.</summary>
    public void Calls(Effect effect)
    {
        _call = effect;
        _changes++;
    }

    /// <summary>Whether something goes wrong here.</summary>
    public bool Hits(Fault fault)
    {
        for (var i = 0; i < _met.Length; i++)
        {
            var mishap = scenario.Mishaps[i];
            if (mishap.Fault == fault && (mishap.At is null || _call?.GetType() == mishap.At)
                && ++_met[i] > mishap.After && _met[i] <= mishap.After + mishap.Times)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Something was written.</summary>
    public void Hears(UnitCommit commit)
    {
        _changes++;
        foreach (var failed in commit.Settlements.Where(s => s is not Settlement.Done))
        {
            _failed.Add($"R1: {failed.Delivery.Envelope?.EventType} could not be handled by {commit.Service}");
        }

        foreach (var alert in commit.Documents.Select(d => d.State).OfType<AlertState>())
        {
            _alerts[(alert.Alert.Type, alert.Alert.Subject)] = alert;
        }

        foreach (var message in commit.Messages.Where(m => !m.Again))
        {
            var isFirst = _told.Add(message.Envelope.EventType);
            foreach (var deed in _deeds.Where(d => d.Upon == message.Envelope.EventType && (isFirst || d.IsRepeated)))
            {
                world.At(world.Clock.Now + deed.After, () => deed.Act(this));
            }
        }
    }

    /// <summary>An answer came from outside.</summary>
    public void HearsFromOutside() => _changes++;

    /// <summary>A worker has made a step. Where that changed nothing, it is no moment of its own.</summary>
    public bool PassesStep(string what) => _changes != _changesSeen && Passes(what);

    /// <summary>A moment passes; true when the process ends there.</summary>
    public bool Passes(string what)
    {
        Moments.Add(new(Moments.Count + 1, what, IsNew: _changes != _changesSeen));
        _changesSeen = _changes;
        world.Tell("", $"--- moment {Moments.Count}: {what}{(Moments[^1].IsNew ? "" : " (as before)")}");
        if (Moments.Count == disturbance.CancelAt && Placed is not null)
        {
            IsDisturbed = true;
            Cancel();
        }

        IsDisturbed |= Moments.Count == disturbance.CrashAt;
        return Moments.Count == disturbance.CrashAt;
    }

    // What people do

    public void Order()
    {
        var address = new ShippingAddress("홍길동", "010-1234-5678", "06236", "서울특별시 강남구 테헤란로 1", "101호");
        var method = scenario.IsByDeposit
            ? new PaymentMethod("virtual_account", Bank: "088", RefundReceiveAccount: new("088", "110123456789", "홍길동"))
            : new PaymentMethod("card", PaymentKey: "pk-0");
        var wish = new PlaceOrder(
            Customer, scenario.Lines, address, method, null, new("key-0", "key-0"), world.Clock.Now);
        Insist(ShopTopology.Orders, wish, Placing);
        if (scenario.IsSubmittedTwice)
        {
            world.At(world.Clock.Now + TimeSpan.FromMilliseconds(5), () => Insist(ShopTopology.Orders, wish, Placing));
        }
    }

    public void Cancel()
    {
        if (Placed is null)
        {
            _whenPlaced = Cancel; // once the customer knows of it
            return;
        }

        world.Tell(Known.OrderId, "the customer cancels");
        var wish = new CancelOrder(Known.OrderId, Customer, AsOperator: false, "마음이 바뀌었어요");
        Insist(ShopTopology.Orders, wish, reply => _cancelled ??= reply);
    }

    public void CancelItems(string product, int quantity)
    {
        world.Tell(Known.OrderId, "the customer cancels a line");
        var wish = new CancelItems(
            Known.OrderId, Customer, AsOperator: false, [new(new(product), null, quantity)], "하나는 필요 없어요",
            new("key-1", "key-1"));
        Insist(ShopTopology.Orders, wish, static _ => { });
    }

    public void ChangeAddress()
    {
        world.Tell(Known.OrderId, "the customer has it sent elsewhere");
        var to = new ShippingAddress("김영희", "010-9876-5432", "04524", "서울특별시 중구 세종대로 110");
        Insist(
            ShopTopology.Shipping, new ChangeAddress(ShipmentId.Of(Known.OrderId), Customer, to), static _ => { });
    }

    public void GivesBack(long won)
    {
        world.Tell(Known.OrderId, "an operator gives a part back");
        var id = new RefundId(DerivedId.From(Known.OrderId.Value, $"operator/{won}"));
        var wish = new RefundPart(PaymentId.Of(Known.OrderId), id, new(won), "흠집", Operator, IsDispatched: true);
        Insist(ShopTopology.Payments, wish, static _ => { });
    }

    /// <summary>An operator has whatever waits for a person tried again.</summary>
    public void Retries() => Intervene(saga => new SagaRetry(saga, "tried again"));

    /// <summary>An operator settles whatever waits for a person.</summary>
    public void Settles() => Intervene(saga => new SagaResolve(
        saga, saga == Known.SagaId ? OrderFlow.ProcessPayment : AmendFlow.RefundDifference,
        new ManualSettlement("settled by hand")));

    /// <summary>An operator settles a parcel that is lost.</summary>
    public void SettlesAsLost() => Intervene(saga => new SagaResolve(
        saga, OrderFlow.PrepareShipping, new ManualSettlement("lost by the carrier", Restock: false)));

    public void BankTakesDepositBack() => world.Pg.TakeBack(Known.OrderId);

    // How it ends

    /// <summary>What is not as it must be at the end, besides the invariants.</summary>
    public IEnumerable<string> Faults(OrderSaga? saga)
    {
        if (Placed is null || saga is null)
        {
            yield return "R1: the customer never got an order";
            yield break;
        }

        foreach (var failed in _failed)
        {
            yield return failed;
        }

        var mayEnd = _cancelled is CancelOrderReply.Cancelling or CancelOrderReply.Cancelled && disturbance.CancelAt > 0
            ? new[] { OrderStatus.Cancelled, OrderStatus.Returned }
            : disturbance.IsNone ? [scenario.End] : [scenario.End, .. scenario.OtherEnds];
        if (!mayEnd.Contains(saga.Status))
        {
            yield return $"R1: the order is {saga.Status} in the end, not {string.Join(" or ", mayEnd)}";
        }

        foreach (var (type, subject) in _alerts.Where(a => a.Value.IsOpen && IsUrgent(a.Value)).Select(a => a.Key))
        {
            yield return $"R1: {type} of {subject} is open in the end";
        }

        foreach (var silent in scenario.Told.Where(t => disturbance.IsNone && !_told.Contains(t)))
        {
            yield return $"R1: {silent} was never sent, so this was another story";
        }
    }

    private bool IsUrgent(AlertState state) =>
        state.Alert.Severity <= AlertSeverity.P2
        && !scenario.OpenAtTheEnd.Contains(state.Alert.Type, StringComparer.Ordinal);

    private OrderPlaced Known => Placed ?? throw new WorldBrokenException("The customer knows of no order yet.");

    private void Placing(PlaceOrderReply reply)
    {
        var placed = reply switch
        {
            PlaceOrderReply.Placed p => p.Order,
            PlaceOrderReply.Replayed p => p.Order,
            _ => throw new WorldBrokenException($"The order was not taken: {reply}"),
        };
        if (Placed is not null && Placed.OrderId != placed.OrderId)
        {
            world.Violates("I1", $"one key made the orders {Placed.OrderId} and {placed.OrderId}");
        }

        if (world.Promised.Add(placed.OrderId))
        {
            Placed = placed;
            _whenPlaced();
        }
    }

    private void Intervene(Func<SagaId, Request<SagaInterventionReply>> wish)
    {
        var waiting = _alerts.Where(a => a.Value.IsOpen && a.Key.Type == OrderAlerts.Attention);
        foreach (var saga in waiting.Select(a => new SagaId(Guid.Parse(a.Key.Subject))))
        {
            world.Tell(Known.OrderId, $"an operator: {wish(saga)}");
            Insist(ShopTopology.Orders, wish(saga), static _ => { });
        }
    }

    private void Insist<T>(string service, Request<T> wish, Action<T> answered, int tries = 1) =>
        world.Ask(service, wish, answered, () =>
        {
            if (tries == MostTries)
            {
                throw new WorldBrokenException(
                    string.Create(CultureInfo.InvariantCulture, $"{wish} was asked {tries} times and never answered."));
            }

            world.At(world.Clock.Now + Patience, () => Insist(service, wish, answered, tries + 1));
        });
}
