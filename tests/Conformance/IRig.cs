using DoaMarket.Kernel;

namespace DoaMarket.Conformance;

/// <summary>One implementation of the seams under test. Each adapter has its own; none may leave a case out without its reason.</summary>
public interface IRig : IAsyncDisposable
{
    HandClock Clock { get; }

    IStore Store { get; }

    ITransport Transport { get; }

    IJournal Journal { get; }

    IDeadLetters DeadLetters { get; }

    /// <summary>Ends the process without a word and starts it again on what is durable.</summary>
    Task Crash();
}
