using System.Globalization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Audit;

/// <summary>O2: every message reached every queue that it goes to, and came to an end there.</summary>
internal static class DeliveryInvariants
{
    /// <summary>In a shop at work a message may wait this long, counted by the shop's own newest message.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>Messages that their receiver takes in without a document of its own to remember them.</summary>
    private static readonly HashSet<(string Service, string Type)> Unremembered =
    [
        (ShopTopology.Inventory, "order.created"),
        (ShopTopology.Inventory, "inventory.extend_requested"),
        (ShopTopology.Orders, "inventory.extended"),
        (ShopTopology.Notifications, "payment.completed"),
    ];

    /// <summary>
    /// Facts for which no document is made when there is none; a tombstone is made later, by another message.
    /// </summary>
    private static readonly HashSet<(string Service, string Type)> NeedTheirDocument =
    [
        (ShopTopology.Inventory, "payment.completed"),
        (ShopTopology.Payments, "payment.partial_refund_requested"),
        (ShopTopology.Shipping, "order.returned"),
        (ShopTopology.Shipping, "order.amended"),
    ];

    public static AuditResult Of(ShopRecords shop, Scope scope)
    {
        var dead = shop.DeadLetters.Select(d => (d.SourceQueue, d.EventId.Value)).ToHashSet();
        var check = new Check(
            "O2", scope.Title("every message was taken in by each receiver, or is a dead letter") + Waiting(shop));
        var orphans = new HashSet<(string Queue, Guid EventId)>(shop.Pending);
        orphans.RemoveWhere(p => shop.MessageIds.Contains(p.EventId));
        foreach (var (queue, id) in orphans)
        {
            check.Break($"{queue} holds {id}, which is not in the journal");
        }

        var latest = shop.NewestMs - LongestWait.TotalMilliseconds;
        foreach (var order in shop.Orders.Where(scope.Covers))
        {
            foreach (var told in order.Told.Where(t => scope.IsQuiescent || t.SentAtMs <= latest))
            {
                check.LookAt(ShopTopology.Topology.Route(told.Type)
                    .Select(queue => Fault(shop, order, told, queue, dead, scope)).OfType<string>());
            }
        }

        foreach (var told in shop.OtherTold.Where(_ => scope.IsQuiescent))
        {
            check.LookAt(ShopTopology.Topology.Route(told.Type).Where(q => shop.Pending.Contains((q.Queue, told.Id)))
                .Select(q => $"{told.Type} {told.Id} still waits in {q.Queue}"));
        }

        return check.Result;
    }

    private static string? Fault(
        ShopRecords shop, OrderFile order, Told told, QueueDefinition queue, HashSet<(string, Guid)> dead, Scope scope)
    {
        if (shop.Pending.Contains((queue.Queue, told.Id)))
        {
            return $"order {order.Id}: {told.Type} {told.Id} still waits in {queue.Queue}";
        }

        // What is older than the queue keeps it may have been dropped.
        var isForgotten = told.SentAtMs < (scope.Now - queue.Retention).ToUnixTimeMilliseconds();
        return isForgotten || dead.Contains((queue.Queue, told.Id)) || WasTakenIn(order, told, queue.Service)
            ? null
            : $"order {order.Id}: {told.Type} {told.Id} was not taken in by {queue.Service}, "
                + "does not wait, and is no dead letter";
    }

    private static bool WasTakenIn(OrderFile order, Told told, string service)
    {
        if (Unremembered.Contains((service, told.Type)))
        {
            return true;
        }

        var handled = service switch
        {
            ShopTopology.Orders => order.Saga?.Handled,
            ShopTopology.Inventory => order.Reservation?.Handled,
            ShopTopology.Payments => order.Payment?.Handled,
            ShopTopology.Shipping => order.Shipment?.Handled,
            ShopTopology.Notifications => order.Notice?.Handled,
            ShopTopology.Stats => order.Stats?.Handled,
            _ => throw new InvalidOperationException($"Nobody knows which document of {service} takes {told.Type} in."),
        };
        return service == ShopTopology.Orders && order.Amends.Any(a => a.Handled.Contains(told.Id))
            || (handled is null
                ? NeedTheirDocument.Contains((service, told.Type))
                : handled.Contains(told.Id) || handled.Count >= KernelOptions.RemembersAllUntil);
    }

    private static string Waiting(ShopRecords shop) => shop.DeadLetters.Count == 0
        ? ""
        : $"; {shop.DeadLetters.Count.ToString(CultureInfo.InvariantCulture)} dead letters wait for a person: "
            + string.Join(", ", shop.DeadLetters.CountBy(d => d.Queue).Select(c => $"{c.Key} {c.Value}"));
}
