using System.Text;
using DoaMarket.Contracts;

namespace DoaMarket.Reference;

/// <summary>docs/messages.md: every message by owner, and the records within them.</summary>
internal static class MessagePage
{
    private static readonly (string Prefix, string Title)[] Owners =
    [
        ("order", "Orders"), ("inventory", "Inventory"), ("payment", "Payments"), ("shipping", "Shipping"), ("return", "Returns"),
        ("notification", "Notifications"), ("alert", "Alerts"),
    ];

    public static string Text()
    {
        var page = new StringBuilder();
        page.Append("""
            # Messages

            Generated from the catalog, the topology, the XML docs and the approved examples (`DOA_UPDATE_DOCS=1 dotnet test tests/Reference`); do not edit
            it. For programs: [asyncapi.yaml](asyncapi.yaml), AsyncAPI 3.0.

            Commands end in `_requested`, come from the order's saga and go to the one service that decides. Facts are told by their owner. Every message is at
            least once: receivers know it by its `eventId`. Members that are not listed here are refused, and so are missing ones; `null` is written.

            ## Envelope

            Ids travel around the payload, never in it.

            | member | type | meaning |
            |---|---|---|

            """);
        foreach (var member in Messages.Members(typeof(Kernel.Envelope)).Where(m => m.Name != "Data"))
        {
            var optional = Messages.MayBeNull(member) ? ", or null" : "";
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{Messages.JsonName(member)}` | {TypeNames.Of(member.PropertyType)}{optional} | {Cell(XmlDocs.OfMember(member))} |\n");
        }

        page.Append("| `data` | object | The payload: see below. |\n\n## Queues\n\n");
        page.Append("| queue | service | visibility timeout | dead-letter queue | after | kept |\n|---|---|---|---|---|---|\n");
        foreach (var q in ShopTopology.Topology.Queues)
        {
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{q.Queue}` | `{q.Source}` | {q.VisibilityTimeout.TotalSeconds:0} s | `{q.DeadLetterQueue}` | {q.MaxReceives} receives | {q.Retention.TotalDays:0} days |\n");
        }

        page.Append("\n`journal-queue` receives every message.\n");
        foreach (var (prefix, title) in Owners)
        {
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n## {title}\n");
            foreach (var message in Messages.All.Where(m => m.Name.StartsWith(prefix + ".", StringComparison.Ordinal)))
            {
                Append(page, message);
            }
        }

        AppendRecords(page);
        return page.ToString();
    }

    private static void Append(StringBuilder page, MessageEntry message)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        var heard = message.Receivers.Count == 0 ? "the journal only" : string.Join(", ", message.Receivers.Select(q => $"`{q.Source}`"));
        page.Append(culture, $"\n### {message.Name}\n\n{message.Meaning}\n\n");
        page.Append(culture, $"{(message.IsCommand ? "Command" : "Fact")} {message.Type.Version}. Sent by {(message.Senders.Count > 1 ? "every service" : $"`{message.Senders[0]}`")}; heard by {heard}.");
        page.Append(typeof(Kernel.IPersonalMessage).IsAssignableFrom(message.Type.ClrType)
            ? " Carries personal data: only its receiver has it in full; the journal keeps it masked.\n\n"
            : "\n\n");
        AppendMembers(page, message.Type.ClrType);
        page.Append(culture, $"\n```json\n{message.Example}\n```\n");
    }

    private static void AppendMembers(StringBuilder page, Type record)
    {
        page.Append("| member | type | meaning |\n|---|---|---|\n");
        foreach (var member in Messages.Members(record))
        {
            var optional = Messages.MayBeNull(member) ? ", or null" : "";
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{Messages.JsonName(member)}` | {TypeNames.Of(member.PropertyType)}{optional} | {Cell(XmlDocs.OfMember(member))} |\n");
        }
    }

    private static void AppendRecords(StringBuilder page)
    {
        page.Append("\n## Records within messages\n");
        var records = new SortedDictionary<string, Type>(StringComparer.Ordinal);
        foreach (var message in Messages.All)
        {
            Collect(message.Type.ClrType, records);
        }

        Collect(typeof(Kernel.Envelope), records);
        foreach (var record in records.Values)
        {
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n### {record.Name}\n\n{XmlDocs.Of(record)}\n\n");
            AppendMembers(page, record);
        }
    }

    private static void Collect(Type record, SortedDictionary<string, Type> found)
    {
        foreach (var inner in Messages.Members(record).Where(m => m.Name != "Data").Select(m => TypeNames.RecordIn(m.PropertyType)).OfType<Type>())
        {
            if (found.TryAdd(inner.Name, inner))
            {
                Collect(inner, found);
            }
        }
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
