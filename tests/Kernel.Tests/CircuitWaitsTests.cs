namespace DoaMarket.Kernel.Tests;

public sealed class CircuitWaitsTests
{
    private static readonly DateTimeOffset Now = new(2026, 4, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Bank Held = new(5, WakeAt: Now.AddHours(1));

    private static DocumentKey Key(int n = 1) => Piggybank.Banks.Key($"bank-{n}");

    private static Decision LetGo(string gateway, params Bank[] banks)
    {
        var keys = banks.Select((_, i) => Key(i)).ToList();
        return CircuitWaits.LetGo(
            Documents.Of(banks.Select((bank, i) => new DocumentChange(Key(i), bank))),
            new Asked<CircuitClosed, int>(
                Guid.Empty, Now, new Trail(new CorrelationId(Guid.Empty)), new CircuitClosed(gateway, keys)));
    }

    [Fact]
    public void What_waited_at_a_circuit_goes_on_the_moment_it_closes()
    {
        var decision = LetGo("counter", Held, Held);

        Assert.Equal([Held with { WakeAt = Now }, Held with { WakeAt = Now }], decision.Changes.Select(c => (Bank)c.State));
        Assert.Equal(2, decision.Reply);
    }

    [Fact]
    public void What_has_moved_on_or_waits_elsewhere_is_left_alone()
    {
        Assert.Empty(LetGo("counter", Held with { Counting = "asked again" }, Held with { WakeAt = null }).Changes);
        Assert.Empty(LetGo("another", Held).Changes);
    }

    [Fact]
    public void No_more_are_let_go_at_once_than_an_outside_system_that_came_back_can_take()
    {
        var waits = new CircuitWaits();
        for (var n = 0; n <= CircuitWaits.MaxLetGo; n++)
        {
            waits.Note(Key(n), Held);
            waits.Note(Key(n), Held);
        }

        Assert.Equal(CircuitWaits.MaxLetGo, waits.Take("counter").Distinct().Count());
        Assert.Empty(waits.Take("counter")); // the rest follow by their own timers
    }

    [Fact]
    public async Task A_document_that_sleeps_for_an_hour_is_woken_by_the_loop_when_its_circuit_closes()
    {
        await using var world = new LoopWorld();
        await using (var work = await world.Store.Begin(Piggybank.Service, [Key()], TestContext.Current.CancellationToken))
        {
            var asleep = Held with { WakeAt = world.Clock.GetUtcNow().AddHours(1) };
            var write = new DocumentWrite(
                Key(), 0, asleep, Piggybank.Banks.Write(asleep), asleep.WakeAt, asleep.WakeAt, [], 0);
            await work.Commit(new(Piggybank.Service, world.Clock.GetUtcNow(), [write], [], [], []), TestContext.Current.CancellationToken);
        }

        var count = world.Loop.Ask(
            new CircuitClosed("counter", [Key()]), LoopWorld.MessageId(9), new Trail(new CorrelationId(Guid.Empty)),
            TestContext.Current.CancellationToken);
        await world.Drain();
        await world.Pass(world.Options.PollInterval);

        Assert.Equal(1, await count);
        Assert.Null(((Bank)(await world.Bank("bank-1"))!.State).WakeAt); // its timer has fired
    }
}
