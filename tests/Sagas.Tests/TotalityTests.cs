using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

/// <summary>
/// Every state that a saga can reach takes every input: all of them are visited, and in each the promises of the engine
/// hold. (Attempts are not told apart, so that there are finitely many.)
/// </summary>
public sealed class TotalityTests
{
    private const int MaxStates = 20_000;

    private static readonly SagaInput[] People =
    [
        new SagaInput.CancelAsked("a person", ByPerson: true), new SagaInput.CancelAsked("a fact", ByPerson: false),
        new SagaInput.RetryAsked(), new SagaInput.Superseded("everything goes back"),
        new SagaInput.Watched(TimeSpan.FromMinutes(10)), new SagaInput.TimerDue(),
    ];

    private static readonly IMessage[] PurchaseReplies =
    [
        new Held(Story.Id), new HoldFailed(Story.Id, "sold out"), new Freed(Story.Id), new Charged(Story.Id),
        new ChargeFailed(Story.Id, "refused"), new Refunded(Story.Id), new NeverCharged(Story.Id),
        new RefundFailed(Story.Id, "closed"), new Packed(Story.Id), new PackFailed(Story.Id, "no carrier"),
        new Unpacked(Story.Id), new HandedOver(Story.Id, "gone"), new CameBack(Story.Id),
    ];

    private static readonly IMessage[] ExchangeReplies =
    [
        new Held(Story.Id), new HoldFailed(Story.Id, "sold out"), new Freed(Story.Id), new Refunded(Story.Id),
        new RefundFailed(Story.Id, "closed"), new Packed(Story.Id),
    ];

    [Fact]
    public void A_saga_that_can_be_undone_at_every_step()
    {
        SagaInput[] more = [new SagaInput.ComingBack("send_parcel", "nobody accepts it")];
        SagaStep<string> Twice(SagaStep<string> step) =>
            step.ResendsUndo(Purchase.Resend with { MaxAttempts = 2 }).AnsweredBy(Purchase.Warehouse);
        var definition = new SagaDefinition<string>(
            "purchase", 1,
            [
                Purchase.WriteDown, Twice(Purchase.HoldStock), Twice(Purchase.TakeMoney), Twice(Purchase.SendParcel),
                Purchase.TellBuyer,
            ]);
        var visited = Visit(definition, PurchaseReplies, ["hold_stock", "take_money", "send_parcel"], more);
        Assert.InRange(visited, 100, MaxStates);
    }

    [Fact]
    public void A_saga_with_a_pivot()
    {
        var visited = Visit(Exchange.Definition, ExchangeReplies, ["hold_stock", "give_money", "send_parcel"], []);
        Assert.InRange(visited, 15, MaxStates);
    }

    private static int Visit(
        SagaDefinition<string> definition, IMessage[] replies, string[] steps, IReadOnlyList<SagaInput> more)
    {
        var flow = Flow.Of(
            definition, Story.Id, (type, _) => replies.First(r => r.GetType() == type), _ => false, _ => default);
        SagaInput[] inputs =
        [
            .. replies.Select(r => new SagaInput.Replied(r)), .. People, .. more,
            .. steps.Select(s => new SagaInput.SettledByHand(s, new ManualSettlement("by hand"))),
        ];
        var begun = flow.Begin(At(Story.Begin)).State;
        var seen = new HashSet<string>(StringComparer.Ordinal) { NameOf(begun) };
        var open = new Queue<SagaState>([begun]);
        while (open.TryDequeue(out var state))
        {
            foreach (var input in inputs)
            {
                var reaction = flow.React(state, input, At(state.WakeAt ?? state.UpdatedAt));
                var failure = Record.Exception(() => SagaPromises.CheckAlone(flow, state, input, reaction));
                Assert.True(failure is null, $"{NameOf(state)} + {input} → {NameOf(reaction.State)}: {failure?.Message}");
                if (seen.Add(NameOf(reaction.State)))
                {
                    Assert.True(seen.Count <= MaxStates, "the states are too many");
                    open.Enqueue(reaction.State);
                }
            }
        }

        return seen.Count;
    }

    private static string NameOf(SagaState saga) =>
        $"{saga.Status} {saga.AskedByPerson} {saga.Compensated} {saga.WakeAt is null} "
        + string.Join(
            ' ',
            saga.Steps.Select(s =>
                $"{s.Status}/{s.DoneAt is null}/{s.Told}/{s.UndoRefused}/{s.AskedBack}/{Math.Min(s.Attempts, 4)}"));

    private static SagaMoment At(DateTimeOffset now) =>
        new(DerivedId.From(Guid.Empty, now.Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture)), now,
            Story.Begin.AddDays(-1));
}
