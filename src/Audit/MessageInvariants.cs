using System.Text;
using System.Text.Json;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Audit;

/// <summary>O3, O4, O5: causes, duplicates, and what dead letters keep.</summary>
internal static class MessageInvariants
{
    /// <summary>
    /// What a request or a timer may begin: the saga's own messages, a correction of stock, another address, alerts. A participant only
    /// ever answers, and its timers carry the message that moved it last.
    /// </summary>
    private static readonly HashSet<string> Beginnings =
    [
        "inventory.adjusted", "inventory.low_stock", "inventory.out_of_stock", "shipping.address_changed",
        "alert.raised", "alert.resolved",
    ];

    public static IEnumerable<AuditResult> Of(ShopRecords shop) => [Causes(shop), Handled(shop), DeadLetters(shop)];

    private static AuditResult Causes(ShopRecords shop)
    {
        var check = new Check("O3", "every message has a cause in the journal, or a request or a timer began it");
        var saga = ShopTopology.Topology.Of(ShopTopology.Orders).Source;
        foreach (var (order, told) in shop.Orders.SelectMany(o => o.Told.Select(t => ((OrderId?)o.Id, t)))
            .Concat(shop.OtherTold.Select(t => ((OrderId?)null, t))))
        {
            check.Look();
            if (told.CausedBy is { } cause)
            {
                check.Expect(
                    shop.MessageIds.Contains(cause),
                    () => $"{told.Type} {told.Id} (order {order}): its cause {cause} is not in the journal");
            }
            else
            {
                check.Expect(
                    told.Source == saga || Beginnings.Contains(told.Type),
                    () => $"{told.Type} {told.Id} (order {order}): nothing caused it");
            }
        }

        return check.Result;
    }

    private static AuditResult Handled(ShopRecords shop)
    {
        var check = new Check("O4", "no document has taken the same event in twice");
        check.Look(shop.Documents);
        foreach (var row in shop.HandledTwice)
        {
            check.Break(row);
        }

        return check.Result;
    }

    private static AuditResult DeadLetters(ShopRecords shop)
    {
        var check = new Check("O5", "a dead letter keeps its bytes, its headers, and why it failed");
        foreach (var letter in shop.DeadLetters)
        {
            check.Look();
            check.Expect(
                letter.Body.Length > 0 && letter.Reason.Length > 0 && letter.Error.Length > 0
                    && HasItsHeaders(letter) && HasItsPersonalData(letter),
                () => $"dead letter {letter.Id} ({letter.EventType} {letter.EventId} in {letter.Queue}) is not whole");
        }

        return check.Result;
    }

    private static bool HasItsHeaders(DeadLetter letter)
    {
        try
        {
            using var headers = JsonDocument.Parse(letter.Headers);
            var root = headers.RootElement;
            return root.TryGetProperty("eventId", out var id) && id.GetString() == letter.EventId.ToString()
                && root.TryGetProperty("eventType", out var type) && type.GetString() == letter.EventType;
        }
        catch (JsonException)
        {
            return false; // reported as not whole
        }
    }

    /// <summary>A letter that had only what the journal shows could not be redriven.</summary>
    private static bool HasItsPersonalData(DeadLetter letter)
    {
        try
        {
            var message = ShopMessages.Catalog.Read(letter.EventType, Encoding.UTF8.GetBytes(letter.Body));
            return message is not IPersonalMessage || letter.Body != letter.MaskedBody;
        }
        catch (JsonException)
        {
            return true; // unreadable, which may be why it is here: it has the bytes that came
        }
    }
}
