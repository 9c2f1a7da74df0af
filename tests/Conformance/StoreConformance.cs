using DoaMarket.Kernel;

namespace DoaMarket.Conformance;

/// <summary>What every store must do. An adapter inherits it and says only how it is started.</summary>
public abstract class StoreConformance : IAsyncLifetime
{
    private const int LongestTestMs = 120_000;
    private IRig _rig = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _rig.Clock.GetUtcNow();

    protected abstract Task<IRig> StartRig();

    public async ValueTask InitializeAsync() => _rig = await StartRig();

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_is_committed_is_there_after_a_crash()
    {
        var box = new Box("north", 3, Now.AddMinutes(1));
        Assert.Equal(CommitOutcome.Committed, await Commit(Shelf.New("a", box)));
        await _rig.Crash();
        var found = await _rig.Store.Find(Shelf.Boxes.Key("a"), Stop);
        Assert.Equal(box, found!.State);
        Assert.Equal(1, found.Version);
    }

    [Fact]
    public async Task Documents_messages_and_settlements_commit_together_or_not_at_all()
    {
        await Commit(Shelf.New("a", new("north", 1)));
        await using var work = await _rig.Store.Begin(Shelf.Service, [], Stop);
        var refused = await work.Commit(
            Shelf.Unit(Now, [Shelf.New("b", new("south", 2)), Shelf.New("a", new("north", 9))], [Shelf.Message(1, Now)]), Stop);

        Assert.Equal(CommitOutcome.Conflict, refused);
        Assert.Null(await _rig.Store.Find(Shelf.Boxes.Key("b"), Stop));
        Assert.Empty(await _rig.Journal.ByCorrelation(new(Shelf.Id(0)), 10, Stop));
        Assert.Empty(await _rig.Transport.Receive(Shelf.Queue, 10, Stop));
    }

    [Fact]
    public async Task A_stale_version_is_a_conflict_and_the_reloaded_one_is_not()
    {
        await Commit(Shelf.New("a", new("north", 1)));
        var seen = await Load("a");
        Assert.Equal(CommitOutcome.Committed, await Commit(Shelf.Change(seen, new("north", 2))));
        Assert.Equal(CommitOutcome.Conflict, await Commit(Shelf.Change(seen, new("north", 3))));
        Assert.Equal(CommitOutcome.Committed, await Commit(Shelf.Change(await Load("a"), new("north", 4))));
        Assert.Equal(3, (await _rig.Store.Find(Shelf.Boxes.Key("a"), Stop))!.Version);
    }

    [Fact]
    public async Task A_key_that_is_taken_is_a_conflict()
    {
        await Commit(Shelf.New("a", new("north", 1)));
        Assert.Equal(CommitOutcome.Conflict, await Commit(Shelf.New("a", new("north", 2))));
    }

    [Fact]
    public async Task A_value_that_a_unique_index_has_is_a_conflict()
    {
        var label = new Box("north", 1);
        DocumentWrite Label(string key) => new(Shelf.Labels.Key(key), 0, label, Shelf.Labels.Write(label), null, null, [], 0);
        Assert.Equal(CommitOutcome.Committed, await Commit(Label("one")));
        Assert.Equal(CommitOutcome.Conflict, await Commit(Label("two")));
    }

    [Fact]
    public async Task A_commit_may_make_change_and_remove_documents_of_several_kinds()
    {
        await Commit([.. Enumerable.Range(1, 30).Select(i => Shelf.New($"k{i:00}", new("north", i)))]);
        var label = new Box("blue", 1);
        var removed = Shelf.Change(await Load("k01"), new("north", 1)) with { Remove = true };
        var changed = Shelf.Change(await Load("k02"), new("south", 2, Now.AddSeconds(1)));
        Assert.Equal(CommitOutcome.Committed, await Commit(
            removed, changed, Shelf.New("k99", new("south", 99)),
            new DocumentWrite(Shelf.Labels.Key("l"), 0, label, Shelf.Labels.Write(label), null, null, [], 0)));
        await using var snapshot = await _rig.Store.Snapshot(Stop);
        var boxes = snapshot.Scan(Shelf.Boxes).ToDictionary(d => d.Key.Id, d => (Box)d.State);
        Assert.Equal((30, false), (boxes.Count, boxes.ContainsKey("k01")));
        Assert.Equal(new Box("south", 2, Now.AddSeconds(1)), boxes["k02"]);
        Assert.Equal("blue", ((Box)Assert.Single(snapshot.Scan(Shelf.Labels)).State).Shelf);
    }

