using System.Reflection;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Reference;

/// <summary>Who sends and hears a message, and what it means.</summary>
/// <param name="Type">Wire name, form and record.</param>
/// <param name="Senders">Names under which it is sent.</param>
/// <param name="Receivers">Queues that it goes to; the journal has every message.</param>
/// <param name="Meaning">What it says, in a sentence.</param>
internal sealed record MessageEntry(
    MessageType Type, IReadOnlyList<string> Senders, IReadOnlyList<QueueDefinition> Receivers, string Meaning)
{
    public string Name => Type.WireName;

    /// <summary>The name of its schema.</summary>
    public string Schema => Type.ClrType.Name;

    public bool IsCommand => Name.EndsWith("requested", StringComparison.Ordinal);

    /// <summary>Its approved example.</summary>
    public string Example => Pages.Read($"tests/Wire/Approved/{Name}.json").TrimEnd();
}

/// <summary>Every message of the catalog.</summary>
internal static class Messages
{
    private static readonly Topology Topology = ShopTopology.Topology;

    public static IReadOnlyList<MessageEntry> All { get; } = [.. ShopMessages.Catalog.All.Select(Entry)];

    /// <summary>The members of a record as they are written, in order.</summary>
    public static IEnumerable<PropertyInfo> Members(Type record) => record.GetConstructors()
        .MaxBy(c => c.GetParameters().Length)!.GetParameters().Select(p => record.GetProperty(p.Name!)!);

    public static string JsonName(PropertyInfo member) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(member.Name);

    /// <summary>Whether null is a value of the member.</summary>
    public static bool MayBeNull(PropertyInfo member) => Nullable.GetUnderlyingType(member.PropertyType) is not null
        || new NullabilityInfoContext().Create(member).ReadState == NullabilityState.Nullable;

    private static MessageEntry Entry(MessageType type)
    {
        var rule = Topology.Rules.SingleOrDefault(r => r.EventType == type.WireName);
        var prefix = $"`{type.WireName}`: ";
        var summary = XmlDocs.Of(type.ClrType);
        var meaning = summary.Replace(prefix, "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal);
        return new(type, Senders(type.WireName, rule), Topology.Route(type.WireName), char.ToUpperInvariant(meaning[0]) + meaning[1..]);
    }

    private static IReadOnlyList<string> Senders(string name, RoutingRule? rule)
    {
        if (rule is not null)
        {
            return [rule.Source];
        }

        // Facts that nobody but the journal hears: the owner's name stands before the dot; any service may raise an alert.
        var owner = name.Split('.')[0] switch { "return" => "shipping", var o => o };
        return owner == "alert"
            ? [.. Topology.Queues.Where(q => q.Service != Topology.JournalService).Select(q => q.Source)]
            : [Topology.Queues.Single(q => q.Source == $"{owner}-service").Source];
    }
}
