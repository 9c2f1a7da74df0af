namespace DoaMarket.EndToEnd.Harness;

/// <summary>Waits for what must come, looking often, and no longer than a bound.</summary>
internal static class Eventually
{
    /// <summary>
    /// Far beyond what any test needs: it only ends a wait that would never end, on however slow a machine.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(60);

    /// <summary>Looks until it is good.</summary>
    public static async Task<T> Is<T>(string what, Func<Task<T>> look, Func<T, bool> good, TimeSpan? patience = null)
    {
        var until = DateTimeOffset.UtcNow + (patience ?? Patience);
        for (; ; )
        {
            var seen = await look();
            if (good(seen))
            {
                return seen;
            }

            if (DateTimeOffset.UtcNow > until)
            {
                Assert.Fail($"Waited {(patience ?? Patience).TotalSeconds:0} s for {what}; last seen: {seen}");
            }

            await Task.Delay(LookAgainAfter);
        }
    }

    /// <summary>Looks until it is so.</summary>
    public static Task IsTrue(string what, Func<Task<bool>> look, TimeSpan? patience = null) =>
        Is(what, look, so => so, patience);
}
