namespace DoaMarket.Kernel.Tests;

/// <summary>What operators do with what failed for good, decided by the loop like everything else.</summary>
public sealed class DeadLetterTests
{
    private const string Dlq = "bank-service-dlq";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redriving_twice_equals_once_and_leaves_an_audit_row_each_time()
    {
        await using var world = new LoopWorld();
        var dead = Assert.Single(await world.Bury(-1));
        await world.Ask(new RedriveDeadLetter(dead.Id, "mended"));
        await world.Ask(new RedriveDeadLetter(dead.Id, "mended"));
        Assert.Equal(1, (await Status(world)).Waiting);
        Assert.Empty(await world.DeadLetters.Waiting(Stop));

        await world.Pass(TimeSpan.FromSeconds(5));
        Assert.Empty(await world.Dead()); // begins afresh: one failure is not the fourth
        await world.Pass(TimeSpan.FromSeconds(5));
        await world.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal((dead.Id, 3), (Assert.Single(await world.Dead()).Id, (await world.Dead())[0].Attempts));
        var audits = await Audits(world);
        Assert.Equal(2, audits.Count);
        Assert.All(audits, a => Assert.Equal(
            ("dead_letter.redrive", dead.Id.ToString(), "mended", new UserId("op")), (a.Action, a.Subject, a.Reason, a.Actor)));
    }

    [Fact]
    public async Task A_discarded_letter_keeps_its_reason_and_is_not_redriven()
    {
        await using var world = new LoopWorld();
        var dead = Assert.Single(await world.Bury(-1));
        await world.Ask(new DiscardDeadLetter(dead.Id, "a test"));
        await world.Ask(new RedriveDeadLetter(dead.Id, null));
        var kept = (await world.DeadLetters.Find(dead.Id, Stop))!;
        Assert.Equal((DeadLetter.Discarded, "a test"), (kept.Status, kept.SettledBecause));
        Assert.Equal(0, (await Status(world)).Waiting);
        Assert.Empty(await world.DeadLetters.Waiting(Stop));
    }

