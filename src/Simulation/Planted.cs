using DoaMarket.Kernel;

namespace DoaMarket.Simulation;

/// <summary>
/// A bug planted at a seam, for the tests that prove that the checks can fail. The bugs themselves are in the tests, so
/// that nothing that is released has any.
/// </summary>
internal sealed record Planted
{
    /// <summary>What a service decided, made wrong before it is written.</summary>
    public Func<UnitCommit, UnitCommit> Commits { get; init; } = static c => c;

    /// <summary>A document, made wrong before it is decided upon.</summary>
    public Func<StoredDocument, StoredDocument>? Loads { get; init; }

    /// <summary>An outside call, made wrong before it is made.</summary>
    public Func<Effect, Effect> Calls { get; init; } = static e => e;

    /// <summary>An outside answer, misunderstood.</summary>
    public Func<Effect, EffectResult, EffectResult> Understands { get; init; } = static (_, r) => r;

    /// <summary>Acknowledges what it takes, before anything is committed.</summary>
    public bool AcknowledgesFirst { get; init; }

    /// <summary>Writes whatever version there is.</summary>
    public bool IgnoresVersions { get; init; }
}
