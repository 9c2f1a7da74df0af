using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>A seed that failed on one machine must fail on the next: everything follows from it.</summary>
public sealed class SimulateTests
{
    private static readonly Settings None = new(StringComparer.Ordinal);

    [Fact]
    public async Task The_same_seed_has_the_same_trace_hash_in_two_processes()
    {
        var folder = Directory.CreateTempSubdirectory("doa-simulate-").FullName;
        var first = await Hash(folder, "5");

        Assert.Equal(first, await Hash(folder, "5"));
        Assert.NotEqual(first, await Hash(folder, "6"));
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> Hash(string folder, string seed)
    {
        var ended = await DoaProcess.Run(folder, None, "simulate", "--seed", seed, "--sagas", "20", "--trace-hash");

        Assert.Equal(0, ended.Code);
        return ended.Output.Trim();
    }
}
