namespace DoaMarket.Kernel;

/// <summary>Work beside the loops that is done again and again.</summary>
public static class Regularly
{
    /// <summary>Works until stopped. What cannot be done now, since the store or a service is away, waits for its next time.</summary>
    /// <param name="every">The time from one to the next.</param>
    /// <param name="time">The clock.</param>
    /// <param name="work">What is done.</param>
    /// <param name="waits">Told why it could not be done, for the log.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="isDoneAtOnce">Whether the first time is now.</param>
    public static async Task Do(
        TimeSpan every, TimeProvider time, Func<CancellationToken, Task> work, Action<string> waits, CancellationToken stop,
        bool isDoneAtOnce = false)
    {
        using var timer = new PeriodicTimer(every, time);
        while (isDoneAtOnce || await timer.WaitForNextTickAsync(stop))
        {
            isDoneAtOnce = false;
            try
            {
                await work(stop);
            }
            catch (Exception error) when (error is ServiceBusyException or StoreUnavailableException)
            {
                waits(error.Message);
            }
        }
    }
}
