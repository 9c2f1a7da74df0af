using DoaMarket.Conformance;
using DoaMarket.EndToEnd.Harness;
using DoaMarket.Servers;

namespace DoaMarket.EndToEnd.Chaos;

/// <summary>
/// Several processes on a PostgreSQL server that crashes, ends sessions and is cut off, also between a COMMIT and its answer,
/// while processes are killed.
/// </summary>
public sealed class DatabaseTests
{
    private const int Few = 4, AuditedEvery = 20;

    [Fact(Explicit = true)] // minutes of several processes: ./test --chaos
    public async Task Nothing_is_lost_however_the_database_and_the_way_to_it_fail()
    {
        await using var server = await PostgresServer.Own();
        var database = await server.CreateDatabase();
        var (wire, through) = Wire.To(database);
        await using var _ = wire;
        var harms = ChaosRun.Times(Few);
        await ChaosRun.Of(
            folder => Task.FromResult(Hurtful.Plan(folder, Hurtful.Pace) with
            {
                Ground = () => Task.FromResult<Ground>(new PostgresGround(server, database, through, Ground.Copies)),
            }),
            async run =>
            {
                for (var harm = 1; harm <= harms; harm++)
                {
                    await run.Pause(500, 2_500);
                    var what = await Harm(run, server, wire, harm);
                    var resumed = await run.Resumes();
                    run.Say($"harm {harm} of {harms}: {what}; orders are taken again after {resumed.TotalSeconds:0.0} s");
                    if (harm % AuditedEvery == 0)
                    {
                        await run.Shop.AssertAudited(); // beside the running shop
                    }
                }
            });
    }

    /// <summary>Every other time the server crashes; in between whatever else can happen, in turn.</summary>
    private static async Task<string> Harm(ChaosRun run, PostgresServer server, Wire wire, int number)
    {
        if (number % 2 == 1)
        {
            await server.Crash();
            await run.Pause(0, 1_500);
            await server.StartAgain();
            return "the server crashed";
        }

        switch (number / 2 % 5)
        {
            case 0:
                wire.Cut();
                await run.Pause(500, 4_000);
                wire.Mend();
                return "the server was cut off";
            case 1:
                for (var i = 0; i < 10; i++)
                {
                    wire.LoseCommit();
                    await run.Pause(20, 200);
                }

                return "commits lost their answers";
            case 2:
                await server.EndSessions();
                return "the server ended all sessions";
            case 3:
                var node = run.AnyNode();
                await node.Process.Kill();
                await run.Pause(0, 2_000);
                await node.Start();
                return "a process was killed";
            default:
                wire.CutAfterCommit();
                await run.Pause(1_000, 3_000);
                wire.Mend();
                return "a commit lost its answer, and then the server was cut off";
        }
    }
}
