using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

/// <summary>
/// One saga among participants, with everything that a seed draws: any order of messages, duplicates, slow effects,
/// timeouts, cancels, restarts, operators. After a while all troubles end, and the saga must end too.
/// </summary>
internal sealed class RandomWorld
{
    private const int TroubledTurns = 60;
    private const int MaxHealingTurns = 2_000;
    private static readonly string[] AskedSteps = ["hold_stock", "take_money", "send_parcel"];

    private readonly Random _random;
    private readonly SagaEngine<string> _engine = new(Purchase.Definition);
    private readonly Dictionary<string, Shop> _shops;
    private readonly List<(EventId Id, IMessage Message)> _toSaga = [];
    private readonly List<(string Step, EventId Id, IMessage Message)> _toShops = [];
    private readonly HashSet<EventId> _handled = [];
    private readonly HashSet<string> _asked = [];
    private readonly HashSet<EventId> _undoIds = [];
    private DateTimeOffset _now = Story.Begin;
    private DateTimeOffset _startedAt = Story.Begin;
    private bool _attentionOpen;
    private int _ends;
    private int _occasions;

    public RandomWorld(int seed)
    {
        _random = new Random(seed);
        _shops = AskedSteps.ToDictionary(s => s, s => new Shop(s, _random), StringComparer.Ordinal);
        var identity = new SagaIdentity(new SagaId(Guid.Empty), Story.Id, new CorrelationId(Guid.Empty));
        Saga = null!;
        Follow(_engine.Begin(identity, Story.Id, Moment()));
    }

    public SagaState Saga { get; private set; }

    public List<string> Trace { get; } = [];

    public HashSet<string> Seen { get; } = [];

    public void Run()
    {
        for (var turn = 0; turn < TroubledTurns; turn++)
        {
            TakeTroubledTurn();
        }

        foreach (var shop in _shops.Values)
        {
            shop.Troubled = false;
        }

        for (var turn = 0; Heal(); turn++)
        {
            Assert.True(turn < MaxHealingTurns, "the saga does not end");
        }

        CheckEnd();
    }

    private void TakeTroubledTurn()
    {
        switch (_random.Next(20))
        {
            case < 7:
                DeliverToSaga(duplicate: _random.Next(5) == 0);
                break;
            case < 13:
                DeliverToShop(duplicate: _random.Next(5) == 0);
                break;
            case < 16:
                Pick(_shops.Values.ToList()).Progress();
                break;
            case 16 when Saga.WakeAt is { } wake:
                Timer(wake);
                break;
            case 17 when _random.Next(4) == 0:
                Input(new SagaInput.CancelAsked("a person wants it", ByPerson: true));
                break;
            case 17 when _random.Next(4) == 0 && _shops["send_parcel"].State < Shop.Effect.HandedOver:
                Input(new SagaInput.CancelAsked("the hold expired", ByPerson: false));
                break;
            case 18 when Saga.Status is SagaStatus.NeedsAttention:
                Input(_random.Next(2) == 0
                    ? new SagaInput.RetryAsked()
                    : new SagaInput.SettledByHand(Saga.CurrentStep!, "by hand"));
                break;
            case 19:
                _startedAt = _random.Next(5) == 0 ? _now : _startedAt;
                _now += TimeSpan.FromSeconds(_random.Next(20));
                break;
        }

        Collect();
    }

    /// <summary>Everything is delivered and ends in time; an operator retries what failed.</summary>
    private bool Heal()
    {
        Collect();
        var busy = _shops.Values.Where(s => s.IsBusy).ToList();
        if (_toShops.Count > 0)
        {
            DeliverToShop(duplicate: false);
        }
        else if (_toSaga.Count > 0)
        {
            DeliverToSaga(duplicate: false);
        }
        else if (busy.Count > 0)
        {
            Pick(busy).Progress();
        }
        else if (Saga.Status is SagaStatus.NeedsAttention)
        {
            Input(new SagaInput.RetryAsked());
        }
        else if (Saga.Status is SagaStatus.InProgress or SagaStatus.Compensating)
        {
            Timer(Assert.NotNull(Saga.WakeAt)); // G2: none hangs
        }
        else
        {
            return false;
        }

        return true;
    }

