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

    /// <summary>Whether messages arrive some time after they were sent; otherwise they are there with the commit.</summary>
    bool TakesItsTime => false;

    /// <summary>Waits until what was sent is where it can be received, and nothing is on its way.</summary>
    Task Quiet() => Task.CompletedTask;

    /// <summary>Lets time pass, for the transport as well.</summary>
    Task Wait(TimeSpan by)
    {
        Clock.Advance(by);
        return Task.CompletedTask;
    }

    /// <summary>Ends the process without a word and starts it again on what is durable.</summary>
    Task Crash();
}
