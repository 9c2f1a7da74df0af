using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

/// <summary>Something that the participant of a generated step says: its type tells which step and what it means.</summary>
internal sealed record Said<TStep, TMeaning>(string Reason, DateTimeOffset Until) : IMessage;

internal sealed record Go(string Step) : IMessage;

internal sealed record GoBack(string Step, bool MustComeBack) : IMessage;

internal sealed record GoOnHolding(string Step, DateTimeOffset Until) : IMessage;

internal sealed record TakeAsSettled(string Step) : IMessage;

/// <summary>Steps of generated definitions, and the types of what their participants say.</summary>
internal static class Speech
{
    private static readonly Backoff Schedule = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), MaxAttempts: 3);
    private static readonly Participant Anybody = new("anybody", TimeSpan.Zero, TimeSpan.Zero);

    public static SagaStep<string> Step(int index, StepSketch sketch, bool isAfter, bool mayWait, bool mayRefuse) =>
        index switch
        {
            0 => Step<Zero>("step_0", sketch, isAfter, mayWait, mayRefuse),
            1 => Step<One>("step_1", sketch, isAfter, mayWait, mayRefuse),
            2 => Step<Two>("step_2", sketch, isAfter, mayWait, mayRefuse),
            3 => Step<Three>("step_3", sketch, isAfter, mayWait, mayRefuse),
            4 => Step<Four>("step_4", sketch, isAfter, mayWait, mayRefuse),
            _ => Step<Five>("step_5", sketch, isAfter, mayWait, mayRefuse),
        };

    private static SagaStep<string> Step<S>(
        string name, StepSketch sketch, bool isAfter, bool mayWait, bool mayRefuse)
    {
        var step = new SagaStep<string>(name);
        return sketch.Look switch
        {
            Look.Local => step.Locally(),
            Look.Told => step.Tells(_ => new Go(name)),
            _ when isAfter => Retried<S>(step, sketch),
            _ => Asked<S>(step, sketch, mayWait, mayRefuse),
        };
    }

    private static SagaStep<string> Retried<S>(SagaStep<string> step, StepSketch sketch)
    {
        step = step.Asks((_, _) => new Go(step.Name)).DoneOn<Said<S, Done>>().Retries(Schedule).AnsweredBy(Anybody);
        step = sketch.UndoFails ? step.StuckOn<Said<S, CannotGo>>(m => m.Reason) : step;
        return sketch.IsSettled ? step.SettledByHandWith((_, _) => new TakeAsSettled(step.Name)) : step;
    }

    private static SagaStep<string> Asked<S>(SagaStep<string> step, StepSketch sketch, bool mayWait, bool mayRefuse)
    {
        step = step.Asks((_, _) => new Go(step.Name)).DoneOn<Said<S, Done>>(m => m.Until)
            .FailedOn<Said<S, Failed>>(m => m.Reason).Within(TimeSpan.FromSeconds(30))
            .UndoneBy((_, undo) => new GoBack(step.Name, undo.AskedByPerson)).UndoneOn<Said<S, Undone>>()
            .ResendsUndo(Schedule).AnsweredBy(Anybody);
        step = sketch.HasTwoUndone ? step.UndoneOn<Said<S, NeverDone>>() : step;
        step = sketch.UndoFails ? step.UndoFailedOn<Said<S, CannotGoBack>>(m => m.Reason) : step;
        step = sketch.IsSettled ? step.SettledByHandWith((_, _) => new TakeAsSettled(step.Name)) : step;
        step = sketch.Waits && mayWait
            ? step.MayWaitOn<Said<S, Waits>>(m => m.Until, TimeSpan.FromMinutes(5))
                .HeldBy<GoOnHolding, Said<S, Held>>(
                    (_, until) => new(step.Name, until), m => m.Until, TimeSpan.FromSeconds(20))
            : step;
        return sketch.Refuses && mayRefuse
            ? step.UndoRefusedOn<Said<S, TooLate>, Said<S, Back>>(m => m.Reason, TimeSpan.FromDays(21))
            : step;
    }

    private sealed class Zero;

    private sealed class One;

    private sealed class Two;

    private sealed class Three;

    private sealed class Four;

    private sealed class Five;

    private sealed class Done;

    private sealed class Failed;

    private sealed class Undone;

    private sealed class NeverDone;

    private sealed class CannotGo;

    private sealed class CannotGoBack;

    private sealed class Waits;

    private sealed class Held;

    private sealed class TooLate;

    private sealed class Back;
}
