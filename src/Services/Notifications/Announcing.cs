using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>Registers messages as things to tell.</summary>
internal static class AnnouncedMessages
{
    /// <summary>Registers one. The order's notice is its own document, which remembers for ever what it took in.</summary>
    public static ServiceModule Announces<T>(
        this ServiceModule module, Func<T, Announcement> read, Announcing announcing) where T : IOrderMessage =>
        module.On<T>(
            own: m => NotificationKinds.OrderNotices.Key(m.Message.OrderId),
            decide: (documents, m) => announcing.Decide(documents, m, m.Envelope, read(m.Message)),
            also: m => Announcing.ContactKeys(m.Envelope, read(m.Message)),
            then: (documents, m) => announcing.NotificationKeys(documents, m.Envelope, read(m.Message)));
}

/// <summary>Decides, once per event, channel and recipient, whether and where something is told.</summary>
internal sealed class Announcing(NotificationsOptions options, NoticeTemplates templates)
{
    public static IEnumerable<DocumentKey> ContactKeys(Envelope envelope, Announcement said) =>
        UserOf(envelope, said) is { } user ? [NotificationKinds.Contacts.Key(user.Value)] : [];

    public IEnumerable<DocumentKey> NotificationKeys(Documents documents, Envelope envelope, Announcement said) =>
        UserOf(envelope, said) is { } user
            ? Targets(said.Type, ContactsOf(documents, user), envelope.EventId)
                .Select(t => NotificationKinds.Notifications.Key(t.Id))
            : [];

    public Decision Decide(Documents documents, Occasion m, Envelope envelope, Announcement said)
    {
        var before = documents.Find(NotificationKinds.OrderNotices, said.OrderId) ?? OrderNotice.New(said.OrderId);
        var notice = before.After(said, UserOf(envelope, said));
        var decision = Decision.On(m).Put(NotificationKinds.OrderNotices, said.OrderId, notice);
        if (UserOf(envelope, said) is not { } user)
        {
            // Only an envelope without its user can lead here; the remark shows it in the order's timeline.
            return decision.Remark("notification_without_customer", $"{said.Type.Name}: the customer is unknown.");
        }

        var contacts = ContactsOf(documents, user);
        foreach (var target in Targets(said.Type, contacts, envelope.EventId))
        {
            if (documents.Find(NotificationKinds.Notifications, target.Id) is null)
            {
                var wanted = new Notification(
                    target.Id,
                    said.OrderId,
                    user,
                    said.Type.Name,
                    target.Channel,
                    contacts.Language,
                    target.Recipient,
                    Text: null,
                    NotificationStatus.Pending,
                    IsCalling: true,
                    Attempts: 0,
                    Deferrals: 0,
                    CreatedAt: m.Now,
                    WakeAt: m.Now + options.AnswerWithin,
                    SentAt: null,
                    Reason: null,
                    Trail.Of(envelope) with { UserId = user });
                Begin(decision, before, notice, said, wanted, contacts);
            }
        }

        return decision;
    }

    /// <summary>Sends it, unless there is a reason not to; the reason is recorded.</summary>
    private void Begin(
        Decision decision, OrderNotice before, OrderNotice notice, Announcement said, Notification wanted,
        ContactPoints contacts)
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
        else if (!contacts.Wants(wanted.Type, wanted.Channel))
        {
            Sending.Skip(decision, wanted, Sending.SwitchedOff);
        }
        else if (wanted.Recipient is null)
        {
            Sending.Skip(decision, wanted, $"The customer has no contact point for {wanted.Channel}.");
        }
        else
        {
            Write(decision, wanted, said.Facts with { Order = notice.OrderNumber ?? said.OrderId.ToString() });
        }
    }

    // A template that cannot say it fails this channel alone.
    private void Write(Decision decision, Notification wanted, NoticeFacts facts)
    {
        try
        {
            var text = templates.Render(wanted.Type, wanted.Channel, wanted.Language, facts);
            decision.Put(NotificationKinds.Notifications, wanted.Id, wanted with { Text = text });
        }
        catch (UnsayableException error)
        {
            Sending.Fail(decision, wanted, $"The template cannot say it: {error.Message}");
        }
    }

    private static UserId? UserOf(Envelope envelope, Announcement said) => said.UserId ?? envelope.UserId;

    private ContactPoints ContactsOf(Documents documents, UserId user) =>
        documents.Find(NotificationKinds.Contacts, user.Value)
        ?? ContactPoints.Unset(user, options.UnknownUsersDomain);

    /// <summary>
    /// Where it goes: one notification per channel, by push one per device. A channel that does not reach the user, or
    /// is not wanted, has one too, which records that.
    /// </summary>
    private static IEnumerable<Target> Targets(NotificationType type, ContactPoints contacts, EventId cause)
    {
        foreach (var channel in type.Channels)
        {
            var reached = contacts.Wants(type.Name, channel) ? contacts.On(channel) : [];
            foreach (var recipient in reached.DefaultIfEmpty())
            {
                var device = channel == Channels.Push ? recipient : null;
                yield return new(
                    channel, recipient, Notification.IdOf(cause, channel, contacts.UserId, device));
            }
        }
    }

    private sealed record Target(string Channel, string? Recipient, NotificationId Id);
}
