using DoaMarket.Kernel;
using DoaMarket.Properties;
using FsCheck;
using FsCheck.Fluent;

namespace DoaMarket.Sagas.Tests;

/// <summary>How one step of a generated definition looks.</summary>
internal enum Look
{
    Asked,
    Local,
    Told,
}

/// <summary>One step of a generated definition. Everything false is the plainest.</summary>
/// <param name="Waits">It may take longer, and has what earlier steps hold held for as long.</param>
/// <param name="Refuses">Its undo may come too late.</param>
/// <param name="UndoFails">Its undo may fail; a step after the pivot may get stuck.</param>
/// <param name="IsSettled">A person may settle it.</param>
/// <param name="IsSpared">It is not needed at all.</param>
internal sealed record StepSketch(
    Look Look, bool Waits = false, bool Refuses = false, bool UndoFails = false, bool IsSettled = false,
    bool IsSpared = false, bool HasTwoUndone = false)
{
    public IEnumerable<StepSketch> Plainer()
    {
        if (Look is not Look.Asked) { yield return this with { Look = Look.Asked }; }
        if (Waits) { yield return this with { Waits = false }; }
        if (Refuses) { yield return this with { Refuses = false }; }
        if (UndoFails) { yield return this with { UndoFails = false }; }
        if (IsSettled) { yield return this with { IsSettled = false }; }
        if (IsSpared) { yield return this with { IsSpared = false }; }
        if (HasTwoUndone) { yield return this with { HasTwoUndone = false }; }
    }
}

/// <summary>A generated definition: steps before the pivot, and those after it.</summary>
internal sealed record Sketch(IReadOnlyList<StepSketch> Before, IReadOnlyList<StepSketch> After)
{
    private const int MostBefore = 4, MostAfter = 2;

    public static Gen<Sketch> Any { get; } =
        from before in Gen.Choose(1, MostBefore)
        from after in Gen.Choose(0, MostAfter)
        from first in AnyStep.ArrayOf(before)
        from then in AnyStep.ArrayOf(after)
        select new Sketch(first, then);

    private static Gen<StepSketch> AnyStep =>
        from look in Gen.Frequency((6, Gen.Constant(Look.Asked)), (1, Gen.Elements(Look.Local, Look.Told)))
        from flags in Gen.Elements(false, false, true).ArrayOf(5)
        from isSpared in Gen.Frequency((8, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new StepSketch(look, flags[0], flags[1], flags[2], flags[3], isSpared, flags[4]);

    public IEnumerable<Sketch> Plainer() => Claim.Smaller(Before, s => s.Plainer()).Where(b => b.Count > 0)
        .Select(b => this with { Before = b })
        .Concat(Claim.Smaller(After, s => s.Plainer()).Select(a => this with { After = a }));

    /// <summary>The definition, as far as the checks of definitions allow it.</summary>
    public Flow Flow() => Tests.Flow.Of(
        new SagaDefinition<string>("generated", 1, [.. Steps()]), Story.Id,
        (type, until) => (IMessage)Activator.CreateInstance(type, "said", until)!,
        undo => ((GoBack)undo).MustComeBack, hold => ((GoOnHolding)hold).Until);

    public override string ToString() =>
        $"before the pivot: {string.Join("; ", Before)}\nafter it: {string.Join("; ", After)}";

    private IEnumerable<SagaStep<string>> Steps()
    {
        var last = Before.Index().LastOrDefault(s => s.Item.Look is Look.Asked, (Index: -1, Item: null!)).Index;
        var first = Before.Index().FirstOrDefault(s => s.Item.Look is Look.Asked, (Index: -1, Item: null!)).Index;
        for (var i = 0; i < Before.Count + After.Count; i++)
        {
            var (step, isAfter) = i < Before.Count ? (Before[i], false) : (After[i - Before.Count], true);
            var mayRefuse = i == last && After.All(s => s.Look is not Look.Asked);
            var made = Speech.Step(i, step, isAfter, mayWait: i > first, mayRefuse);
            yield return step.IsSpared ? made.OnlyWhen(_ => false) : made;
        }
    }
}
