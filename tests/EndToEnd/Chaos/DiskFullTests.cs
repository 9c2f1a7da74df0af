using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd.Chaos;

/// <summary>The data folder's disk is full: what cannot be kept is refused in words, what was promised stays.</summary>
[Trait("Run", "long")]
public sealed class DiskFullTests
{
    private const int Few = 3, Megabytes = 64;

    [Fact]
    public async Task A_full_disk_refuses_orders_and_loses_none_however_the_process_ends_meanwhile()
    {
        Ground.OnlyEmbedded("the data is not in the folder, and the disk is the database server's.");
        SmallDisk? disk = null;
        try
        {
            await ChaosRun.Of(
                async folder => Plan(folder, disk = await SmallDisk.Mount(Path.Combine(folder, "data"), Megabytes)),
                run => FillAgainAndAgain(run, disk!));
        }
        catch (InvalidOperationException)
        {
            disk?.Keep();
            throw;
        }
        finally
        {
            disk?.Dispose();
        }
    }

    private static async Task FillAgainAndAgain(ChaosRun run, SmallDisk disk)
    {
        var times = ChaosRun.Times(Few);
        for (var time = 1; time <= times; time++)
        {
            await run.Pause(1_000, 3_000);
            await Fill(run, disk);
            await End(run, time);
            disk.Free();
            await run.Shop.Start();

            var resumed = await run.Resumes();
            run.Say($"disk full {time} of {times}: orders are taken again after {resumed.TotalSeconds:0.0} s");
        }
    }

    /// <summary>Every client is answered, and the process lives.</summary>
    private static async Task Fill(ChaosRun run, SmallDisk disk)
    {
        var (refused, cutOff) = (run.Clients.Busy, run.Clients.CutOff);
        disk.Fill();
        await Eventually.IsTrue("orders to be refused", () => Task.FromResult(run.Clients.Busy > refused + 8));
        Assert.Equal(cutOff, run.Clients.CutOff);
        Assert.False(run.Shop.Nodes[0].Process.HasEnded, run.Shop.LogTail());
    }

    /// <summary>Each way in turn: it lives on, it is stopped in good order, it is killed and cannot start.</summary>
    private static async Task End(ChaosRun run, int time)
    {
        switch (time % 3)
        {
            case 1:
                await run.Pause(1_000, 3_000);
                break;
            case 2:
                await run.Shop.Stop();
                break;
            default:
                await run.Shop.Kill();
                var process = await run.Shop.Nodes[0].Begin();
                var refusal = await process.End();
                Assert.Equal(1, refusal.Code);
                Assert.Contains("The disk is full: free space", refusal.Errors, StringComparison.Ordinal);
                break;
        }
    }

    // The sandbox's books lie on another disk: the outside world does not suffer with the shop.
    private static Plan Plan(string folder, SmallDisk disk)
    {
        var plan = Hurtful.Plan(folder, Hurtful.Pace);
        var outside = Path.Combine(folder, "outside");
        Directory.CreateSymbolicLink(Path.Combine(disk.FromOutside, "keys"), Path.Combine(outside, "keys"));
        File.CreateSymbolicLink(Path.Combine(disk.FromOutside, "sandbox.db"), Path.Combine(outside, "sandbox.db"));
        return plan with { SandboxData = outside, Launch = plan.Launch with { Before = disk.Inside } };
    }
}
