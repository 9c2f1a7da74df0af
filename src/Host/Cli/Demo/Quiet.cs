using System.Diagnostics;
using DoaMarket.Host.Cli.Api;

namespace DoaMarket.Host.Cli.Demo;

/// <summary>Waits until a shop's queues are empty, so that an audit looks at a shop at rest.</summary>
internal static class Quiet
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <returns>Whether they were empty within <paramref name="patience"/>.</returns>
    public static async Task<bool> Within(TimeSpan patience, ApiClient api, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < patience)
        {
            var queues = await api.Get("ops/queues", Caller.Operator, stop);
            if (queues.Rows.Sum(queue => queue.Whole("waiting") ?? 0) == 0)
            {
                return true;
            }

            await Task.Delay(LookEvery, stop);
        }

        return false;
    }
}
