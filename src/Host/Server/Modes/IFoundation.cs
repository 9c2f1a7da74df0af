using DoaMarket.Kernel;

namespace DoaMarket.Host.Server.Modes;

/// <summary>What a mode brings: where documents and messages live. Everything above it is the same in every mode.</summary>
public interface IFoundation : IAsyncDisposable
{
    /// <summary>Documents.</summary>
    IStore Store { get; }

    /// <summary>Queues.</summary>
    ITransport Transport { get; }

    /// <summary>Messages that a broker does not have yet; none where messages travel in the database.</summary>
    IReadOnlyList<IOutbox> Outboxes => [];

    /// <summary>Messages that failed for good.</summary>
    IDeadLetters DeadLetters { get; }

    /// <summary>Every message and remark.</summary>
    IJournal Journal { get; }

    /// <summary>Where documents and messages lie, for people.</summary>
    string Place { get; }

    /// <summary>Whether other processes work on the same documents.</summary>
    bool IsShared { get; }

    /// <summary>This process among those that work on a service's documents; null where there is only one.</summary>
    string? NodeOf(string service);

    /// <summary>Those of them that are there, this one included; none where there is only one.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be told now.</exception>
    ValueTask<IReadOnlySet<string>> Nodes(string service, CancellationToken stop);

    /// <summary>What runs beside the services' loops until it is stopped: heartbeats, relays.</summary>
    IReadOnlyList<Func<CancellationToken, Task>> Work { get; }

    /// <summary>Before the loops start.</summary>
    Task Begin(CancellationToken stop);

    /// <summary>After the loops have ended: what was taken and not begun goes back, for others or for the next start.</summary>
    Task GiveBack();
}
