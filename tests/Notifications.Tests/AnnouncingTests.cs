using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications.Tests;

public sealed class AnnouncingTests
{
    public static TheoryData<string, IMessage> Table => new()
    {
        { "order_received", Samples.Created },
        { "order_confirmed", Samples.Confirmed },
        { "order_cancelled", Samples.Cancelled },
        { "shipping_started", Samples.Dispatched },
        { "delivery_completed", Samples.Delivered },
        { "refund_completed", Samples.Refunded() },
    };

    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public void Each_message_of_the_table_makes_one_mail_of_its_type(string type, IMessage message)
    {
        var story = new Story().Hears(message);

        Assert.Equal((type, "email"), (story.Only.Type, story.Only.Channel));
        Assert.Equal(NotificationStatus.Pending, story.Only.Status);
        var mail = Assert.IsType<SendMail>(Story.Wanted(story.Only));
        Assert.Equal(("smtp", type, "user-1@sandbox.test", "ko"), (mail.Gateway, mail.Type, mail.To, mail.Language));
        Assert.Equal(Story.Start + story.Options.AnswerWithin, story.Only.WakeAt);
        Assert.Empty(story.Sent);
    }

    [Fact]
    public void A_completed_payment_is_not_told_by_itself() =>
        Assert.Empty(new Story().Hears(Samples.Paid).Notifications);