    [Fact]
    public async Task One_stale_document_among_many_stops_the_whole_commit()
    {
        await Commit([.. Enumerable.Range(1, 20).Select(i => Shelf.New($"k{i:00}", new("north", 0)))]);
        var seen = new List<StoredDocument>();
        for (var i = 1; i <= 20; i++)
        {
            seen.Add(await Load($"k{i:00}"));
        }

        await Commit(Shelf.Change(seen[13], new("south", 1)));
        Assert.Equal(CommitOutcome.Conflict, await Commit([.. seen.Select(d => Shelf.Change(d, new("west", 2)))]));
        Assert.Empty((await _rig.Store.Query(new(Shelf.Boxes, "by_shelf", ["west"], 5), Stop)).Documents);
    }

    [Fact]
    public async Task An_abandoned_unit_of_work_leaves_nothing()
    {
        await using (await _rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop))
        {
            // decided, and then the worker went away
        }

        Assert.Null(await _rig.Store.Find(Shelf.Boxes.Key("a"), Stop));
    }

    [Fact]
    public async Task A_second_load_adds_to_the_first()
    {
        await Commit(Shelf.New("a", new("north", 1)), Shelf.New("b", new("south", 2)));
        await using var work = await _rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop);
        await work.Load([Shelf.Boxes.Key("b"), Shelf.Boxes.Key("none")], Stop);
        Assert.Equal(["a", "b"], work.Documents.Keys.Select(k => k.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_removed_document_is_gone_and_its_key_is_free()
    {
        await Commit(Shelf.New("a", new("north", 1, Now.AddSeconds(10))));
        var found = await _rig.Store.Find(Shelf.Boxes.Key("a"), Stop);
        var removal = new DocumentWrite(Shelf.Boxes.Key("a"), 7, found!.State, [], null, null, [], 0, Remove: true);
        Assert.Equal(CommitOutcome.Conflict, await Commit(removal));
        Assert.NotNull(await _rig.Store.Find(Shelf.Boxes.Key("a"), Stop));
        Assert.Equal(CommitOutcome.Committed, await Commit(removal with { ExpectedVersion = found.Version }));
        Assert.Null(await _rig.Store.Find(Shelf.Boxes.Key("a"), Stop)); // what is kept in memory is gone, too
        await _rig.Crash();
        Assert.Null(await _rig.Store.Find(Shelf.Boxes.Key("a"), Stop));
        Assert.Empty(await _rig.Store.Due([Shelf.Boxes], Now.AddSeconds(20), 10, Stop));
        Assert.Equal(CommitOutcome.Committed, await Commit(Shelf.New("a", new("south", 2))));
    }

    [Fact]
    public async Task Handled_ids_and_failures_are_kept()
    {
        var box = new Box("north", 1);
        await Commit(new DocumentWrite(Shelf.Boxes.Key("a"), 0, box, Shelf.Boxes.Write(box), null, null, [Shelf.Id(7), Shelf.Id(8)], 2));
        await _rig.Crash();
        var found = await _rig.Store.Find(Shelf.Boxes.Key("a"), Stop);
        Assert.Equal([Shelf.Id(7), Shelf.Id(8)], found!.Handled);
        Assert.Equal(2, found.Failures);
    }

    [Fact]
    public async Task Due_documents_come_earliest_first_and_only_when_due()
    {
        await Commit(
            Shelf.New("late", new("north", 1, Now.AddSeconds(20))),
            Shelf.New("early", new("north", 1, Now.AddSeconds(10))),
            Shelf.New("never", new("north", 1)));
        Assert.Empty(await _rig.Store.Due([Shelf.Boxes], Now.AddSeconds(9), 10, Stop));
        var due = await _rig.Store.Due([Shelf.Boxes], Now.AddSeconds(20), 10, Stop);
        Assert.Equal(["early", "late"], due.Select(d => d.Key.Id));
        Assert.Equal("early", Assert.Single(await _rig.Store.Due([Shelf.Boxes], Now.AddSeconds(20), 1, Stop)).Key.Id);
    }

    [Fact]
    public async Task Pages_go_by_the_index_and_a_cursor_continues_where_the_page_ended()
    {
        await Commit([.. Enumerable.Range(1, 25).Select(i => Shelf.New($"k{i:00}", new(i % 5 == 0 ? "south" : "north", i % 3)))]);
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await _rig.Store.Query(new(Shelf.Boxes, "by_shelf", ["north"], 7, Descending: true, Cursor: cursor), Stop);
            Assert.True(page.Documents.Count <= 7);
            seen.AddRange(page.Documents.Select(d => $"{((Box)d.State).Items}/{d.Key.Id}"));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(20, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(seen.OrderDescending(StringComparer.Ordinal), seen);
    }

    [Fact]
    public async Task A_range_bounds_the_next_column()
    {
        await Commit([.. Enumerable.Range(1, 9).Select(i => Shelf.New($"k{i}", new("north", i)))]);
        var page = await _rig.Store.Query(new(Shelf.Boxes, "by_shelf", ["north"], 10, From: 3L, To: 6L), Stop);
        Assert.Equal([3, 4, 5], page.Documents.Select(d => ((Box)d.State).Items));
    }

    [Fact]
    public async Task Documents_that_are_newer_than_known_are_found()
    {
        await Commit(Shelf.New("a", new("north", 1)), Shelf.New("b", new("north", 1)), Shelf.New("c", new("north", 1)));
        await Commit(Shelf.Change(await Load("b"), new("south", 2)));
        var known = new Dictionary<DocumentKey, long>
        {
            [Shelf.Boxes.Key("a")] = 1,
            [Shelf.Boxes.Key("b")] = 1,
            [Shelf.Boxes.Key("c")] = 0,
            [Shelf.Boxes.Key("d")] = 0,
        };
        var newer = await _rig.Store.Newer(known, Stop);
        Assert.Equal([("b", 2L), ("c", 1L)], newer.Select(d => (d.Key.Id, d.Version)).Order());
        Assert.Empty(await _rig.Store.Newer(new Dictionary<DocumentKey, long>(), Stop));
    }

    [Fact]
    public async Task A_cursor_of_another_making_is_refused()
    {
        await Commit(Shelf.New("a", new("north", 1)));
        var query = new DocumentQuery(Shelf.Boxes, "by_shelf", ["north"], 5, Cursor: "bm90IG91cnM=");
        await Assert.ThrowsAsync<FormatException>(async () => await _rig.Store.Query(query, Stop));
    }

    [Fact]
    public async Task A_snapshot_does_not_see_what_is_committed_after_it()
    {
        await Commit(Shelf.New("a", new("north", 1)));
        await using var snapshot = await _rig.Store.Snapshot(Stop);
        Assert.Single(snapshot.Scan(Shelf.Boxes));
        await Commit(Shelf.New("b", new("north", 2)));
        Assert.Single(snapshot.Scan(Shelf.Boxes));
        Assert.Equal("a", snapshot.Scan(Shelf.Boxes).Single().Key.Id);
    }

    [Fact]
    public async Task A_snapshot_has_messages_and_deliveries_too()
    {
        await using var work = await _rig.Store.Begin(Shelf.Service, [], Stop);
        await work.Commit(Shelf.Unit(Now, messages: [Shelf.Message(1, Now), Shelf.Message(2, Now)]), Stop);
        await using var snapshot = await _rig.Store.Snapshot(Stop);
        Assert.Equal([Shelf.Id(1), Shelf.Id(2)], snapshot.Messages().Select(m => m.EventId.Value));
        Assert.Equal(4, snapshot.Pending().Count());
        Assert.Empty(snapshot.DeadLetters());
    }

    [Fact]
    public async Task Two_messages_under_one_id_are_refused()
    {
        var message = Shelf.Message(1, Now);
        var other = message with { Envelope = message.Envelope with { EventType = "box.sold" } };
        await using var first = await _rig.Store.Begin(Shelf.Service, [], Stop);
        Assert.Equal(CommitOutcome.Refused, await first.Commit(Shelf.Unit(Now, messages: [message, other]), Stop));
        await using var second = await _rig.Store.Begin(Shelf.Service, [], Stop);
        Assert.Equal(CommitOutcome.Committed, await second.Commit(Shelf.Unit(Now, messages: [message]), Stop));
        await using var third = await _rig.Store.Begin(Shelf.Service, [], Stop);
        Assert.Equal(
            CommitOutcome.Refused,
            await third.Commit(Shelf.Unit(Now, [Shelf.New("a", new("north", 1))], [other with { Queues = [] }]), Stop));
        Assert.Null(await _rig.Store.Find(Shelf.Boxes.Key("a"), Stop));
    }

    [Fact]
    public async Task Many_units_at_once_all_commit_and_none_disturbs_another()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            await using var work = await _rig.Store.Begin(Shelf.Service, [], Stop);
            return await work.Commit(Shelf.Unit(Now, [Shelf.New(i % 10 == 9 ? "taken" : $"k{i}", new("north", i))]), Stop);
        }));
        Assert.Equal(181, outcomes.Count(o => o == CommitOutcome.Committed)); // "taken" is had by one of twenty
        Assert.Equal(19, outcomes.Count(o => o == CommitOutcome.Conflict));
    }

    // PostgreSQL locks what is loaded, and each waits here for what the other has: it ends one of them (40P01). SQLite has
    // one writer, so nobody waits in a circle: whoever commits second finds its documents moved on. Either is a conflict.
    [Fact(Timeout = LongestTestMs)]
    public async Task Of_two_units_of_work_that_wait_for_each_other_one_commits_and_of_the_other_there_is_nothing()
    {
        await Commit(Shelf.New("a", new("north", 0)), Shelf.New("b", new("north", 0)));
        var (a, b) = (await Load("a"), await Load("b"));
        await using var one = await _rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("a")], Stop);
        await using var two = await _rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key("b")], Stop);
        var outcomes = await Task.WhenAll(ChangeBoth(one, 1), ChangeBoth(two, 2));

        Assert.Equal([CommitOutcome.Committed, CommitOutcome.Conflict], outcomes.Order());
        var winner = outcomes[0] == CommitOutcome.Committed ? 1 : 2;
        foreach (var key in new[] { "a", "b" })
        {
            var found = (await _rig.Store.Find(Shelf.Boxes.Key(key), Stop))!;
            Assert.Equal((winner, 2L), (((Box)found.State).Items, found.Version));
        }

        var sent = Assert.Single(await _rig.Journal.ByCorrelation(new(Shelf.Id(0)), 10, Stop));
        Assert.Equal(Shelf.Id(winner), sent.EventId.Value);
        Assert.Equal(CommitOutcome.Committed, await Commit(Shelf.Change(await Load("a"), new("north", 3)))); // loaded anew

        async Task<CommitOutcome> ChangeBoth(IUnitOfWork work, int to) => await work.Commit(
            Shelf.Unit(
                Now, [Shelf.Change(a, new("north", to)), Shelf.Change(b, new("north", to))], [Shelf.Message(to, Now)]),
            Stop);
    }

    private async Task<StoredDocument> Load(string key)
    {
        await using var work = await _rig.Store.Begin(Shelf.Service, [Shelf.Boxes.Key(key)], Stop);
        return work.Documents[Shelf.Boxes.Key(key)];
    }

    private async Task<CommitOutcome> Commit(params DocumentWrite[] documents)
    {
        await using var work = await _rig.Store.Begin(Shelf.Service, [], Stop);
        return await work.Commit(Shelf.Unit(Now, documents), Stop);
    }
}
