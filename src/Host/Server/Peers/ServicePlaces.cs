using DoaMarket.Contracts;

namespace DoaMarket.Host.Server.Peers;

/// <summary>Where a service answers that runs in other processes.</summary>
public sealed record ServicePlace
{
    /// <summary>
    /// Its address, e.g. "http://payments:5080": one process that runs the service, or whatever spreads requests over
    /// several. Empty where no process needs to be asked.
    /// </summary>
    public string Url { get; init; } = "";
}

/// <summary>
/// Where each service answers. Only those are looked up that the process does not run itself, so every process may have
/// the same list.
/// </summary>
public sealed record ServicePlaces
{
    /// <summary>Of orders.</summary>
    public ServicePlace Orders { get; init; } = new();

    /// <summary>Of inventory.</summary>
    public ServicePlace Inventory { get; init; } = new();

    /// <summary>Of payments.</summary>
    public ServicePlace Payments { get; init; } = new();

    /// <summary>Of shipping.</summary>
    public ServicePlace Shipping { get; init; } = new();

    /// <summary>Of notifications.</summary>
    public ServicePlace Notifications { get; init; } = new();

    /// <summary>Of stats.</summary>
    public ServicePlace Stats { get; init; } = new();

    /// <summary>The address of a service; null where none is configured.</summary>
    public Uri? Of(string service) => Named(service) is { Url.Length: > 0 } place ? new Uri(place.Url) : null;

    /// <summary>How an address is configured.</summary>
    public static string KeyOf(string service) => $"DOA__Services__{Titled(service)}__Url";

    /// <summary>Refuses what is no address.</summary>
    /// <exception cref="WrongConfigurationException">The text says what to write.</exception>
    public void Check()
    {
        foreach (var service in ShopTopology.Topology.Queues.Select(q => q.Service).Distinct(StringComparer.Ordinal))
        {
            if (Named(service) is { Url.Length: > 0 } place
                && (!Uri.TryCreate(place.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
                    || url.PathAndQuery != "/"))
            {
                throw new WrongConfigurationException(
                    $"'{place.Url}' is no address of the service {service}. Write scheme, host and port of a process that "
                    + $"runs it, without a path: {KeyOf(service)}=http://{service}:5080");
            }
        }
    }

    private static string Titled(string service) => char.ToUpperInvariant(service[0]) + service[1..];

    private ServicePlace? Named(string service) => service switch
    {
        ShopTopology.Orders => Orders,
        ShopTopology.Inventory => Inventory,
        ShopTopology.Payments => Payments,
        ShopTopology.Shipping => Shipping,
        ShopTopology.Notifications => Notifications,
        ShopTopology.Stats => Stats,
        _ => null,
    };
}
