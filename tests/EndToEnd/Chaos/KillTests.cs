using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd.Chaos;

/// <summary>Processes are killed at random moments, also while they start.</summary>
[Trait("Run", "long")]
public sealed class KillTests
{
    private const int Few = 6, AuditedEvery = 10;

    [Fact]
    public Task Nothing_is_lost_however_often_a_process_is_killed_under_load()
    {
        var kills = ChaosRun.Times(Few);
        return ChaosRun.Of(Hurtful.Usual(Hurtful.Pace), async run =>
        {
            for (var kill = 1; kill <= kills; kill++)
            {
                await run.Pause(200, 2_500);
                var node = run.AnyNode();
                await node.Process.Kill();
                if (kill % 5 == 0 && kill < kills)
                {
                    await node.Begin(); // the next kill finds it starting
                    await run.Pause(50, 1_200);
                    await node.Process.Kill();
                    kill++;
                }

                await node.Start();
                var resumed = await run.Resumes();
                run.Say($"kill {kill} of {kills}: orders are taken again after {resumed.TotalSeconds:0.0} s");
                if (kill % AuditedEvery == 0)
                {
                    await run.Shop.AssertAudited(); // beside the running shop
                }
            }
        });
    }
}
