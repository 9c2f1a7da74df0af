namespace DoaMarket.Kernel;

/// <summary>The loops of the services that run in this process, by name.</summary>
public sealed class ServiceLoops(IReadOnlyList<ServiceLoop> loops)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<ServiceLoop> All { get; } = loops;

    /// <summary>The loop of a service that runs here.</summary>
    public ServiceLoop Of(string service) => All.SingleOrDefault(l => l.Service == service)
        ?? throw new InvalidOperationException($"{service} does not run in this process.");
}
