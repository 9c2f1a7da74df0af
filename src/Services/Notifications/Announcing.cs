using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>Decides, once per event, channel and customer, whether and where something is told.</summary>
internal static class Announcing
{
    /// <summary>Registers a message as something to tell. The order's notice is its own document.</summary>
    public static ServiceModule Announces<T>(
        this ServiceModule module, Func<T, Announcement> read, NotificationsOptions options) where T : IOrderMessage =>
        module.On<T>(
            own: m => NotificationKinds.OrderNotices.Key(m.Message.OrderId),
            decide: (documents, m) => Decide(documents, m, m.Envelope, read(m.Message), options),
            then: (documents, m) => Keys(documents, m.Envelope, read(m.Message)));

    private static IEnumerable<DocumentKey> Keys(Documents documents, Envelope envelope, Announcement said)
    {
        if (Noticed(documents, envelope, said).UserId is not { } user)
        {
            return [];
        }

        var notifications = said.Type.Channels
            .Select(channel => NotificationKinds.Notifications.Key(Notification.IdOf(envelope.EventId, channel, user)));
        return [NotificationKinds.Contacts.Key(user.Value), .. notifications];
    }

    private static OrderNotice Noticed(Documents documents, Envelope envelope, Announcement said) =>
        Before(documents, said).After(said, said.UserId ?? envelope.UserId);

    private static OrderNotice Before(Documents documents, Announcement said) =>
        documents.Find(NotificationKinds.OrderNotices, said.OrderId) ?? OrderNotice.New(said.OrderId);

    private static Decision Decide(
        Documents documents, Occasion m, Envelope envelope, Announcement said, NotificationsOptions options)
    {
        var before = Before(documents, said);
        var notice = Noticed(documents, envelope, said);
        var decision = Decision.On(m).Put(NotificationKinds.OrderNotices, said.OrderId, notice);
        if (notice.UserId is not { } user)
        {
            // Only an envelope without its user can lead here; the remark shows it in the order's timeline.
            return decision.Remark("notification_without_customer", $"{said.Type.Name}: the customer is unknown.");
        }

        var contacts = documents.Find(NotificationKinds.Contacts, user.Value);
        foreach (var channel in said.Type.Channels)
        {
            var id = Notification.IdOf(envelope.EventId, channel, user);
            if (documents.Find(NotificationKinds.Notifications, id) is null)
            {
                var wanted = new Notification(
                    id,
                    said.OrderId,
                    user,
                    said.Type.Name,
                    channel,
                    contacts?.Language ?? Languages.Korean,
                    Recipient: ContactPoints.EmailOf(contacts, user, options.UnknownUsersDomain),
                    said.Facts with { Order = notice.OrderNumber ?? said.OrderId.ToString() },
                    NotificationStatus.Pending,
                    IsCalling: true,
                    Attempts: 0,
                    Deferrals: 0,
                    CreatedAt: m.Now,
                    WakeAt: m.Now + options.AnswerWithin,
                    SentAt: null,
                    Reason: null,
                    Trail.Of(envelope) with { UserId = user });
                Begin(decision, before, said, wanted);
            }
        }

        return decision;
    }

    /// <summary>Sends it, unless there is a reason not to; the reason is recorded.</summary>
    private static void Begin(Decision decision, OrderNotice before, Announcement said, Notification wanted)
    {
        if (!said.Type.IsKnown)
        {
            Sending.Fail(decision, wanted, $"Nothing is called '{wanted.Type}' that could be sent on request.");
        }
        else if (before.Has(said))
        {
            Sending.Suppress(decision, wanted, "The customer has been told already.");
        }
        else if (before.Overtaking(said.Type) is { } later)
        {
            Sending.Suppress(decision, wanted, $"Overtaken by {later}.");
        }
        else if (wanted.Recipient is null)
        {
            Sending.Fail(decision, wanted, $"No {wanted.Channel} address of the customer is known.");
        }
        else
        {
            decision.Put(NotificationKinds.Notifications, wanted.Id, wanted);
        }
    }
}
