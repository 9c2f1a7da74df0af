using DoaMarket.Kernel;
using DoaMarket.Properties;
using FsCheck;
using FsCheck.Fluent;

namespace DoaMarket.Sagas.Tests;

/// <summary>
/// Whatever happens, in whatever order: a saga keeps G1 to G6, and ends or waits for something with a timer or an alert.
/// For generated definitions, and for those of the order and of the partial cancel.
/// </summary>
public sealed class SagaClaimTests
{
    private const int Cases = 1_000, CasesOfOne = 300, MostChoices = 150, LargestChoice = 1_000;

    private static Gen<IReadOnlyList<int>> AnyChoices =>
        from count in Gen.Choose(0, MostChoices)
        from choices in Gen.Choose(0, LargestChoice - 1).ArrayOf(count)
        select (IReadOnlyList<int>)choices;

    [Fact]
    public void Among_honest_participants_any_saga_ends_well() => Claim.HoldsForAll(
        from sketch in Sketch.Any from choices in AnyChoices select new Case(sketch, choices), c => c.Simpler(),
        c => Live(c.Sketch.Flow(), c.Choices), Cases);

    [Fact]
    public void So_does_that_of_an_order() => Claim.HoldsForAll(
        AnyChoices, Simpler, c => Live(RealFlows.Order, c), CasesOfOne);

    [Fact]
    public void So_does_that_of_a_partial_cancel() => Claim.HoldsForAll(
        AnyChoices, Simpler, c => Live(RealFlows.Amend, c), CasesOfOne);

    [Fact]
    public void Whatever_anybody_says_no_saga_breaks_or_hangs() => Claim.HoldsForAll(
        from sketch in Sketch.Any from choices in AnyChoices select new Case(sketch, choices), c => c.Simpler(),
        c => Assault(c.Sketch.Flow(), c.Choices), Cases);

    [Fact]
    public void Nor_does_that_of_an_order() => Claim.HoldsForAll(
        AnyChoices, Simpler, c => Assault(RealFlows.Order, c), CasesOfOne);

    [Fact]
    public void Nor_does_that_of_a_partial_cancel() => Claim.HoldsForAll(
        AnyChoices, Simpler, c => Assault(RealFlows.Amend, c), CasesOfOne);

    [Fact]
    public void The_cases_reach_every_kind_of_end_and_trouble()
    {
        var random = new Random(1);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var flow in new[] { RealFlows.Order, RealFlows.Amend })
        {
            for (var i = 0; i < CasesOfOne; i++)
            {
                var world = new SagaWorld(flow, [.. Enumerable.Range(0, MostChoices).Select(_ => random.Next(LargestChoice))]);
                world.Live();
                seen.UnionWith(world.Seen);
            }
        }

        string[] all =
        [
            "Ask", "AskUntilDone", "Undo", "Settle", "HoldLonger", "Waiting", "StepDone", "Completed", "CancellingBegan",
            "Cancelled", "Returned", "EndedEarly", "NeedsAttention", "AttentionOver", "Remark",
        ];
        Assert.Empty(all.Except(seen));
    }

    private static void Live(Flow flow, IReadOnlyList<int> choices)
    {
        var world = new SagaWorld(flow, choices);
        Tell(world.Live, world.Trace);
    }

    private static void Assault(Flow flow, IReadOnlyList<int> choices)
    {
        var assault = new SagaAssault(flow, choices);
        Tell(assault.Run, assault.Trace);
    }

    private static void Tell(Action live, List<string> trace)
    {
        try
        {
            live();
        }
        catch (Exception refuted)
        {
            throw new InvalidOperationException($"{refuted.Message}\n{string.Join('\n', trace)}", refuted);
        }
    }

    private static IEnumerable<IReadOnlyList<int>> Simpler(IReadOnlyList<int> choices) =>
        Claim.Smaller(choices, n => n == 0 ? [] : n == 1 ? [0] : new[] { 0, n / 2, n - 1 });

    internal sealed record Case(Sketch Sketch, IReadOnlyList<int> Choices)
    {
        public IEnumerable<Case> Simpler() => Sketch.Plainer().Select(s => this with { Sketch = s })
            .Concat(SagaClaimTests.Simpler(Choices).Select(c => this with { Choices = c }));

        public override string ToString() => $"{Sketch}\nchoices {string.Join(' ', Choices)}";
    }
}