    [Fact]
    public void Every_message_that_the_topology_routes_here_is_handled()
    {
        var handled = NotificationsModule.Create(new()).MessageTypes.Select(ShopMessages.Catalog.NameOf);

        var routed = ShopTopology.Topology.Rules
            .Where(r => r.Services.Contains(ShopTopology.Notifications, StringComparer.Ordinal));
        Assert.Equal(
            routed.Select(r => r.EventType).Order(StringComparer.Ordinal),
            handled.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_same_event_is_told_once_per_channel_and_recipient()
    {
        var story = new Story().Hears(Samples.Created, eventNumber: 1);
        var first = story.Only;

        story.Answers(new MailSent()).Hears(Samples.Created, eventNumber: 1);

        Assert.Equal(first.Id, story.Only.Id);
        Assert.Equal(NotificationStatus.Sent, story.Only.Status);
        Assert.Single(story.Sent);
    }

    [Fact]
    public void Channels_and_recipients_have_notifications_of_their_own()
    {
        var cause = new EventId(new Guid("01956000-0000-7000-8000-000000000001"));
        NotificationId[] ids =
        [
            Notification.IdOf(cause, "email", new UserId("a")),
            Notification.IdOf(cause, "push", new UserId("a")),
            Notification.IdOf(cause, "email", new UserId("b")),
        ];

        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(ids[0], Notification.IdOf(cause, "email", new UserId("a")));
    }

    [Fact]
    public void A_request_repeated_under_another_event_is_suppressed()
    {
        var story = new Story().Hears(Samples.Confirmed).Hears(Samples.Confirmed);

        Assert.Equal(2, story.Notifications.Count);
        var second = Assert.Single(story.Notifications, n => n.Status == NotificationStatus.Suppressed);
        Assert.Equal("The customer has been told already.", second.Reason);
        Assert.Contains(story.Last.Notes, n => n.Kind == "notification_suppressed");
    }

    [Fact]
    public void Each_refund_is_told()
    {
        var story = new Story().Hears(Samples.Refunded(1)).Hears(Samples.Refunded(2)).Hears(Samples.Refunded(2));

        Assert.Equal(2, story.Notifications.Count(n => n.Status == NotificationStatus.Pending));
        Assert.Single(story.Notifications, n => n.Status == NotificationStatus.Suppressed);
    }

    [Fact]
    public void A_confirmation_that_arrives_after_the_cancel_is_suppressed()
    {
        var story = new Story().Hears(Samples.Cancelled).Hears(Samples.Confirmed);

        var confirmation = story.Of(NotificationTypes.OrderConfirmed);
        Assert.Equal(NotificationStatus.Suppressed, confirmation.Status);
        Assert.Equal("Overtaken by order_cancelled.", confirmation.Reason);
        Assert.Null(confirmation.WakeAt);
        Assert.Null(Story.Wanted(confirmation));
        Assert.Equal(NotificationStatus.Pending, story.Of(NotificationTypes.OrderCancelled).Status);
    }

    [Fact]
    public void In_every_order_of_arrival_the_cancel_and_the_refund_are_told()
    {
        IMessage[] messages = [Samples.Created, Samples.Confirmed, Samples.Cancelled, Samples.Refunded()];
        foreach (var arrival in Permutations(messages))
        {
            var story = new Story();
            foreach (var message in arrival)
            {
                story.Hears(message);
            }

            Assert.Equal(4, story.Notifications.Count);
            Assert.Equal(NotificationStatus.Pending, story.Of(NotificationTypes.OrderCancelled).Status);
            Assert.Equal(NotificationStatus.Pending, story.Of(NotificationTypes.RefundCompleted).Status);
            var isInTime = Array.IndexOf(arrival, Samples.Confirmed) < Array.IndexOf(arrival, Samples.Cancelled);
            Assert.Equal(
                isInTime ? NotificationStatus.Pending : NotificationStatus.Suppressed,
                story.Of(NotificationTypes.OrderConfirmed).Status);
        }
    }

    [Fact]
    public void A_mail_names_the_order_by_its_number_once_that_is_known()
    {
        var story = new Story().Hears(Samples.Refunded(1)).Hears(Samples.Created).Hears(Samples.Dispatched);

        Assert.Equal(Samples.Order.ToString(), story.Of(NotificationTypes.RefundCompleted).Facts.Order);
        Assert.Equal(Samples.OrderNumber, story.Of(NotificationTypes.ShippingStarted).Facts.Order);
    }

    [Fact]
    public void A_type_that_nobody_knows_fails_visibly()
    {
        var story = new Story().Hears(Samples.Confirmed with { Type = "birthday" });

        Assert.Equal(NotificationStatus.Failed, story.Only.Status);
        Assert.Equal("birthday", Assert.IsType<NotificationFailed>(Assert.Single(story.Sent)).Type);
        Assert.Empty(story.Last.Alerts);
    }

    [Fact]
    public void Without_an_address_it_fails_and_says_so()
    {
        var story = new Story(new NotificationsOptions()).Hears(Samples.Created);

        Assert.Equal((NotificationStatus.Failed, null), (story.Only.Status, story.Only.WakeAt));
        Assert.Equal("No email address of the customer is known.", story.Only.Reason);
        Assert.IsType<NotificationFailed>(Assert.Single(story.Sent));
    }

    [Theory]
    [InlineData("has space")]
    [InlineData("홍길동")]
    [InlineData("a@b")]
    [InlineData("evil\r\nBcc: x@y.test")]
    public void A_user_id_that_makes_no_address_fails_instead_of_reaching_the_mail_server(string user)
    {
        var story = new Story().Hears(Samples.Created with { UserId = new UserId(user) }, user: new UserId(user));

        Assert.Equal(NotificationStatus.Failed, story.Only.Status);
    }

    [Fact]
    public void Known_contacts_decide_address_and_language()
    {
        var story = new Story();
        var seeded = story.Asks<SeedContacts, ContactsSeeded>(
            new([
                new(Samples.User, "kim@example.test", "en"),
                new(new("user-2"), "no address"),
                new(Samples.User, "second@example.test"),
            ]));
        story.Hears(Samples.Created);

        Assert.Equal(1, seeded.Added);
        Assert.Equal([new UserId("user-2")], seeded.Refused);
        Assert.Equal(("kim@example.test", "en"), (story.Only.Recipient, story.Only.Language));
    }

    [Fact]
    public void Seeding_keeps_what_is_there()
    {
        var story = new Story();
        story.Put(NotificationKinds.Contacts, Samples.User.Value, new ContactPoints(Samples.User, "mine@example.test"));

        var seeded = story.Asks<SeedContacts, ContactsSeeded>(new([new(Samples.User, "seed@example.test")]));

        Assert.Equal(0, seeded.Added);
        Assert.Equal("mine@example.test", story.Hears(Samples.Created).Only.Recipient);
    }

    [Fact]
    public void A_notification_can_be_listed_by_user_and_time()
    {
        var kind = NotificationKinds.Notifications;
        var state = new Story().Hears(Samples.Created).Only;

        Assert.Equal(["user_id", "created_at"], Assert.Single(kind.Indexes).Columns);
        Assert.Equal(
            ["user-1", Samples.Order.ToString(), "pending", Story.Start.ToUnixTimeMilliseconds()],
            kind.Columns.Select(c => c.Read(state)));
        Assert.Equal(Samples.User, kind.Trail(state)!.UserId);
    }

    private static IEnumerable<IMessage[]> Permutations(IMessage[] messages) => messages.Length < 2
        ? [messages]
        : messages.SelectMany(first =>
            Permutations([.. messages.Where(m => m != first)]).Select(rest => (IMessage[])[first, .. rest]));
}
