using DoaMarket.Kernel;
using Microsoft.Extensions.Logging;

namespace DoaMarket.Simulation;

/// <summary>
/// What the code under test logs becomes part of the story, if somebody reads along. An error that neither the data nor
/// the store is to blame for is the product's own, and needs a person: that breaks R1.
/// </summary>
internal sealed class WorldLog<T>(World world) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => world.Trace.KeepsLines || logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error && exception is not (StoreUnavailableException or InvalidDataException or null))
        {
            world.Violates("R1", $"{formatter(state, exception)} {exception.Message}");
        }

        if (world.Trace.KeepsLines)
        {
            world.Tell("", $"log: {formatter(state, exception)} {exception?.Message}");
        }
    }
}
