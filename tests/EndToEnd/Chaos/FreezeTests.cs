namespace DoaMarket.EndToEnd.Chaos;

/// <summary>
/// A process stands still for longer than its outside calls and deadlines may take, and goes on as if nothing had been.
/// </summary>
[Trait("Run", "long")]
public sealed class FreezeTests
{
    private const int Few = 3;

    [Fact]
    public Task Nothing_is_lost_when_a_process_stands_still_beyond_its_deadlines()
    {
        var freezes = ChaosRun.Times(Few);
        return ChaosRun.Of(Hurtful.Usual(Hurtful.ShortDeadlines), deadlinesPass: true, hurt: async run =>
        {
            for (var freeze = 1; freeze <= freezes; freeze++)
            {
                await run.Pause(500, 2_000);
                var node = run.AnyNode();
                await node.Process.Freeze();
                await run.Pause(1_000, 8_000); // the PG's time limit is 1.5 s, the deadlines are 5 s
                if (freeze % 10 == 0)
                {
                    await node.Process.Kill();
                    await node.Start();
                }
                else
                {
                    await node.Process.Thaw();
                }

                var resumed = await run.Resumes();
                run.Say($"freeze {freeze} of {freezes}: orders are taken again after {resumed.TotalSeconds:0.0} s");
            }
        });
    }
}
