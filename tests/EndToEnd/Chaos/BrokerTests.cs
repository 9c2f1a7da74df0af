using DoaMarket.Conformance;
using DoaMarket.EndToEnd.Harness;
using DoaMarket.Servers;

namespace DoaMarket.EndToEnd.Chaos;

/// <summary>
/// Services that share no database, on a broker that is killed and a database server that crashes in turn, while processes are
/// killed and parted from one another.
/// </summary>
public sealed class BrokerTests
{
    private const int Few = 3;

    // Version 3.10 forgets a queue when it is killed within the first second of it.
    private static readonly TimeSpan UntilQueuesLast = TimeSpan.FromSeconds(2);

    // Where the broker is lost again before it was heard out, older messages may wait for minutes, and timers with them. They do
    // not wait for as long as an order does: else Shipping would not ask a carrier again before its time is over.
    private static readonly Settings Pace = Hurtful.Pace.With(("Kernel:MaxYieldToOlderMessages", "00:00:30"));

    [Fact(Explicit = true)] // minutes of several processes: ./test --chaos
    public async Task Nothing_is_lost_however_the_broker_and_the_databases_fail()
    {
        await using var server = await PostgresServer.Own();
        await using var broker = await RabbitMqServer.StartOwn();
        var ways = new List<Way>();
        var harms = ChaosRun.Times(Few);
        try
        {
            await ChaosRun.Of(
                folder => Task.FromResult(Hurtful.Plan(folder, Pace) with
                {
                    Ground = async () => await RabbitMqGround.On(server, broker, databases =>
                    [
                        .. Ground.Shared.Select(node =>
                        {
                            ways.Add(Way.To(databases, broker.Url));
                            return node with { Own = ways[^1].Settings };
                        }),
                    ]),
                }),
                async run =>
                {
                    await run.Resumes();
                    await Task.Delay(UntilQueuesLast);
                    for (var harm = 1; harm <= harms; harm++)
                    {
                        await run.Pause(500, 2_500);
                        var what = await Harm(run, server, broker, ways, harm);
                        var resumed = await run.Resumes();
                        run.Say($"harm {harm} of {harms}: {what}; orders are taken again after {resumed.TotalSeconds:0.0} s");
                    }
                });
        }
        finally
        {
            foreach (var way in ways)
            {
                await way.DisposeAsync();
            }
        }
    }

    /// <summary>The broker is killed, the database server crashes, and whatever else can happen, in turn.</summary>
    private static async Task<string> Harm(
        ChaosRun run, PostgresServer server, RabbitMqServer broker, List<Way> ways, int number)
    {
        switch (number % 3)
        {
            case 1:
                await broker.Kill();
                await run.Pause(0, 1_500);
                await broker.Start();
                return "the broker was killed";
            case 2:
                await server.Crash();
                await run.Pause(0, 1_500);
                await server.StartAgain();
                return "the database server crashed";
            default:
                return await OtherHarm(run, server, ways, number / 3);
        }
    }

    private static async Task<string> OtherHarm(ChaosRun run, PostgresServer server, List<Way> ways, int number)
    {
        var way = ways[run.Random.Next(ways.Count)];
        switch (number % 5)
        {
            case 0:
                var node = run.AnyNode();
                await node.Process.Kill();
                await run.Pause(0, 2_000);
                await node.Start();
                return "a process was killed";
            case 1:
                way.Broker.Cut();
                await run.Pause(1_000, 5_000);
                way.Broker.Mend();
                return "a process and its services were parted from the others, which went on";
            case 2:
                way.Database.Cut();
                await run.Pause(1_000, 5_000);
                way.Database.Mend();
                return "a process was cut off from its databases; the others went on";
            case 3:
                for (var i = 0; i < 10; i++)
                {
                    way.Database.LoseCommit();
                    way.Broker.Next(i % 2 == 0 ? WireFault.LosesAnswer : WireFault.LosesRequest);
                    await run.Pause(50, 400);
                }

                return "commits, messages and acknowledgements were lost on their way";
            default:
                await server.EndSessions();
                return "the database server ended all sessions";
        }
    }

    /// <summary>One process's own ways to the servers.</summary>
    private sealed record Way(Wire Database, Wire Broker, Settings Settings) : IAsyncDisposable
    {
        public static Way To(string databases, string broker)
        {
            var (database, databasesThrough) = Wire.To(databases);
            var (queues, brokerThrough) = Wire.ToUrl(broker);
            return new(database, queues, new(StringComparer.Ordinal)
            {
                ["ConnectionStrings:Postgres"] = databasesThrough,
                ["ConnectionStrings:RabbitMq"] = brokerThrough,
            });
        }

        public async ValueTask DisposeAsync()
        {
            await Database.DisposeAsync();
            await Broker.DisposeAsync();
        }
    }
}
