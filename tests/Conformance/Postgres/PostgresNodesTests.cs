using System.Collections.Concurrent;
using DoaMarket.Kernel;
using DoaMarket.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoaMarket.Conformance;

/// <summary>
/// Several nodes on one database. SQLite's folder is locked to one process: there is no second node.
/// </summary>
public sealed class PostgresNodesTests : IAsyncLifetime
{
    private const string Listeners =
        "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'";

    private PostgresRig _one = null!, _two = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _one.Clock.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _one = await PostgresRig.First();
        _two = await _one.Neighbour();
    }

    public async ValueTask DisposeAsync()
    {
        await _two.DisposeAsync();
        await _one.DisposeAsync();
    }

    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task What_a_node_was_handed_in_memory_no_other_node_takes()
    {
        await HandOverInMemory();
        Assert.Empty(await _two.Transport.Receive(Shelf.Queue, 10, Stop));
        Assert.Single(await _one.Transport.Receive(Shelf.Queue, 10, Stop));
    }

    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task What_a_node_has_claimed_goes_to_others_when_it_has_been_silent_for_ten_seconds()
    {
        await HandOverInMemory();
        await _one.Vanish();
        await _two.Sql("UPDATE messaging.nodes SET heartbeat_at = now() WHERE id = 1"); // however long all this took
        _one.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Empty(await _two.Transport.Receive(Shelf.Queue, 10, Stop)); // it may be there
        await _two.Sql("UPDATE messaging.nodes SET heartbeat_at = heartbeat_at - interval '11 seconds' WHERE id = 1");
        _one.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.True(Assert.Single(await _two.Transport.Receive(Shelf.Queue, 10, Stop)).IsRedelivery);
    }

    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task A_node_that_leaves_gives_back_as_fresh_what_it_has_not_begun()
    {
        await HandOverInMemory();
        await _one.Leave();
        await Eventually(async () => await _two.Transport.Receive(Shelf.Queue, 10, Stop) is [{ IsRedelivery: false }]);
    }

    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task A_node_hears_at_once_of_what_another_has_sent_and_cannot_handle()
    {
        var heard = new TaskCompletionSource();
        Assert.Empty(await _two.Transport.Receive(Shelf.Second, 10, Stop));
        _two.Transport.OnArrival(Shelf.Second, () => heard.TrySetResult());
        await Send(_one, Shelf.Message(1, Now));
        await heard.Task.WaitAsync(Stop);
        await Eventually(async () => (await _two.Transport.Receive(Shelf.Second, 10, Stop)).Count == 1); // no time passes
    }

    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task A_dead_letter_that_one_node_redrives_another_takes_at_once()
    {
        _two.Transport.OnArrival(Shelf.Second, () => { });
        await Send(_one, Shelf.Message(1, Now));
        await Eventually(async () =>
        {
            var taken = await _two.Transport.Receive(Shelf.Second, 10, Stop);
            return taken is [var delivery] && await Commit(_two, Shelf.Unit(
                Now, settlements: [new Settlement.Dead(delivery, 3, "it broke", "")])) == CommitOutcome.Committed;
        });
        await Send(_one, Shelf.Message(2, Now)); // the floor lies above the letter
        await Eventually(async () => (await _two.Transport.Receive(Shelf.Second, 10, Stop)).Count == 1);

        var letter = Assert.Single((await _one.DeadLetters.Page(new(10), Stop)).Letters);
        await Commit(_one, Shelf.Unit(Now) with { DeadLetters = [new DeadLetterAction.Redrive(letter.Id)] });
        await Eventually(async () =>
            await _two.Transport.Receive(Shelf.Second, 10, Stop) is [{ EventId: var id }] && id.Value == Shelf.Id(1));
    }

    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task Two_nodes_share_what_waits_and_none_of_it_comes_twice()
    {
        const int count = 1_500;
        for (var i = 0; i < count; i += 100)
        {
            await Send(_one, [.. Enumerable.Range(i + 1, 100).Select(n => Shelf.Message(n, Now))]);
        }

        var seen = new ConcurrentBag<Guid>();
        var shares = await Task.WhenAll(Work(_one), Work(_two));
        Assert.All(shares, share => Assert.NotEqual(0, share));
        Assert.Equal(count, seen.Distinct().Count());
        Assert.Equal(count, seen.Count);

        async Task<int> Work(PostgresRig node)
        {
            var share = 0;
            while (seen.Count < count)
            {
                var taken = await node.Transport.Receive(Shelf.Second, 40, Stop);
                await Commit(node, Shelf.Unit(Now, settlements: [.. taken.Select(d => new Settlement.Done(d))]));
                foreach (var delivery in taken)
                {
                    seen.Add(delivery.EventId.Value);
                }

                share += taken.Count;
            }

            return share;
        }
    }

    // Each load names the same documents in another order, some of them only on a second load.
    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task Two_nodes_that_work_on_the_same_documents_neither_conflict_nor_wait_for_each_other_in_a_circle()
    {
        string[] names = ["a", "b", "c"];
        await Commit(_one, Shelf.Unit(Now, [.. names.Select(n => Shelf.New(n, new("north", 0)))]));
        await Task.WhenAll(Work(_one, ["b", "c"], ["a"]), Work(_two, ["a"], ["c", "b"]), Work(_one, ["c"], ["b", "a"]));
        foreach (var name in names)
        {
            Assert.Equal(90, ((Box)(await _one.Store.Find(Shelf.Boxes.Key(name), Stop))!.State).Items);
        }

        async Task Work(PostgresRig node, string[] first, string[] then)
        {
            for (var i = 0; i < 30; i++)
            {
                await using var work = await node.Store.Begin(Shelf.Service, Keys(first), Stop);
                await work.Load(Keys(then), Stop);
                var writes = work.Documents.Values
                    .Select(d => Shelf.Change(d, new("north", ((Box)d.State).Items + 1)));
                Assert.Equal(CommitOutcome.Committed, await work.Commit(Shelf.Unit(Now, [.. writes]), Stop));
            }
        }
    }

    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task People_read_documents_by_the_names_of_their_members()
    {
        await Commit(_one, Shelf.Unit(Now, [Shelf.New("a", new("north", 3))]));
        Assert.Equal(
            "1 north 3", await _two.Sql("SELECT concat_ws(' ', version, shelf, items) FROM shelves.boxes WHERE key = 'a'"));
    }

    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task Who_waits_for_a_document_hears_of_another_nodes_commit()
    {
        var (feed, heard) = (new ChangeFeed(), new TaskCompletionSource<DocumentChanged>());
        using var watch = feed.Watch(Shelf.Boxes.Key("a"), change => heard.TrySetResult(change));
        using var polls = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var poll = new ChangePoll(feed, _one.Store, TimeProvider.System, NullLogger<ChangePoll>.Instance).Run(polls.Token);
        await Commit(_two, Shelf.Unit(Now, [Shelf.New("a", new("north", 1)), Shelf.New("b", new("north", 1))]));
        Assert.Equal((1L, new Box("north", 1)), ((await heard.Task).Version, (Box)(await heard.Task).State));
        await polls.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
    }

    // Looking for the oldest does not begin at the first row each time: vacuum may not have removed those that are done.
    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task The_oldest_message_is_known_also_when_one_with_a_lower_number_comes_later()
    {
        await Send(_one, Shelf.Message(1, Now));
        Assert.Equal(Now, await _two.Transport.OldestSentAt(Shelf.Second, Stop));
        await using var slow = await _one.Writing(Shelf.Second.Queue); // has the next number
        _one.Clock.Advance(TimeSpan.FromSeconds(1));
        await Send(_one, Shelf.Message(2, Now));
        await Eventually(async () => (await _two.Transport.Receive(Shelf.Second, 1, Stop)) is [var first]
            && await Commit(_two, Shelf.Unit(Now, settlements: [new Settlement.Done(first)])) == CommitOutcome.Committed);
        Assert.Equal(Now, await _two.Transport.OldestSentAt(Shelf.Second, Stop));

        await slow.Commit();
        _one.Clock.Advance(TimeSpan.FromSeconds(6)); // looked for from the beginning
        Assert.Equal(slow.SentAt, await _two.Transport.OldestSentAt(Shelf.Second, Stop));
    }

    // Numbers are given out before commits: the head must not be past one that is on its way.
    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task The_head_of_the_journal_waits_for_those_who_are_writing()
    {
        await Send(_one, Shelf.Message(1, Now));
        await using var slow = await _one.Writing();
        var head = _two.Journal.Head(Stop).AsTask();
        await Eventually(async () => (long)(await _two.Sql("SELECT count(*) FROM pg_locks WHERE NOT granted"))! > 0);
        await slow.Commit();
        Assert.Equal(2, await head);
    }

    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task Whoever_starts_while_another_makes_the_tables_waits_for_it()
    {
        var rigs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _one.Neighbour()));
        Assert.Equal(6L, await _one.Sql("SELECT count(*) FROM messaging.nodes"));
        await Task.WhenAll(rigs.Select(r => r.DisposeAsync().AsTask()));
    }

    // A notice only saves the wait: whoever has not heard it looks by itself.
    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task A_node_that_hears_no_notices_finds_what_waits_within_a_poll_interval()
    {
        await using var deaf = await _one.Neighbour(isDeaf: true);
        Assert.Empty(await deaf.Transport.Receive(Shelf.Second, 10, Stop));
        await Send(_one, Shelf.Message(1, Now));
        Assert.Empty(await deaf.Transport.Receive(Shelf.Second, 10, Stop)); // nobody has told it, and it is not time to look
        _one.Clock.Advance(new PostgresOptions().PollInterval);
        Assert.Equal(Shelf.Id(1), Assert.Single(await deaf.Transport.Receive(Shelf.Second, 10, Stop)).EventId.Value);
    }

    [Fact(Timeout = PostgresRig.LongestTestMs)]
    public async Task What_was_sent_while_a_node_could_not_hear_is_looked_for_as_soon_as_it_hears_again()
    {
        Assert.Empty(await _two.Transport.Receive(Shelf.Second, 10, Stop));
        _two.Transport.OnArrival(Shelf.Second, () => { });
        await Eventually(async () => await Listening() == 2);
        await _one.Sql($"SELECT count(pg_terminate_backend(pid)) {Listeners}");
        await Eventually(async () => await Listening() == 0); // it is a second before they connect again
        await Send(_one, Shelf.Message(1, Now));
        await Eventually(async () => (await _two.Transport.Receive(Shelf.Second, 10, Stop)).Count == 1); // no time passes

        async Task<long> Listening() => (long)(await _one.Sql($"SELECT count(*) {Listeners}"))!;
    }

    private async Task HandOverInMemory()
    {
        Assert.Empty(await _one.Transport.Receive(Shelf.Queue, 10, Stop)); // nothing waits, so it goes in memory
        await Send(_one, Shelf.Message(1, Now));
    }

    private Task<CommitOutcome> Send(PostgresRig node, params OutgoingMessage[] messages) =>
        Commit(node, Shelf.Unit(Now, messages: messages));

    private static async Task<CommitOutcome> Commit(PostgresRig node, UnitCommit commit)
    {
        await using var work = await node.Store.Begin(Shelf.Service, [], Stop);
        return await work.Commit(commit, Stop);
    }

    private static DocumentKey[] Keys(string[] names) => [.. names.Select(n => Shelf.Boxes.Key(n))];

    private static async Task Eventually(Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            await Task.Delay(10, Stop);
        }
    }
}
