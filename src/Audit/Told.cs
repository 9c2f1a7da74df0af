using System.Text;
using System.Text.Json;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Audit;

/// <summary>A message of the journal, without what no invariant asks for: a shop has millions of them.</summary>
/// <param name="Sequence">Its place in the journal.</param>
/// <param name="Id">The message.</param>
/// <param name="CausedBy">What caused it; null for a request or a timer.</param>
/// <param name="Type">Its wire name.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="SentAtMs">When, in Unix milliseconds.</param>
/// <param name="Body">The payload of the few types whose figures are compared; null for the others.</param>
internal readonly record struct Told(
    long Sequence, Guid Id, Guid? CausedBy, string Type, string Source, long SentAtMs, IMessage? Body)
{
    /// <summary>
    /// Whether it may have been sent before the other. The journal has messages in the order of the commits where one
    /// database holds all; behind a broker in that of their arrival, and then the senders' clocks tell.
    /// </summary>
    public bool MayPrecede(Told other) => Sequence < other.Sequence || SentAtMs <= other.SentAtMs;
}

/// <summary>Reads the journal's rows.</summary>
internal sealed class ToldReader
{
    /// <summary>The messages that figures are made of.</summary>
    public static readonly IReadOnlySet<string> Figures = ShopTopology.Topology.Rules
        .Where(r => r.Services.Contains(ShopTopology.Stats, StringComparer.Ordinal))
        .Select(r => r.EventType).ToHashSet(StringComparer.Ordinal);

    private static readonly HashSet<string> Compared =
    [
        .. new[]
        {
            typeof(PaymentCompleted), typeof(PaymentRefunded), typeof(PartialRefundRequested),
            typeof(PaymentResolveRequested), typeof(ReleaseRequested),
            typeof(ShippingResolveRequested), typeof(DepositReversed), typeof(ShippingInTransit), typeof(OrderAmended),
            typeof(AlertRaised), typeof(AlertResolved),
        }.Select(ShopMessages.Catalog.NameOf),
        .. Figures,
    ];

    // Wire names and sources: bounded by the catalog and the topology.
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>Messages whose payload cannot be read.</summary>
    public List<string> Unreadable { get; } = [];

    public Told Read(JournalEntry entry) => new(
        entry.Sequence,
        entry.EventId.Value,
        entry.CausationId?.Value,
        One(entry.EventType),
        One(entry.Source),
        entry.Timestamp.ToUnixTimeMilliseconds(),
        Compared.Contains(entry.EventType) ? BodyOf(entry) : null);

    private IMessage? BodyOf(JournalEntry entry)
    {
        try
        {
            return ShopMessages.Catalog.Read(entry.EventType, Encoding.UTF8.GetBytes(entry.Body));
        }
        catch (JsonException error)
        {
            Unreadable.Add(
                $"{entry.EventType} {entry.EventId} (order {entry.Subject}): "
                + $"its payload cannot be read: {error.Message}");
            return null;
        }
    }

    private string One(string name) => _names.TryGetValue(name, out var known) ? known : _names[name] = name;
}
