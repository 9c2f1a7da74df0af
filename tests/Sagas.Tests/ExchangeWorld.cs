using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

/// <summary>
/// One saga with a pivot among participants that are slow, repeat themselves, lose messages and refuse, as a seed draws
/// it. After a while all troubles end, and the saga must have ended, with each effect once.
/// </summary>
internal sealed class ExchangeWorld
{
    private const int TroubledTurns = 50;
    private const int MaxHealingTurns = 500;

    private readonly Random _random;
    private readonly SagaEngine<string> _engine = new(Exchange.Definition);
    private readonly List<(EventId Id, IMessage Message)> _toSaga = [];
    private readonly List<(EventId Id, IMessage Message)> _toShops = [];
    private readonly HashSet<EventId> _handled = [];
    private readonly HashSet<EventId> _taken = [];
    private readonly HashSet<EventId> _askIds = [];
    private readonly Dictionary<Type, (EventId Id, IMessage Message)> _answered = [];
    private SagaState _saga = null!;
    private DateTimeOffset _now = Story.Begin;
    private bool _troubled = true;
    private bool _attention;
    private bool _superseded;
    private bool _voided; // an undo that overtakes its do leaves a tombstone
    private int _held, _freed, _refunds, _packed, _retry = -1, _made;

    public ExchangeWorld(int seed)
    {
        _random = new Random(seed);
        var identity = new SagaIdentity(new SagaId(Guid.Empty), Story.Id, new CorrelationId(Guid.Empty));
        Follow(_engine.Begin(identity, Story.Id, Moment()));
    }

    public HashSet<string> Seen { get; } = [];

    public List<string> Trace { get; } = [];

    public void Run()
    {
        for (var turn = 0; turn < TroubledTurns; turn++)
        {
            TakeTroubledTurn();
        }

        _troubled = false;
        for (var turn = 0; Heal(); turn++)
        {
            Assert.True(turn < MaxHealingTurns, "the saga does not end");
        }

        Assert.False(_attention);
        Assert.True(_saga.Status is SagaStatus.Completed or SagaStatus.Cancelled);
        Assert.True(_refunds <= 1 && _packed <= 1, "an effect came twice");
        if (!_superseded)
        {
            var all = _saga.Status is SagaStatus.Completed;
            Assert.Equal(all ? (1, 1, 0) : (0, 0, _held), (_refunds, _packed, _freed));
        }
    }

    private void TakeTroubledTurn()
    {
        switch (_random.Next(16))
        {
            case < 5:
                ToSaga(_random.Next(5));
                break;
            case < 10:
                ToShop(_random.Next(5));
                break;
            case < 13 when _saga.WakeAt is { } wake:
                Timer(wake);
                break;
            case 13 when _random.Next(3) == 0:
                Input(new SagaInput.CancelAsked("a person wants it", ByPerson: true));
                break;
            case 14 when _saga.Status is SagaStatus.NeedsAttention:
                Input(_random.Next(2) == 0 ? new SagaInput.RetryAsked() : new SagaInput.SettledByHand(_saga.CurrentStep!, "by hand"));
                break;
            case 15 when _random.Next(12) == 0:
                _superseded |= _saga.Status is not (SagaStatus.Completed or SagaStatus.Cancelled);
                Input(new SagaInput.Superseded("everything goes back"));
                break;
        }
    }

