using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

/// <summary>
/// One saga among honest participants, with whatever a case has chosen: any order of messages, duplicates, slow effects,
/// timeouts, cancels, restarts, operators. Then all troubles end, and the saga must end too (G1 to G6).
/// </summary>
internal sealed class SagaWorld
{
    private const int MostHealingTurns = 2_000;

    private readonly Flow _flow;
    private readonly Choices _choices;
    private readonly SagaPromises _promises;
    private readonly Dictionary<string, Player> _players;
    private readonly List<(FlowStep Step, EventId Id, IMessage? Message)> _toSaga = [];
    private readonly List<(Player Player, SagaAction Action, EventId Id)> _toPlayers = [];
    private readonly HashSet<EventId> _handled = [];
    private SagaState _saga = null!;
    private DateTimeOffset _now = Story.Begin, _startedAt = Story.Begin;
    private bool _isSuperseded;
    private string? _end;
    private int _occasions;

    public SagaWorld(Flow flow, IReadOnlyList<int> choices)
    {
        (_flow, _choices, _promises) = (flow, new Choices(choices), new SagaPromises(flow));
        _players = flow.Steps.Where(s => s.IsAnswered)
            .ToDictionary(s => s.Name, s => new Player(flow, s, _choices), StringComparer.Ordinal);
        Follow(null, flow.Begin(Moment()));
    }

    /// <summary>What happened, for people.</summary>
    public List<string> Trace { get; } = [];

    /// <summary>Kinds of actions seen.</summary>
    public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

    public void Live()
    {
        while (!_choices.IsOver)
        {
            TakeTroubledTurn();
        }

        for (var turn = 0; Heal(); turn++)
        {
            Assert.True(turn < MostHealingTurns, "G2: the saga does not end");
        }

        CheckEnd();
    }

    private void TakeTroubledTurn()
    {
        switch (_choices.Next(30))
        {
            case < 8:
                Deliver();
                break;
            case < 11 when _toSaga.Count > 0:
                ToSaga(_choices.Next(_toSaga.Count), isRepeated: _choices.Next(5) == 1);
                break;
            case < 14 when _toPlayers.Count > 0:
                ToPlayer(_choices.Next(_toPlayers.Count), isRepeated: _choices.Next(5) == 1);
                break;
            case < 20 when _players.Count > 0:
                Tell(_choices.Of([.. _players.Values]), p => p.Progress(_now));
                break;
            case < 23 when _saga.WakeAt is { } wake:
                Timer(wake);
                break;
            case 23:
                _now += TimeSpan.FromSeconds(_choices.Next(20));
                Input(new SagaInput.TimerDue()); // early: the ledger decides
                break;
            case 24:
                _startedAt = _now;
                break;
            case 25:
                Input(new SagaInput.CancelAsked("a person wants it", ByPerson: true));
                break;
            case 26 when !_players.Values.Any(p => p.IsWithCarrier): // such facts are not heard of what is handed over
                Input(new SagaInput.CancelAsked("the hold expired", ByPerson: false));
                break;
            case 27 when _saga.Status is SagaStatus.NeedsAttention:
                Input(_choices.Next(2) == 0
                    ? new SagaInput.RetryAsked()
                    : new SagaInput.SettledByHand(_saga.CurrentStep!, new ManualSettlement("by hand")));
                break;
            case 28 when _flow.HasPivot && _choices.Next(4) == 1:
                _isSuperseded |= _saga.Status is not (SagaStatus.Completed or SagaStatus.Cancelled);
                Input(new SagaInput.Superseded("everything goes back"));
                break;
            case 29:
                Input(new SagaInput.Watched(TimeSpan.FromMinutes(10)));
                break;
        }
    }

    /// <summary>Everything is delivered and ends in time; an operator retries what failed.</summary>
    private bool Heal()
    {
        if (_toPlayers.Count + _toSaga.Count > 0)
        {
            Deliver();
        }
        else if (_players.Values.FirstOrDefault(p => p.IsBusy) is { } busy)
        {
            Tell(busy, p => p.Progress(_now));
        }
        else if (_saga.Status is SagaStatus.NeedsAttention)
        {
            Input(new SagaInput.RetryAsked());
        }
        else if (_saga.Status is SagaStatus.InProgress or SagaStatus.Compensating)
        {
            Timer(Assert.NotNull(_saga.WakeAt));
        }
        else
        {
            return false;
        }

        return true;
    }

