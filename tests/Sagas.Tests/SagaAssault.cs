using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

/// <summary>
/// One saga told anything by anybody: replies that nobody asked for, that contradict each other, that come years late;
/// people and timers at any time. It need not end well then, but it never throws, never hangs, and never undoes what it
/// did not ask or in the wrong order.
/// </summary>
internal sealed class SagaAssault(Flow flow, IReadOnlyList<int> choices)
{
    private const int MostTimers = 300;

    private readonly Choices _choices = new(choices);
    private readonly SagaPromises _promises = new(flow);
    private SagaState _saga = null!;
    private DateTimeOffset _now = Story.Begin, _startedAt = Story.Begin;
    private int _occasions;

    public List<string> Trace { get; } = [];

    public void Run()
    {
        Follow(null, flow.Begin(Moment()));
        while (!_choices.IsOver)
        {
            Input(Anything());
        }

        // Nobody says anything any more: every deadline passes, and in the end nothing is awaited.
        for (var timers = 0; _saga.WakeAt is { } wake; timers++)
        {
            Assert.True(timers < MostTimers, "G2: its timers never end");
            _now = wake > _now ? wake : _now;
            Input(new SagaInput.TimerDue());
        }

        Assert.True(
            _saga.Status is SagaStatus.Completed or SagaStatus.Cancelled or SagaStatus.NeedsAttention,
            $"G2: it hangs as {_saga.Status}");
    }

    private SagaInput Anything()
    {
        _now += TimeSpan.FromSeconds(_choices.Next(3) * _choices.Next(60));
        var awaited = flow.Steps.FirstOrDefault(s => s.Name == _saga.CurrentStep);
        var step = awaited is null || _choices.Next(3) == 1 ? _choices.Of(flow.Steps) : awaited;
        switch (_choices.Next(14))
        {
            case < 7 when step.Replies.Count > 0:
                return new SagaInput.Replied(flow.Say(_choices.Of(step.Replies), _now.AddMinutes(_choices.Next(120) - 20)));
            case 7:
                _now = _saga.WakeAt > _now ? _saga.WakeAt.Value : _now;
                return new SagaInput.TimerDue();
            case 8:
                return new SagaInput.CancelAsked("it is wanted", ByPerson: _choices.Next(2) == 1);
            case 9:
                return new SagaInput.RetryAsked();
            case 10:
                return new SagaInput.SettledByHand(step.Name, new ManualSettlement("by hand"));
            case 11 when step.CameBack is not null:
                return new SagaInput.ComingBack(step.Name, "nobody accepts it");
            case 12 when _choices.Next(4) == 1:
                return new SagaInput.Superseded("everything goes back");
            default:
                _startedAt = _choices.Next(5) == 1 ? _now : _startedAt;
                return new SagaInput.Watched(TimeSpan.FromMinutes(10));
        }
    }

    private void Input(SagaInput input)
    {
        Trace.Add($"{_now:T} {input} [{_saga.Status}/{_saga.CurrentStep}]");
        Follow(input, flow.React(_saga, input, Moment()));
    }

    private void Follow(SagaInput? input, SagaReaction reaction)
    {
        var before = _saga;
        _saga = reaction.State;
        _promises.Check(before, input, reaction);
    }

    private SagaMoment Moment() => new(DerivedId.From(Guid.Empty, ++_occasions), _now, _startedAt);
}
