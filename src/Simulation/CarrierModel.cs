using System.Globalization;
using DoaMarket.Audit;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Shipping;

namespace DoaMarket.Simulation;

/// <summary>
/// The carriers: one waybill per client reference; dispatch and cancel exclude each other; parcels move by themselves,
/// and each movement is told by a callback.
/// </summary>
internal sealed class CarrierModel(World world) : IOutside
{
    private const int MaxCallbackTries = 12;
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(4);

    /// <summary>Within the shop's patience with a registration of unknown outcome.</summary>
    private static readonly TimeSpan LatestSuccess = TimeSpan.FromSeconds(25);

    private readonly Dictionary<(string Carrier, string Reference), Parcel> _byReference = [];
    private readonly Dictionary<string, EffectResult> _readdressed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Parcel> _byNumber = new(StringComparer.Ordinal);
    private readonly HashSet<OrderId> _lost = [];
    private int _callbacks;

    /// <summary>Their journals.</summary>
    public List<OracleParcel> Books { get; } = [];

    /// <summary>Whether an order's parcel will never come back.</summary>
    public bool HasLost(OrderId order) => _lost.Contains(order);

    public IEnumerable<GatewayBinding> Bindings(ShopRun run) => world.Bench.Shipping.Carriers.Select(
        c => world.Bind(c.Id, effect => Call(run, c.Id, effect)));

