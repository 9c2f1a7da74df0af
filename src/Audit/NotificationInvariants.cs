using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Notifications;

namespace DoaMarket.Audit;

/// <summary>
/// N1: what customers are told is decided once per event, channel and recipient, and the mail, push and SMS servers'
/// own books say that it came once.
/// </summary>
internal static class NotificationInvariants
{
    /// <summary>What each message is told as. A requested one may name a type that there is not: mail alone.</summary>
    private static readonly Dictionary<string, IReadOnlyList<string>> ChannelsOf = new(StringComparer.Ordinal)
    {
        [NameOf<OrderCreated>()] = NotificationTypes.OrderReceived.Channels,
        [NameOf<OrderAwaitingDeposit>()] = NotificationTypes.DepositRequested.Channels,
        [NameOf<SendRequested>()] = [Channels.Email],
        [NameOf<OrderAmended>()] = NotificationTypes.OrderAmended.Channels,
        [NameOf<ShippingDispatched>()] = NotificationTypes.ShippingStarted.Channels,
        [NameOf<ShippingDelivered>()] = NotificationTypes.DeliveryCompleted.Channels,
        [NameOf<OrderCancelled>()] = NotificationTypes.OrderCancelled.Channels,
        [NameOf<PaymentRefunded>()] = NotificationTypes.RefundCompleted.Channels,
    };

    public static AuditResult Of(ShopRecords shop, Scope scope, IReadOnlyList<OracleMessage>? books)
    {
        var check = new Check(
            "N1",
            "a notification is decided once per event, channel and recipient, and comes once"
                + (books is null ? " (decided only: the channels' books are not at hand)" : ""));
        var byKey = new Dictionary<string, Notification>(StringComparer.Ordinal);
        var decided = new HashSet<(Guid Cause, string Channel)>();
        Once(shop, check, byKey, decided);
        Everywhere(shop, check, decided);
        if (books is not null)
        {
            check.Look(books.Count);
            Arrived(check, books, byKey);
            Sent(check, scope, books, byKey);
        }

        return check.Result;
    }

    private static void Once(
        ShopRecords shop, Check check, Dictionary<string, Notification> byKey,
        HashSet<(Guid Cause, string Channel)> decided)
    {
        var seen = new HashSet<(Guid Event, string Channel, string User, string? Device)>();
        foreach (var (key, notification) in shop.Notifications)
        {
            check.Look();
            byKey[key] = notification;
            var about = About(notification);
            if (notification.Trail.CausationId is not { } cause)
            {
                check.Break($"{about} ({key}) is about no event");
                continue;
            }

            decided.Add((cause.Value, notification.Channel));
            var device = notification.Channel == Channels.Push ? notification.Recipient : null;
            if (!seen.Add((cause.Value, notification.Channel, notification.UserId.Value, device)))
            {
                check.Break($"{about} was decided twice for {cause}");
            }
            else if (key != notification.IdFrom(cause).ToString())
            {
                check.Break($"{about} lies under {key}, which is not the id that {cause} gives it");
            }
        }
    }

    /// <summary>Every event that Notifications has taken in was decided on each of its channels.</summary>
    private static void Everywhere(ShopRecords shop, Check check, HashSet<(Guid Cause, string Channel)> decided)
    {
        foreach (var order in shop.Orders.Where(o => o.Notice is not null))
        {
            var heard = order.Notice!.Handled.ToHashSet();
            foreach (var told in order.Told.Where(t => heard.Contains(t.Id) && ChannelsOf.ContainsKey(t.Type)))
            {
                foreach (var channel in ChannelsOf[told.Type].Where(c => !decided.Contains((told.Id, c))))
                {
                    check.Break($"order {order.Id}: {told.Type} {told.Id} was never decided for {channel}");
                }
            }
        }
    }

    /// <summary>What came was wanted, by that person, and came once.</summary>
    private static void Arrived(
        Check check, IReadOnlyList<OracleMessage> books, Dictionary<string, Notification> byKey)
    {
        foreach (var row in books)
        {
            if (!byKey.TryGetValue(row.NotificationKey, out var notification) || notification.Channel != row.Channel)
            {
                check.Break($"{row.Channel} took {row.Reference}, which no notification is called");
            }
            else if (notification.Text is null)
            {
                check.Break($"{About(notification)} came, though it was not to be sent ({notification.Reason})");
            }
            else if (!string.Equals(row.Recipient, notification.Recipient, StringComparison.OrdinalIgnoreCase))
            {
                check.Break($"{About(notification)} ({row.Reference}) came to somebody else");
            }
        }

        foreach (var twice in books.Where(r => !r.IsRepeated).GroupBy(r => (r.Channel, r.Reference))
            .Where(g => g.Skip(1).Any()))
        {
            check.Break($"{twice.Key.Channel}: {twice.Key.Reference} came {twice.Count()} times");
        }
    }

    /// <summary>
    /// What is said to be sent came. A channel whose books are empty is served by somebody else; a notification that
    /// was sent just now may have come after the books were read.
    /// </summary>
    private static void Sent(
        Check check, Scope scope, IReadOnlyList<OracleMessage> books, Dictionary<string, Notification> byKey)
    {
        var came = books.Select(r => (r.Channel, r.NotificationKey)).ToHashSet();
        var kept = books.Select(r => r.Channel).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, notification) in byKey)
        {
            if (notification.Status == NotificationStatus.Sent
                && kept.Contains(notification.Channel)
                && scope.IsResting(notification.SentAt ?? notification.CreatedAt)
                && !came.Contains((notification.Channel, key)))
            {
                check.Break($"{About(notification)} ({key}) is said to be sent and never came");
            }
        }
    }

    private static string About(Notification n) => $"order {n.OrderId}: {n.Type} by {n.Channel} to {n.UserId}";

    private static string NameOf<T>() where T : IMessage => ShopMessages.Catalog.NameOf<T>();
}
