using Microsoft.Extensions.Logging;

namespace DoaMarket.Simulation;

/// <summary>What the code under test logs becomes part of the story, if somebody reads along.</summary>
internal sealed class WorldLog<T>(World world) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => world.Trace.KeepsLines;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            world.Tell("", $"log: {formatter(state, exception)} {exception?.Message}");
        }
    }
}