    private Task<EffectResult> Call(ShopRun run, string carrier, Effect effect)
    {
        if (effect is RegisterParcel register && world.Clock.Now > register.NotAfter)
        {
            return Answer(run, TimeSpan.Zero, new NotAttempted(TimeSpan.Zero, "Its turn came too late."));
        }

        if (Hits(Fault.CarrierDown))
        {
            return Answer(run, TimeSpan.Zero, new NotAttempted(TimeSpan.FromSeconds(5), "The circuit is open."));
        }

        if (Hits(Fault.CarrierTimeout))
        {
            return Answer(run, CallTimeout, new OutcomeUnknown("timeout"));
        }

        if (effect is not (FindParcel or TrackParcel) && Hits(Fault.CarrierLateSuccess))
        {
            world.At(world.Clock.Now + world.Late(LatestSuccess), () => Do(carrier, effect));
            return Answer(run, CallTimeout, new OutcomeUnknown("timeout"));
        }

        if (effect is RegisterParcel && Hits(Fault.CarrierRegistersTwice))
        {
            world.At(world.Clock.Now + world.Late(LatestSuccess), () => Do(carrier, effect));
        }

        var result = Do(carrier, effect);
        return Hits(Fault.CarrierResponseLost)
            ? Answer(run, CallTimeout, new OutcomeUnknown("the connection broke"))
            : Answer(run, world.Chance.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(300)), result);
    }

    private Task<EffectResult> Answer(ShopRun run, TimeSpan after, EffectResult result) =>
        world.Answer(run, ShopTopology.Shipping, after, result);

    private EffectResult Do(string carrier, Effect effect) => effect switch
    {
        RegisterParcel e => Register(carrier, e),
        FindParcel e => _byReference.TryGetValue((carrier, e.ClientReference), out var p)
            ? p.Known
            : new ParcelNotFound(),
        TrackParcel e => On(e.TrackingNumber, p => p.Known),
        DispatchParcel e => On(e.TrackingNumber, Dispatch),
        CancelParcel e => On(e.TrackingNumber, Cancel),
        ReaddressParcel e => On(e.TrackingNumber, p => Readdress(p, e)),
        StartReturn e => On(e.TrackingNumber, Return),
        _ => throw new InvalidOperationException($"A carrier cannot do {effect.GetType().Name}."),
    };

    private EffectResult On(string number, Func<Parcel, EffectResult> act) =>
        _byNumber.TryGetValue(number, out var parcel) ? act(parcel) : new ParcelNotFound();

    private ParcelKnown Register(string carrier, RegisterParcel wish)
    {
        var reference = wish.ClientReference;
        if (!_byReference.TryGetValue((carrier, reference), out var parcel))
        {
            if (_byReference.Values.Any(p => p.Reference == reference && p.Status != CarrierStatus.Cancelled))
            {
                world.Violates("H2", $"{reference}: two live waybills");
            }

            var number = string.Create(CultureInfo.InvariantCulture, $"6{_byNumber.Count + 1:D11}");
            parcel = new(carrier, reference, number) { PostalCode = wish.Recipient.PostalCode };
            _byReference.Add((carrier, reference), parcel);
            _byNumber.Add(number, parcel);
            Note(parcel, OracleParcel.Waybill);
        }

        return parcel.Known;
    }

    // Repeating a change changes nothing more.
    private EffectResult Readdress(Parcel p, ReaddressParcel wish)
    {
        if (p.Status != CarrierStatus.Registered)
        {
            return p.Known;
        }

        if (!_readdressed.TryGetValue(wish.ClientReference, out var answer))
        {
            var isRefused = Hits(Fault.CarrierRefusesAddress);
            p.PostalCode = isRefused ? p.PostalCode : wish.Recipient.PostalCode;
            answer = isRefused ? new CarrierRefused("NOT_SERVED", "we do not go there") : p.Known;
            _readdressed.Add(wish.ClientReference, answer);
            world.Trace.Note(74, isRefused ? 0 : 1);
        }

        return answer;
    }

    private ParcelKnown Dispatch(Parcel p)
    {
        if (p.Status == CarrierStatus.Registered)
        {
            Note(p, OracleParcel.Dispatch);
            Move(p, CarrierStatus.HandedOver, "AT_PICKUP");
        }

        return new(p.Number, p.Status == CarrierStatus.Cancelled ? CarrierStatus.Cancelled : CarrierStatus.HandedOver);
    }

    private ParcelKnown Cancel(Parcel p)
    {
        if (p.Status == CarrierStatus.Registered)
        {
            p.Status = CarrierStatus.Cancelled;
            Note(p, OracleParcel.Cancel);
        }

        return new(p.Number, p.Status == CarrierStatus.Cancelled ? CarrierStatus.Cancelled : CarrierStatus.HandedOver);
    }

    private ParcelKnown Return(Parcel p)
    {
        if (!p.IsReturnAsked)
        {
            p.IsReturnAsked = true;
            Note(p, OracleParcel.Return);
            if (p.Status is CarrierStatus.Delivered or CarrierStatus.GivenUp)
            {
                MoveOn(p); // it had come to rest
            }
        }

        return new(p.Number, CarrierStatus.ReturnStarted);
    }

    private void Move(Parcel p, CarrierStatus status, string word)
    {
        p.Status = status;
        world.Trace.Note(71, (int)status);
        Callback(p, word);
        MoveOn(p);
    }

    private void MoveOn(Parcel p) => world.At(
        world.Clock.Now + world.Wait(TimeSpan.FromMinutes(30), TimeSpan.FromHours(30), TimeSpan.FromHours(2)),
        () => Step(p));

    private void Step(Parcel p)
    {
        switch (p.Status)
        {
            case CarrierStatus.Registered or CarrierStatus.Cancelled or CarrierStatus.Returned:
                break;
            case CarrierStatus.ReturnPickedUp:
                Move(p, CarrierStatus.Returned, "RETURNED");
                break;
            case not CarrierStatus.ReturnPickedUp when p.IsReturnAsked && Hits(Fault.CarrierLosesParcel):
                Lose(p);
                break;
            case not CarrierStatus.ReturnPickedUp when p.IsReturnAsked:
                Move(p, CarrierStatus.ReturnPickedUp, "RETURN_PICKED_UP");
                break;
            case CarrierStatus.HandedOver:
                Move(p, CarrierStatus.InTransit, "IN_TRANSIT");
                break;
            case CarrierStatus.InTransit:
                Move(p, CarrierStatus.OutForDelivery, "OUT_FOR_DELIVERY");
                break;
            case CarrierStatus.OutForDelivery when Hits(Fault.CarrierGivesUp):
                Rest(p, CarrierStatus.GivenUp, "EXCEPTION");
                break;
            case CarrierStatus.OutForDelivery:
                Rest(p, CarrierStatus.Delivered, "DELIVERED");
                break;
        }
    }

    // It is heard of no more; in the end a person finds out and settles it.
    private void Lose(Parcel p)
    {
        world.Tell(ClientReference.Order(p.Reference), $"{p.Carrier}: {p.Number} is lost");
        world.Trace.Note(75, 1);
        _lost.Add(ClientReference.Order(p.Reference)!.Value);
        world.CallOperators(world.Clock.Now + (world.Bench.Orders.ReturnWithin * 1.5));
    }

    private void Rest(Parcel p, CarrierStatus status, string word)
    {
        p.Status = status;
        Callback(p, word);
    }

    private void Callback(Parcel p, string word)
    {
        if (Hits(Fault.CallbackLost))
        {
            return;
        }

        var number = ++_callbacks;
        var report = new CarrierReported(
            p.Carrier, p.Number, p.Reference, word, world.Clock.Now,
            string.Create(CultureInfo.InvariantCulture, $"msg_{number}"));
        var wait = Hits(Fault.CallbackLate)
            ? world.Chance.UpTo(TimeSpan.FromHours(60))
            : world.Chance.UpTo(TimeSpan.FromSeconds(3));
        Send(report, wait, tries: 1);
        world.At(world.Clock.Now + wait, () => Overtaken(p, number));
        if (Hits(Fault.CallbackRepeated))
        {
            Send(report, world.Chance.UpTo(TimeSpan.FromHours(40)), tries: 1);
        }
    }

    private void Overtaken(Parcel p, int number)
    {
        if (number < p.LastTold)
        {
            world.Hit(Fault.CallbackOvertaken, FlowStep.Ship);
        }

        p.LastTold = Math.Max(p.LastTold, number);
    }

    // A carrier calls again until it is answered.
    private void Send(CarrierReported report, TimeSpan after, int tries) => world.At(
        world.Clock.Now + after,
        () => world.Ask(ShopTopology.Shipping, report, static _ => { }, () =>
        {
            if (tries < MaxCallbackTries)
            {
                Send(report, TimeSpan.FromSeconds(5 * tries), tries + 1);
            }
        }));

    private void Note(Parcel p, string kind)
    {
        world.Tell(ClientReference.Order(p.Reference), $"{p.Carrier}: {kind} {p.Number}");
        world.Trace.Note(72, kind.Length);
        Books.Add(new(p.Reference, kind, p.Carrier, p.Number, p.PostalCode));
    }

    private bool Hits(Fault fault) => world.Hits(fault, FlowStep.Ship);

    private sealed class Parcel(string carrier, string reference, string number)
    {
        public string Carrier { get; } = carrier;

        public string Reference { get; } = reference;

        public string Number { get; } = number;

        public CarrierStatus Status { get; set; } = CarrierStatus.Registered;

        public bool IsReturnAsked { get; set; }

        public string? PostalCode { get; set; }

        /// <summary>The latest of its callbacks that was made so far.</summary>
        public int LastTold { get; set; }

        public ParcelKnown Known => new(Number, Status);
    }
}