    [Fact]
    public async Task A_queue_is_redriven_in_parts_and_a_letter_that_dies_again_is_left_alone()
    {
        await using var world = new LoopWorld();
        var dead = await world.Bury(-1, -2, -3);
        Assert.True(await world.Ask(new StartRedrive(Dlq, null, 2, "mended")));
        Assert.False(await world.Ask(new StartRedrive(Dlq, null, 9, null))); // one at a time
        var job = await Job(world);
        Assert.True(await world.Ask(new ContinueRedrive(Dlq, job.StartedAt, null, [dead[0].Id, dead[1].Id])));
        Assert.True(await world.Ask(new ContinueRedrive(Dlq, job.StartedAt, null, [dead[0].Id]))); // another was quicker
        job = await Job(world);
        Assert.Equal(2, job.Redriven);
        Assert.Equal([0, 1, 2, 2], new[] { 0.2, 0.5, 1, 3 }.Select(s => job.Allowed(job.LastAt!.Value.AddSeconds(s))));
        Assert.True(await world.Ask(new ContinueRedrive(Dlq, job.StartedAt, job.LastAt, [dead[2].Id])));
        job = await Job(world);
        Assert.False(await world.Ask(new ContinueRedrive(Dlq, job.StartedAt, job.LastAt, [])));
        job = await Job(world);
        Assert.Equal((3, true), (job.Redriven, job.EndedAt is not null));

        for (var i = 0; i < 4; i++)
        {
            await world.Pass(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(3, (await world.Dead()).Count);
        Assert.All(await world.Dead(), letter => Assert.True(letter.DeadAt > job.StartedAt));
    }

    [Fact]
    public async Task A_stopped_redriving_takes_no_further_letters()
    {
        await using var world = new LoopWorld();
        var dead = Assert.Single(await world.Bury(-1));
        await world.Ask(new StartRedrive(Dlq, null, 2, null));
        Assert.True(await world.Ask(new StopRedrive(Dlq, "not yet mended")));
        Assert.False(await world.Ask(new StopRedrive(Dlq, "again")));
        var job = await Job(world);
        Assert.False(await world.Ask(new ContinueRedrive(Dlq, job.StartedAt, null, [dead.Id])));
        Assert.Equal(DeadLetter.Dead, (await world.DeadLetters.Find(dead.Id, Stop))!.Status);
        Assert.Equal("not yet mended", job.StoppedBecause);
        Assert.True(await world.Ask(new StartRedrive(Dlq, null, 2, null))); // another may begin
    }

    [Fact]
    public async Task A_dry_run_tells_what_would_happen_and_changes_nothing()
    {
        await using var world = new LoopWorld();
        var dead = Assert.Single(await world.Bury(-1));
        var fails = await world.Loop.Rehearse(dead, Stop);
        Assert.Equal("fails", fails.Verdict);
        Assert.Contains("less than nothing", fails.Explanation, StringComparison.Ordinal);
        Assert.NotNull(fails.Error);

        var mended = dead with { Body = """{"bank":"pig","won":7}""" };
        var expected = await world.Loop.Rehearse(mended, Stop);
        Assert.Equal("changes", expected.Verdict);
        var change = Assert.Single(expected.Changes);
        Assert.Equal(("banks_banks/pig", true), (change.Document, change.IsNew));
        Assert.Contains("total", change.Members);
        Assert.Equal("bank.grew", Assert.Single(expected.Messages).EventType);
        Assert.Equal(["listener-service-queue"], expected.Messages[0].Queues);
        Assert.Null(await world.Bank("pig"));

        await world.Send(new CoinDropped("pig", 7));
        await world.Drain();
        var taken = mended with { EventId = new(LoopWorld.MessageId(2)) };
        Assert.Equal("duplicate", (await world.Loop.Rehearse(taken, Stop)).Verdict);
        Assert.Equal(7, await world.TotalOf("pig"));
        Assert.Equal("fails", (await world.Loop.Rehearse(dead with { Body = "no JSON" }, Stop)).Verdict);
    }

    [Fact]
    public async Task An_alert_is_acknowledged_once_by_the_first_and_stays_open()
    {
        await using var world = new LoopWorld();
        await world.Bury(-1);
        Assert.True(await world.Ask(new AcknowledgeAlert("DEAD_LETTER", Dlq, "looking")));
        var first = await Alert(world);
        Assert.Equal((true, new UserId("op")), (first.IsOpen, first.AcknowledgedBy!.Value));
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await world.Ask(new AcknowledgeAlert("DEAD_LETTER", Dlq, "looking, too")));
        Assert.Equal(first, await Alert(world));
        Assert.False(await world.Ask(new AcknowledgeAlert("NO_SUCH_ALERT", Dlq, null)));
        Assert.Equal("alert.acknowledge", Assert.Single(await Audits(world)).Action);
    }

    [Fact]
    public async Task Traffic_is_the_average_of_the_last_minute()
    {
        await using var world = new LoopWorld();
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        foreach (var _ in Enumerable.Range(0, 30))
        {
            await world.Send(new CoinDropped("pig", 1));
            await world.Drain();
            world.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0.5, world.Traffic.PerSecond("listener-service-queue").In);
        Assert.Equal(0.5, world.Traffic.PerSecond("bank-service-queue").Out);
        world.Clock.Advance(TimeSpan.FromSeconds(44));
        Assert.Equal(0.25, world.Traffic.PerSecond("bank-service-queue").Out);
        world.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal((0, 0), world.Traffic.PerSecond("bank-service-queue"));
    }

    private static async Task<QueueStatus> Status(LoopWorld world) =>
        Assert.Single(await world.Transport.Status(Stop), s => s.Service == Piggybank.Service);

    private static async Task<RedriveState> Job(LoopWorld world) =>
        (RedriveState)(await world.Store.Find(world.Module.Redrives.Key(Dlq), Stop))!.State;

    private static async Task<AlertState> Alert(LoopWorld world) =>
        (AlertState)(await world.Store.Find(world.Module.Alerts.Key("DEAD_LETTER/" + Dlq), Stop))!.State;

    private static async Task<List<AuditState>> Audits(LoopWorld world) =>
        [.. (await world.Store.Query(new(world.Module.Audits, "by_time", [], 10), Stop)).Documents.Select(d => (AuditState)d.State)];
}