    private void CheckEnd()
    {
        var parcel = _shops["send_parcel"].State;
        Assert.False(_attentionOpen);
        if (Saga.Status is SagaStatus.Completed)
        {
            Assert.All(_shops.Values, shop =>
                Assert.True(shop.State is Shop.Effect.Done or Shop.Effect.HandedOver, $"{shop.State}"));
            return;
        }

        Assert.Equal(SagaStatus.Cancelled, Saga.Status);
        Assert.Equal(1, _ends);
        Assert.All(
            AskedSteps.Where(_asked.Contains),
            step => Assert.True(Saga.Step(step).Status is StepStatus.Compensated or StepStatus.Failed, $"{step}"));
        Assert.True(_shops["hold_stock"].State is Shop.Effect.Undone);
        Assert.True(_shops["take_money"].State is Shop.Effect.Undone or Shop.Effect.None);
        Assert.True(parcel is Shop.Effect.Undone or Shop.Effect.None or Shop.Effect.Back, $"the parcel is {parcel}");
        Assert.Equal(parcel is Shop.Effect.Back, Seen.Contains(nameof(SagaAction.Returned)));
    }

    private void Timer(DateTimeOffset wake)
    {
        _now = wake > _now ? wake : _now;
        Input(new SagaInput.TimerDue());
    }

    private void DeliverToSaga(bool duplicate)
    {
        if (_toSaga.Count == 0)
        {
            return;
        }

        var (id, message) = Draw(_toSaga, duplicate);
        if (_handled.Add(id))
        {
            Input(message is OnItsWayBack
                ? new SagaInput.ComingBack("send_parcel", "comes back")
                : new SagaInput.Replied(message));
        }
    }

    private void DeliverToShop(bool duplicate)
    {
        if (_toShops.Count > 0)
        {
            var (step, id, message) = Draw(_toShops, duplicate);
            Trace.Add($"  {step} takes {message.GetType().Name}");
            _shops[step].Take(id, message);
        }
    }

    private void Collect()
    {
        foreach (var shop in _shops.Values)
        {
            _toSaga.AddRange(shop.TakeReplies());
        }
    }

    private void Input(SagaInput input)
    {
        Trace.Add($"{_now:T} {input} [{Saga.Status}/{Saga.CurrentStep}]");
        Follow(_engine.React(Saga, Story.Id, input, Moment()));
    }

    private void Follow(SagaReaction reaction)
    {
        var before = Saga;
        Saga = reaction.State;
        Assert.InRange(Saga.Version - (before?.Version ?? 0), 0, 1); // G1
        foreach (var action in reaction.Actions)
        {
            Seen.Add(action.GetType().Name);
            Carry(action);
        }

        Assert.Equal(_attentionOpen, Saga.Status is SagaStatus.NeedsAttention); // G2
        Assert.True(Saga.Steps.Count(s => s.Status is StepStatus.Compensating or StepStatus.CompensationFailed) <= 1);
        Assert.Equal(Saga.Status is SagaStatus.InProgress or SagaStatus.Compensating, Saga.WakeAt is not null);
    }

    private void Carry(SagaAction action)
    {
        switch (action)
        {
            case SagaAction.Ask { Step: "tell_buyer" }:
                break;
            case SagaAction.Ask ask:
                Assert.True(_asked.Add(ask.Step), $"{ask.Step} was asked twice");
                _toShops.Add((ask.Step, Next("ask"), ask.Message));
                break;
            case SagaAction.Undo undo:
                CheckUndo(undo);
                _toShops.Add((undo.Step, undo.EventId, undo.Message));
                break;
            case SagaAction.Settle settle:
                _toShops.Add((settle.Step, Next("settle"), settle.Message));
                break;
            case SagaAction.NeedsAttention:
                _attentionOpen = true;
                break;
            case SagaAction.AttentionOver:
                _attentionOpen = false;
                break;
            case SagaAction.Cancelled:
                Assert.True(_shops["send_parcel"].State < Shop.Effect.HandedOver, "G6: handed over, but cancelled");
                _ends++;
                break;
            case SagaAction.Returned:
                _ends++;
                break;
        }
    }

    private void CheckUndo(SagaAction.Undo undo)
    {
        Assert.Contains(undo.Step, _asked); // G3
        Assert.True(_undoIds.Add(undo.EventId), "two undos have one id");
        foreach (var later in AskedSteps.SkipWhile(s => s != undo.Step).Skip(1)) // G4
        {
            Assert.True(
                Saga.Step(later).Status is StepStatus.Compensated or StepStatus.Failed or StepStatus.Skipped,
                $"{undo.Step} is undone while {later} is {Saga.Step(later).Status}");
        }
    }

    private T Draw<T>(List<T> queue, bool duplicate)
    {
        var i = _random.Next(queue.Count);
        var drawn = queue[i];
        if (!duplicate)
        {
            queue.RemoveAt(i);
        }

        return drawn;
    }

    private T Pick<T>(List<T> among) => among[_random.Next(among.Count)];

    private EventId Next(string what) => new(DerivedId.From(DerivedId.From(Guid.Empty, ++_occasions), what));

    private SagaMoment Moment() => new(DerivedId.From(Guid.Empty, ++_occasions), _now, _startedAt);
}
