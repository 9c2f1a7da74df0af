using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>A user has read a notification. The first time counts; again changes nothing.</summary>
/// <param name="NotificationId">Which.</param>
/// <param name="UserId">Who; somebody else's is not found.</param>
public sealed record MarkRead(NotificationId NotificationId, UserId UserId) : Request<MarkedRead>
{
    internal static IEnumerable<DocumentKey> Keys(MarkRead request) =>
        [NotificationKinds.Notifications.Key(request.NotificationId)];

    internal static Decision Decide(Documents documents, Asked<MarkRead, MarkedRead> m)
    {
        var decision = Decision.On(m);
        var found = documents.Find(NotificationKinds.Notifications, m.Body.NotificationId);
        if (found is null || found.UserId != m.Body.UserId)
        {
            return decision.Answer(new MarkedRead(null));
        }

        if (found.ReadAt is not null)
        {
            return decision.Answer(new MarkedRead(found));
        }

        var read = found with { ReadAt = m.Now };
        return decision.Put(NotificationKinds.Notifications, read.Id, read).Answer(new MarkedRead(read));
    }
}

/// <summary>The notification that was read; null when the user has no such one.</summary>
public sealed record MarkedRead(Notification? Notification);