    private void CheckEnd()
    {
        Assert.True(_saga.Status is SagaStatus.Completed or SagaStatus.Cancelled, $"G2: it ends as {_saga.Status}");
        Assert.All(_players.Values, p => Assert.True(p.TimesDone <= 1, $"G5: {p.Step.Name} was done {p.TimesDone} times"));
        if (_isSuperseded)
        {
            return; // something larger sees to what is left
        }

        foreach (var player in _players.Values)
        {
            var status = _saga.Step(player.Step.Name).Status;
            var isGood = (_saga.Status, status) switch
            {
                (_, StepStatus.Skipped) => player.State is Effect.None,
                (SagaStatus.Completed, _) => player.State is Effect.Done or Effect.HandedOver,
                _ => player.State is Effect.Undone or Effect.Failed or Effect.None or Effect.Back,
            };
            Assert.True(isGood, $"{player.Step.Name} is {status}, and its participant has it {player.State}; the saga is {_saga.Status}");
        }

        if (_saga.Status is SagaStatus.Cancelled)
        {
            var isBack = _players.Values.Any(p => p.State is Effect.Back);
            Assert.True(
                _end == (isBack ? nameof(SagaAction.Returned) : nameof(SagaAction.Cancelled)),
                $"G6: it ends as {_end}, and what was handed over is {(isBack ? "back" : "not back")}");
        }
    }

    private void Timer(DateTimeOffset wake)
    {
        _now = wake > _now ? wake : _now;
        Input(new SagaInput.TimerDue());
    }

    /// <summary>What was sent first arrives.</summary>
    private void Deliver()
    {
        if (_toPlayers.Count > 0)
        {
            ToPlayer(0, isRepeated: false);
        }
        else if (_toSaga.Count > 0)
        {
            ToSaga(0, isRepeated: false);
        }
    }

    private void ToSaga(int i, bool isRepeated)
    {
        var (step, id, message) = Draw(_toSaga, i, isRepeated);
        if (_handled.Add(id))
        {
            Input(message is null
                ? new SagaInput.ComingBack(step.Name, "nobody accepts it")
                : new SagaInput.Replied(message));
        }
    }

    private void ToPlayer(int i, bool isRepeated)
    {
        var (player, action, id) = Draw(_toPlayers, i, isRepeated);
        Trace.Add($"  {player.Step.Name} ({player.State}) takes {action.GetType().Name}");
        Tell(player, p =>
        {
            switch (action)
            {
                case SagaAction.Ask:
                    p.Ask(id, retry: 0, _now);
                    break;
                case SagaAction.AskUntilDone ask:
                    p.Ask(id, ask.RetryNumber, _now);
                    break;
                case SagaAction.Undo undo:
                    p.Undo(id, undo.RetryNumber, _flow.MustComeBack(undo.Message), _now);
                    break;
                case SagaAction.Settle:
                    p.Settle(id, _now);
                    break;
                case SagaAction.HoldLonger hold when p.Hold(StepOf(hold.Step), _flow.Until(hold.Message)) is { } held:
                    _toSaga.Add((StepOf(hold.Step), Next("held"), held));
                    break;
            }
        });
    }

    private void Tell(Player player, Action<Player> what)
    {
        what(player);
        _toSaga.AddRange(player.Listen().Select(s => (player.Step, s.Id, s.Message)));
    }

    private void Input(SagaInput input)
    {
        Trace.Add($"{_now:T} {input} [{_saga.Status}/{_saga.CurrentStep}]");
        Follow(input, _flow.React(_saga, input, Moment()));
    }

    private void Follow(SagaInput? input, SagaReaction reaction)
    {
        var before = _saga;
        _saga = reaction.State;
        _promises.Check(before, input, reaction);
        foreach (var action in reaction.Actions)
        {
            Seen.Add(action.GetType().Name);
            Carry(action);
        }
    }

    private void Carry(SagaAction action)
    {
        switch (action)
        {
            case SagaAction.Ask ask when _players.TryGetValue(ask.Step, out var player):
                _toPlayers.Add((player, action, Next("ask")));
                break;
            case SagaAction.AskUntilDone ask:
                _toPlayers.Add((_players[ask.Step], action, ask.EventId));
                break;
            case SagaAction.Undo undo:
                _toPlayers.Add((_players[undo.Step], action, undo.EventId));
                break;
            case SagaAction.Settle settle:
                _toPlayers.Add((_players[settle.Step], action, Next("settle")));
                break;
            case SagaAction.HoldLonger:
                _toPlayers.Add((_players.Values.First(), action, Next("hold"))); // what is held was held first
                break;
            case SagaAction.Cancelled:
                Assert.DoesNotContain(_players.Values, p => p.IsWithCarrier); // G6
                _end = nameof(SagaAction.Cancelled);
                break;
            case SagaAction.Returned:
                _end = nameof(SagaAction.Returned);
                break;
        }
    }

    private static T Draw<T>(List<T> queue, int i, bool isRepeated)
    {
        var drawn = queue[i];
        if (!isRepeated)
        {
            queue.RemoveAt(i);
        }

        return drawn;
    }

    private FlowStep StepOf(string name) => _players[name].Step;

    private EventId Next(string what) => new(DerivedId.From(DerivedId.From(Guid.Empty, ++_occasions), what));

    private SagaMoment Moment() => new(DerivedId.From(Guid.Empty, ++_occasions), _now, _startedAt);
}
