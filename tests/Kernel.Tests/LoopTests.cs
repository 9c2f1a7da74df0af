using System.Text;

namespace DoaMarket.Kernel.Tests;

public sealed class LoopTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_sees_its_own_changes_and_is_one_commit()
    {
        await using var world = new LoopWorld();
        for (var i = 0; i < 100; i++)
        {
            await world.Send(new CoinDropped("pig", 10));
        }

        var batch = await world.Loop.Take(Stop);
        Assert.Equal(100, batch!.Items.Count);
        await world.Loop.Begin(batch, Stop);
        ServiceLoop.Decide(batch);
        Assert.Equal(CommitOutcome.Committed, await world.Loop.Commit(batch, Stop));

        var bank = await world.Bank("pig");
        Assert.Equal(1000, ((Bank)bank!.State).Total);
        Assert.Equal(1, bank.Version);
        Assert.Equal(100, bank.Handled.Count);
    }

    [Fact]
    public async Task A_message_taken_in_before_is_dropped_with_a_note()
    {
        await using var world = new LoopWorld();
        await world.Send(new CoinDropped("pig", 10), id: 7);
        await world.Drain();
        await world.Send(new CoinDropped("pig", 10), id: 7); // the same id: the row stands, it is delivered once more
        await world.Drain();

        Assert.Equal(10, await world.TotalOf("pig"));
        var notes = await world.Journal.Notes(new(LoopWorld.MessageId(0)), 10, Stop);
        Assert.Equal("duplicate_dropped", Assert.Single(notes).Kind);
    }

    [Fact]
    public async Task Produced_ids_follow_from_the_consumed_id()
    {
        await using var world = new LoopWorld();
        await world.Send(new CoinDropped("pig", 10), id: 7);
        await world.Drain();

        var journal = await world.Journal.ByCorrelation(new(LoopWorld.MessageId(0)), 10, Stop);
        Assert.Equal(["coin.dropped", "bank.grew"], journal.Select(m => m.EventType));
        Assert.Equal(DerivedId.From(DerivedId.From(LoopWorld.MessageId(7), Piggybank.Service), 0), journal[1].EventId.Value);
        Assert.Equal(journal[0].EventId, journal[1].CausationId);
        Assert.Equal(journal[0].EventId.Value.ToString()[..13], journal[1].EventId.Value.ToString()[..13]); // same time prefix
    }

    [Fact]
    public async Task A_poison_message_is_dead_lettered_after_three_handlings_while_others_flow_on()
    {
        await using var world = new LoopWorld();
        await world.Send(new CoinDropped("pig", 10));
        await world.Send(new CoinDropped("pig", -1), id: 99);
        await world.Send(new CoinDropped("pig", 20));
        await world.Drain();
        Assert.Equal(30, await world.TotalOf("pig"));

        await world.Pass(TimeSpan.FromSeconds(2));
        Assert.Empty(await world.Dead());
        await world.Pass(TimeSpan.FromSeconds(5));

        var dead = Assert.Single(await world.Dead());
        Assert.Equal(3, dead.Attempts);
        Assert.Equal("bank-service-dlq", dead.Queue);
        Assert.Contains("less than nothing", dead.Reason, StringComparison.Ordinal);
        Assert.Contains("Piggybank", dead.Error, StringComparison.Ordinal);
        Assert.Contains("-1", dead.Body, StringComparison.Ordinal);
        Assert.Equal(30, await world.TotalOf("pig"));
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_is_dead_lettered_with_its_bytes()
    {
        await using var world = new LoopWorld(new KernelOptions());
        await using (var work = await world.Store.Begin("test", [], Stop))
        {
            var envelope = new Envelope(
                new(LoopWorld.MessageId(5)), "coin.dropped", "v1", world.Clock.GetUtcNow(), "test", new(LoopWorld.MessageId(0)), null, null, null, new(),
                new CoinDropped("pig", 1));
            var unrouted = new OutgoingMessage(envelope, Encoding.UTF8.GetBytes("""{"bank":"pig","colour":"red"}"""), null, Piggybank.Topology.Route("coin.dropped"), false);
            world.Transport.NoteBacklog("bank-service-queue"); // so that it is read from the table, not handed over
            await work.Commit(new("test", world.Clock.GetUtcNow(), [], [unrouted], [], []), Stop);
        }

        for (var i = 0; i < 4; i++)
        {
            await world.Pass(TimeSpan.FromSeconds(5));
        }

        var dead = Assert.Single(await world.Dead());
        Assert.Contains("colour", dead.Body, StringComparison.Ordinal);
        Assert.Contains("colour", dead.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_timer_is_parked_after_three_failures_with_an_alert()
    {
        await using var world = new LoopWorld();
        await Put(world, "pig", new Bank(-5, WakeAt: world.Clock.GetUtcNow()));
        for (var i = 0; i < 4; i++)
        {
            await world.Pass(TimeSpan.FromSeconds(40));
        }

        var bank = await world.Bank("pig");
        Assert.Equal(3, bank!.Failures);
        Assert.Null(bank.WakeAt);
        var alerts = await world.Store.Query(new(world.Module.Alerts, "by_urgency", [1L], 10), Stop);
        Assert.Equal("DOCUMENT_PARKED", ((AlertState)Assert.Single(alerts.Documents).State).Alert.Type);
    }

    [Fact]
    public async Task An_alert_that_opens_and_closes_in_one_commit_is_told_each_time_under_an_id_of_its_own()
    {
        await using var world = new LoopWorld();

        Assert.True(await world.Ask(new Shake("pig")));

        var told = await world.Journal.After(0, 100, ["alert.raised", "alert.resolved"], 10, Stop);
        Assert.Equal(["alert.raised", "alert.resolved", "alert.raised"], told.Select(t => t.EventType));
        var alert = await world.Store.Find(world.Module.Alerts.Key(KernelKinds.AlertKey("SHAKEN", "pig")), Stop);
        Assert.True(((AlertState)alert!.State).IsOpen);
    }

    [Fact]
    public async Task A_parked_document_goes_on_when_a_person_wakes_it_or_something_changes_it()
    {
        await using var world = new LoopWorld();
        foreach (var name in new[] { "woken", "changed" })
        {
            await Put(world, name, new Bank(-5, WakeAt: world.Clock.GetUtcNow()));
        }

        for (var i = 0; i < 4; i++)
        {
            await world.Pass(TimeSpan.FromSeconds(40));
        }

        var key = Piggybank.Banks.Key("woken").ToString();
        Assert.True(await world.Ask(new WakeDocument(key, "mended")));
        Assert.Equal(105, await world.Ask(new Withdraw("changed", -110)));
        Assert.NotNull((await world.Bank("woken"))!.WakeAt);
        Assert.Equal(0, (await world.Bank("woken"))!.Failures);
        Assert.Empty((await world.Store.Query(new(world.Module.Alerts, "by_urgency", [1L], 10), Stop)).Documents);
        Assert.False(await world.Ask(new WakeDocument(key, "again")), "It is not parked any more.");
        var audit = Assert.Single((await world.Store.Query(new(world.Module.Audits, "by_time", [], 10), Stop)).Documents);
        Assert.Equal("document.wake", ((AuditState)audit.State).Action);
    }

    [Fact]
    public async Task A_failure_whose_booking_has_an_unknown_outcome_counts_once()
    {
        await using var world = new LoopWorld();
        await Put(world, "pig", new Bank(-5, WakeAt: world.Clock.GetUtcNow()));
        var batch = (await world.Loop.Take(Stop))!;
        for (var i = 0; i < 3; i++)
        {
            await world.Loop.Begin(batch, Stop);
            ServiceLoop.Decide(batch);
            Assert.Equal(CommitOutcome.Committed, await world.Loop.Commit(batch, Stop)); // and the answer is lost
        }

        Assert.Equal(1, (await world.Bank("pig"))!.Failures);
        Assert.NotNull((await world.Bank("pig"))!.WakeAt);
    }

    [Fact]
    public async Task A_timer_acts_once_it_is_due_and_not_before()
    {
        await using var world = new LoopWorld();
        await Put(world, "pig", new Bank(5, WakeAt: world.Clock.GetUtcNow().AddSeconds(30)));
        await world.Pass(TimeSpan.FromSeconds(29));
        Assert.NotNull(((Bank)(await world.Bank("pig"))!.State).WakeAt);
        await world.Pass(TimeSpan.FromSeconds(2));
        Assert.Null(((Bank)(await world.Bank("pig"))!.State).WakeAt);
    }

    [Fact]
    public async Task A_document_whose_time_is_over_is_removed_and_may_be_made_anew()
    {
        await using var world = new LoopWorld();
        await Put(world, "pig", new Bank(0, WakeAt: world.Clock.GetUtcNow().AddSeconds(30)));
        await world.Pass(TimeSpan.FromSeconds(29));
        Assert.NotNull(await world.Bank("pig"));
        await world.Pass(TimeSpan.FromSeconds(2));
        Assert.Null(await world.Bank("pig"));
        await world.Send(new CoinDropped("pig", 7));
        await world.Drain();
        Assert.Equal(7, await world.TotalOf("pig"));
    }

    [Fact]
    public async Task A_document_removed_in_a_batch_is_absent_for_what_comes_after_it_there()
    {
        await using var world = new LoopWorld();
        await Put(world, "pig", new Bank(0, WakeAt: world.Clock.GetUtcNow().AddSeconds(30)));
        world.Clock.Advance(TimeSpan.FromSeconds(31));
        var asked = world.Loop.Ask(new Withdraw("pig", 3), LoopWorld.MessageId(60), new(new(LoopWorld.MessageId(60))), Stop);
        await world.Drain();
        Assert.Equal(-3, await asked);
        Assert.Equal(-3, await world.TotalOf("pig"));
    }

    [Fact]
    public async Task The_timer_column_only_moves_earlier_until_it_fires()
    {
        await using var world = new LoopWorld();
        var now = world.Clock.GetUtcNow();
        await Put(world, "pig", new Bank(5, WakeAt: now.AddSeconds(30)));
        var batchWake = now.AddSeconds(90);
        await using (var work = await world.Store.Begin(Piggybank.Service, [Piggybank.Banks.Key("pig")], Stop))
        {
            var documents = new BatchDocuments();
            documents.Add([Piggybank.Banks.Key("pig")], work.Documents);
            var entry = documents.Of(Piggybank.Banks.Key("pig"));
            entry.Change(new Bank(6, WakeAt: batchWake));
            Assert.Equal(now.AddSeconds(30), entry.Write().WakeAt);
            Assert.Equal(batchWake, entry.Write().DueAt);
            await work.Commit(new(Piggybank.Service, now, [entry.Write()], [], [], []), Stop);
        }

        await world.Pass(TimeSpan.FromSeconds(31)); // fires early, finds nothing due, and is set to the true time
        var bank = await world.Bank("pig");
        Assert.Equal(batchWake, bank!.WakeAt);
        Assert.NotNull(((Bank)bank.State).WakeAt);
    }

    [Fact]
    public async Task A_request_is_answered_after_its_commit()
    {
        await using var world = new LoopWorld();
        var asked = world.Loop.Ask(new Withdraw("pig", 3), LoopWorld.MessageId(50), new(new(LoopWorld.MessageId(50))), Stop);
        Assert.False(asked.IsCompleted);
        await world.Drain();
        Assert.Equal(-3, await asked);
        Assert.Equal(-3, await world.TotalOf("pig"));
    }

    [Fact]
    public async Task Requests_beyond_the_bound_are_refused_at_once()
    {
        await using var world = new LoopWorld(new KernelOptions { MaxRequestsWaiting = 2 });
        var trail = new Trail(new(LoopWorld.MessageId(0)));
        _ = world.Loop.Ask(new Withdraw("pig", 1), LoopWorld.MessageId(51), trail, Stop);
        _ = world.Loop.Ask(new Withdraw("pig", 1), LoopWorld.MessageId(52), trail, Stop);
        await Assert.ThrowsAsync<ServiceBusyException>(() => world.Loop.Ask(new Withdraw("pig", 1), LoopWorld.MessageId(53), trail, Stop));
    }

    [Fact]
    public async Task An_effect_is_started_after_the_commit_and_its_answer_is_decided_like_a_message()
    {
        await using var world = new LoopWorld(gateway: effect => Task.FromResult<EffectResult>(new CountedTo(42)));
        await Put(world, "pig", new Bank(5));
        await world.Send(new CoinDropped("pig", 1));
        await world.Drain();
        await Change(world, "pig", b => b with { Counting = "count-1", WakeAt = world.Clock.GetUtcNow() });
        await world.Pass(TimeSpan.FromSeconds(1)); // the timer finds the effect wanted and asks
        await world.Drain();

        var bank = (Bank)(await world.Bank("pig"))!.State;
        Assert.Equal(42, bank.Counted);
        Assert.Null(bank.Counting);
    }

    [Fact]
    public async Task An_effect_whose_answer_could_not_be_taken_in_is_not_started_again_by_that_failure()
    {
        var calls = 0;
        await using var world = new LoopWorld(gateway: _ =>
        {
            calls++;
            return Task.FromResult<EffectResult>(new CountedTo(-1));
        });
        await Put(world, "pig", new Bank(5));
        await world.Send(new CoinDropped("pig", 0));
        await world.Drain();
        await world.Pass(TimeSpan.FromSeconds(40)); // its failure's own wait is over

        Assert.Equal(1, calls);
        Assert.Equal(1, (await world.Bank("pig"))!.Failures);
        Assert.NotNull(((Bank)(await world.Bank("pig"))!.State).Counting);
    }

    [Fact]
    public async Task A_document_takes_in_no_more_messages_than_its_bound()
    {
        await using var world = new LoopWorld(new KernelOptions { MaxHandledPerDocument = 16 });
        for (var i = 0; i < 20; i++)
        {
            await world.Send(new CoinDropped("pig", 1));
        }

        await world.Drain();
        Assert.Equal(16, await world.TotalOf("pig"));
        Assert.Equal(16, (await world.Bank("pig"))!.Handled.Count);
    }

    [Fact]
    public async Task What_leaves_no_trace_needs_no_room_and_is_taken_in_by_a_full_document()
    {
        await using var world = new LoopWorld(new KernelOptions { MaxHandledPerDocument = 16 });
        foreach (var won in Enumerable.Repeat(1, 16).Concat(Enumerable.Repeat(10_001, 20)))
        {
            await world.Send(new CoinDropped("pig", won));
        }

        await world.Drain();
        var bank = (await world.Bank("pig"))!;
        Assert.Equal(16, bank.Handled.Count);
        Assert.Empty((await world.DeadLetters.Page(new DeadLetterQuery(10), Stop)).Letters);
    }

    [Fact]
    public async Task A_message_whose_handling_never_came_back_is_handled_alone_and_counted()
    {
        await using var world = new LoopWorld();
        await world.Send(new CoinDropped("pig", 10));
        Assert.Single((await world.Loop.Take(Stop))!.Items); // taken, and then the process dies
        await world.Pass(TimeSpan.FromSeconds(61));

        Assert.Equal(10, await world.TotalOf("pig"));
        Assert.Equal(0, (await world.Transport.Status(Stop))[0].Waiting);
    }

    private static async Task Put(LoopWorld world, string name, Bank bank)
    {
        var key = Piggybank.Banks.Key(name);
        await using var work = await world.Store.Begin(Piggybank.Service, [key], Stop);
        var write = new DocumentWrite(key, 0, bank, Piggybank.Banks.Write(bank), bank.WakeAt, bank.WakeAt, [], 0);
        Assert.Equal(CommitOutcome.Committed, await work.Commit(new(Piggybank.Service, world.Clock.GetUtcNow(), [write], [], [], []), Stop));
    }

    private static async Task Change(LoopWorld world, string name, Func<Bank, Bank> change)
    {
        var key = Piggybank.Banks.Key(name);
        await using var work = await world.Store.Begin(Piggybank.Service, [key], Stop);
        var before = work.Documents[key];
        var bank = change((Bank)before.State);
        var write = new DocumentWrite(key, before.Version, bank, Piggybank.Banks.Write(bank), bank.WakeAt, bank.WakeAt, before.Handled, 0);
        Assert.Equal(CommitOutcome.Committed, await work.Commit(new(Piggybank.Service, world.Clock.GetUtcNow(), [write], [], [], []), Stop));
    }
}
