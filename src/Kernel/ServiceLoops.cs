namespace DoaMarket.Kernel;

/// <summary>A service is to do something that runs in other processes only. Nothing was done.</summary>
public sealed class ServiceElsewhereException(string service)
    : InvalidOperationException($"{service} does not run in this process.")
{
    /// <summary>The service.</summary>
    public string Service { get; } = service;
}

/// <summary>The loops of the services that run in this process, by name.</summary>
public sealed class ServiceLoops(IReadOnlyList<ServiceLoop> loops)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<ServiceLoop> All { get; } = loops;

    /// <summary>Whether a service runs here.</summary>
    public bool Has(string service) => All.Any(l => l.Service == service);

    /// <summary>The loop of a service that runs here.</summary>
    /// <exception cref="ServiceElsewhereException">It does not.</exception>
    public ServiceLoop Of(string service) => All.SingleOrDefault(l => l.Service == service)
        ?? throw new ServiceElsewhereException(service);
}