    private bool Heal()
    {
        if (_toShops.Count > 0)
        {
            ToShop(fate: 4);
        }
        else if (_toSaga.Count > 0)
        {
            ToSaga(fate: 4);
        }
        else if (_saga.Status is SagaStatus.NeedsAttention)
        {
            Input(new SagaInput.RetryAsked());
        }
        else if (_saga.Status is SagaStatus.InProgress or SagaStatus.Compensating)
        {
            Timer(Assert.NotNull(_saga.WakeAt)); // G2: none hangs
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>Fate 0 loses it, 1 repeats it, all others deliver it.</summary>
    private void ToSaga(int fate)
    {
        if (Draw(_toSaga, fate) is var (id, message) && _handled.Add(id))
        {
            Input(new SagaInput.Replied(message));
        }
    }

    private void ToShop(int fate)
    {
        if (Draw(_toShops, fate) is not var (id, message) || !_taken.Add(id))
        {
            return;
        }

        Trace.Add($"  shop takes {message}");
        switch (message)
        {
            case Hold when !_voided && _held == 0 && _random.Next(4) > 0:
                _held = 1;
                Answer<Hold>(new Held(Story.Id));
                break;
            case Hold when _held == 0:
                Answer<Hold>(new HoldFailed(Story.Id, "sold out"));
                break;
            case Free:
                (_freed, _voided) = (_held, true);
                Answer<Free>(new Freed(Story.Id));
                break;
            case SettleRefund:
                _refunds = 1;
                Answer<Refund>(new Refunded(Story.Id));
                break;
            case Refund refund when _refunds == 0 && (refund.RetryNumber > _retry || !_answered.ContainsKey(typeof(Refund))):
                _retry = refund.RetryNumber;
                var fails = _troubled && _random.Next(2) == 0;
                _refunds = fails ? 0 : 1;
                Answer<Refund>(fails ? new RefundFailed(Story.Id, "closed") : new Refunded(Story.Id), anew: true);
                break;
            case Refund:
                Answer<Refund>(new Refunded(Story.Id));
                break;
            case Pack:
                _packed = 1;
                Answer<Pack>(new Packed(Story.Id));
                break;
        }
    }

    /// <summary>The last reply again under its own id, unless there is a new one to give.</summary>
    private void Answer<TAsk>(IMessage reply, bool anew = false)
    {
        var changes = !_answered.TryGetValue(typeof(TAsk), out var before) || anew
            || (before.Message is RefundFailed && _refunds == 1);
        _answered[typeof(TAsk)] = changes ? (Next(), reply) : before;
        _toSaga.Add(_answered[typeof(TAsk)]);
    }

    private void Timer(DateTimeOffset wake)
    {
        _now = wake > _now ? wake : _now;
        Input(new SagaInput.TimerDue());
    }

    private void Input(SagaInput input)
    {
        Trace.Add($"{_now:T} {input} [{_saga.Status}/{_saga.CurrentStep}]");
        Follow(_engine.React(_saga, Story.Id, input, Moment()));
    }

    private void Follow(SagaReaction reaction)
    {
        var pastPivot = _saga?.Step("give_money").Status is not (null or StepStatus.Pending or StepStatus.Skipped);
        _saga = reaction.State;
        foreach (var action in reaction.Actions)
        {
            Seen.Add(action.GetType().Name);
            Assert.False(pastPivot && action is (SagaAction.Undo or SagaAction.Cancelled), "undone after the pivot");
            _attention = action is SagaAction.NeedsAttention || (_attention && action is not SagaAction.AttentionOver);
            if (action is SagaAction.AskUntilDone again)
            {
                Assert.True(_askIds.Add(again.EventId), "two asks have one id");
            }

            if (MessageOf(action) is var (id, message))
            {
                _toShops.Add((id, message));
            }
        }

        Assert.Equal(_attention, _saga.Status is SagaStatus.NeedsAttention);
        Assert.Equal(_saga.Status is SagaStatus.InProgress or SagaStatus.Compensating, _saga.WakeAt is not null);
    }

    private (EventId Id, IMessage Message)? MessageOf(SagaAction action) => action switch
    {
        SagaAction.Ask ask => (Next(), ask.Message),
        SagaAction.AskUntilDone ask => (ask.EventId, ask.Message),
        SagaAction.Undo undo => (undo.EventId, undo.Message),
        SagaAction.Settle settle => (Next(), settle.Message),
        _ => null,
    };

    private (EventId, IMessage)? Draw(List<(EventId, IMessage)> queue, int fate)
    {
        if (queue.Count == 0)
        {
            return null;
        }

        var i = _random.Next(queue.Count);
        var drawn = queue[i];
        if (fate != 1)
        {
            queue.RemoveAt(i);
        }

        return fate == 0 ? null : drawn;
    }

    private EventId Next() => new(DerivedId.From(DerivedId.From(Guid.Empty, "made"), ++_made));

    private SagaMoment Moment() => new(DerivedId.From(Guid.Empty, ++_made), _now, Story.Begin.AddDays(-1));
}
