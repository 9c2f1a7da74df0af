using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd.Chaos;

/// <summary>Several processes that are all the same are stopped and started one after another, as a release does.</summary>
public sealed class RollingRestartTests
{
    [Theory(Explicit = true)] // minutes of several processes: ./test --chaos
    [InlineData(Ground.Postgres)]
    [InlineData(Ground.RabbitMq)]
    public Task Under_load_it_loses_nothing_and_stalls_nothing(string mode) => ChaosRun.Of(
        folder => Task.FromResult(Hurtful.Plan(folder, Hurtful.Pace) with { Mode = mode, Nodes = Ground.Copies }),
        async run =>
        {
            await run.Resumes();
            foreach (var node in run.Shop.Nodes)
            {
                var ended = await node.Process.Terminate();
                Assert.True(ended.Code == 0, $"Exit code {ended.Code}:\n{ended.Output}\n{ended.Errors}");
                var resumed = await run.Resumes(); // the others go on meanwhile
                run.Say($"one process stopped: orders are taken again after {resumed.TotalSeconds:0.0} s");
                await node.Start();
            }

            await run.Shop.Nodes[2].Process.Kill();
            var others = await run.Resumes();
            run.Say($"one process killed: orders are taken again after {others.TotalSeconds:0.0} s");
            await run.Ends(); // what the killed one had claimed comes to its end without it
            await run.Shop.Start();
        });
}
