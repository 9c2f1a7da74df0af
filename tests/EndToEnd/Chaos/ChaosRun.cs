using System.Diagnostics;
using System.Globalization;
using DoaMarket.EndToEnd.Harness;
using Xunit.Sdk;

namespace DoaMarket.EndToEnd.Chaos;

/// <summary>
/// A shop under load whose processes are hurt, with a sandbox apart whose books stay true. Afterwards everything must have
/// come to its end and agree. What a failing run leaves behind is kept.
/// </summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    private static readonly TimeSpan ResumesWithin = TimeSpan.FromSeconds(60), RestsWithin = TimeSpan.FromMinutes(5);

    /// <summary>The visibility timeout: nothing that a process had in hand may stand still for longer.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _heal = new();
    private readonly ClientJournal _journal;
    private readonly Task _load;
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    private ChaosRun(string folder, Shop shop, int seed)
    {
        (Folder, Shop, Random) = (folder, shop, new Random(seed));
        _journal = new ClientJournal(Path.Combine(folder, "journal.txt"));
        Clients = new Clients(shop, _journal, seed);
        _load = Clients.Run(_heal.Token);
    }

    /// <summary>Where data folder, logs and journal lie.</summary>
    public string Folder { get; }

    public Shop Shop { get; }

    public Clients Clients { get; }

    /// <summary>When and what to hurt: of a seed that is told.</summary>
    public Random Random { get; }

    /// <summary>How often something is hurt: DOA_CHAOS, or a few times only.</summary>
    public static int Times(int few) =>
        int.TryParse(Environment.GetEnvironmentVariable("DOA_CHAOS"), CultureInfo.InvariantCulture, out var many) ? many : few;

    /// <summary>Whether DOA_CHAOS is set: there is time.</summary>
    public static bool IsLong => Times(0) > 0;

    /// <summary>Runs a shop, hurts it, heals it, and reckons.</summary>
    /// <param name="plan">The shop, with the folder for everything that is kept.</param>
    /// <param name="hurt">Hurts it; when it returns, nothing is hurt any more.</param>
    /// <param name="deadlinesPass">Whether orders may be cancelled because a reply came too late.</param>
    public static async Task Of(Func<string, Task<Plan>> plan, Func<ChaosRun, Task> hurt, bool deadlinesPass = false)
    {
        var folder = Directory.CreateTempSubdirectory("doa-chaos-").FullName;
        var seed = Environment.TickCount;
        try
        {
            await using var run = new ChaosRun(folder, await Shop.Open(await plan(folder)), seed);
            run.Say($"seed {seed}, everything in {folder}");
            await hurt(run);
            await run.Reckon(deadlinesPass);
        }
        catch (SkipException)
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
        catch (Exception failed)
        {
            throw new InvalidOperationException(
                $"Data folder, logs and the clients' journal are kept in {folder} (seed {seed}).", failed);
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Waits until a client has been promised something new.</summary>
    public async Task<TimeSpan> Resumes()
    {
        var (before, began) = (_journal.Placed, Stopwatch.StartNew());
        await Eventually.IsTrue(
            "an order to be taken again", () => Task.FromResult(_journal.Placed > before), ResumesWithin);
        return began.Elapsed;
    }

    /// <summary>Waits until every order that was promised up to now has come to its end, however many came later.</summary>
    public async Task Ends()
    {
        var began = Stopwatch.StartNew();
        var users = new Dictionary<string, Person>(StringComparer.Ordinal);
        foreach (var promise in ClientJournal.Read(_journal.Path).Where(p => p.What == "placed").DistinctBy(p => p.OrderId))
        {
            var person = users.GetValueOrDefault(promise.UserId)
                ?? (users[promise.UserId] = await Shop.Customer(promise.UserId));
            await Eventually.Is(
                $"the end of {promise}",
                async () => (await Person.Patiently(() => person.Get($"orders/{promise.OrderId}"))).Expect(200).Data
                    .Text("status"),
                status => status is "delivered" or "cancelled" or "returned", EndsWithin);
        }

        Say($"all orders came to their end within {began.Elapsed.TotalSeconds:0.0} s");
    }

    /// <summary>Lets the load run for a while.</summary>
    public Task Pause(int fromMs, int toMs) => Task.Delay(Random.Next(fromMs, toMs));

    /// <summary>A node, by chance.</summary>
    public Node AnyNode() => Shop.Nodes[Random.Next(Shop.Nodes.Count)];

    /// <summary>A line for whoever watches: seen with `--chaos`, and kept in progress.txt.</summary>
    public void Say(string text)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture, $"{_watch.Elapsed:mm\\:ss} {text} · {_journal.Placed} promised, {Clients.CutOff} cut off");
        File.AppendAllText(Path.Combine(Folder, "progress.txt"), line + "\n");
        TestContext.Current.SendDiagnosticMessage("{0}", line);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _heal.CancelAsync();
        await Shop.Close(); // ends the clients, too
        _journal.Dispose();
        _heal.Dispose();
    }

    private async Task Reckon(bool deadlinesPass)
    {
        await Resumes();
        await _heal.CancelAsync();
        await _load.WaitAsync(RestsWithin);
        Assert.True(Clients.Violations.Count == 0, string.Join('\n', Clients.Violations.Take(10)));
        var promises = ClientJournal.Read(_journal.Path);
        var reckoning = new Reckoning(Shop, deadlinesPass);
        await reckoning.Rest([.. promises.Select(p => p.UserId).Distinct(StringComparer.Ordinal)], RestsWithin);
        var reckoned = await reckoning.Of(promises);
        Say($"{reckoned}; answered 503: {Clients.Busy}");
        Assert.True(
            reckoned is { Lost.Count: 0, Violations.Count: 0 },
            string.Join('\n', reckoned.Lost.Concat(reckoned.Violations).Take(10)));
        foreach (var node in Shop.Nodes)
        {
            var ended = await node.Process.Terminate();
            Assert.True(ended.Code == 0, $"Exit code {ended.Code}:\n{ended.Errors}");
        }

        await Shop.AssertAudited("--at-rest", "--promised", _journal.Path);
        Say("audited at rest: clean");
    }
}
