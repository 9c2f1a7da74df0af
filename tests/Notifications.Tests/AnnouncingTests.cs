using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications.Tests;

public sealed class AnnouncingTests
{
    /// <summary>What the design says is told on which channels.</summary>
    public static TheoryData<string, string, IMessage> Table => new()
    {
        { "order_received", "email push", Samples.Created },
        { "deposit_requested", "email sms", Samples.AwaitingDeposit },
        { "order_confirmed", "email push sms", Samples.Confirmed },
        { "order_amended", "email push", Samples.Amended() },
        { "shipping_started", "push sms", Samples.Dispatched },
        { "delivery_completed", "email push sms", Samples.Delivered },
        { "order_cancelled", "email push", Samples.Cancelled },
        { "refund_completed", "email push", Samples.Refunded() },
    };

    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public void Each_message_of_the_table_is_told_on_its_channels_and_no_other(
        string type, string channels, IMessage message)
    {
        var story = new Story().Hears(message);

        Assert.Equal(channels, string.Join(' ', story.Notifications.Select(n => n.Channel).Order()));
        Assert.All(story.Notifications, n =>
        {
            Assert.Equal((type, NotificationStatus.Pending), (n.Type, n.Status));
            var notice = Assert.IsType<SendNotice>(Story.Wanted(n));
            var (gateway, to) = n.Channel switch
            {
                "email" => ("smtp", "user-1@sandbox.test"),
                "push" => ("push", "sandbox-user-1"),
                _ => ("sms", n.Recipient),
            };
            Assert.Equal((gateway, to), (notice.Gateway, notice.To));
            Assert.Equal(n.Text, notice.Text);
            Assert.Equal(Story.Start + story.Options.AnswerWithin, n.WakeAt);
        });
        Assert.Empty(story.Sent);
    }

    [Fact]
    public void Every_type_is_in_the_table() => Assert.Equal(
        NotificationTypes.All.Select(t => $"{t.Name}: {string.Join(' ', t.Channels.Order())}").Order(),
        Table.Select(row => $"{row.Data.Item1}: {row.Data.Item2}").Order());

    [Fact]
    public void An_order_message_goes_out_in_the_middle_of_the_night()
    {
        var story = new Story { Now = new(2025, 3, 4, 18, 0, 0, TimeSpan.Zero) }; // 03:00 in Korea

        Assert.All(story.Hears(Samples.Created).Notifications, n => Assert.NotNull(Story.Wanted(n)));
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
        var first = story.Notifications;

        story.Answers(new NoticeSent()).Hears(Samples.Created, eventNumber: 1);

        Assert.Equal(first.Select(n => n.Id).ToHashSet(), story.Notifications.Select(n => n.Id).ToHashSet());
        Assert.Equal(NotificationStatus.Sent, story.Mail.Status);
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
            Notification.IdOf(cause, "push", new UserId("a"), "phone"),
            Notification.IdOf(cause, "push", new UserId("a"), "tablet"),
            Notification.IdOf(cause, "email", new UserId("b")),
        ];

        Assert.Equal(5, ids.Distinct().Count());
        Assert.Equal(ids[0], Notification.IdOf(cause, "email", new UserId("a")));
    }

    [Fact]
    public void A_request_repeated_under_another_event_is_suppressed()
    {
        var story = new Story().Hears(Samples.Confirmed).Hears(Samples.Confirmed);

        Assert.Equal(6, story.Notifications.Count);
        var second = story.Notifications.Where(n => n.Status == NotificationStatus.Suppressed).ToList();
        Assert.Equal(["email", "push", "sms"], second.Select(n => n.Channel).Order());
        Assert.All(second, n => Assert.Equal(("The customer has been told already.", null), (n.Reason, n.Text)));
        Assert.Contains(story.Last.Notes, n => n.Kind == "notification_suppressed");
    }

    [Fact]
    public void Each_refund_and_each_partial_cancel_is_told()
    {
        foreach (var tell in new Func<int, IMessage>[] { Samples.Refunded, Samples.Amended })
        {
            var story = new Story().Hears(tell(1)).Hears(tell(2)).Hears(tell(2));

            Assert.Equal(4, story.Notifications.Count(n => n.Status == NotificationStatus.Pending));
            Assert.Equal(2, story.Notifications.Count(n => n.Status == NotificationStatus.Suppressed));
        }
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

            Assert.Equal(9, story.Notifications.Count);
            Assert.Equal(NotificationStatus.Pending, story.Of(NotificationTypes.OrderCancelled).Status);
            Assert.Equal(NotificationStatus.Pending, story.Of(NotificationTypes.RefundCompleted).Status);
            var isInTime = Array.IndexOf(arrival, Samples.Confirmed) < Array.IndexOf(arrival, Samples.Cancelled);
            Assert.Equal(
                isInTime ? NotificationStatus.Pending : NotificationStatus.Suppressed,
                story.Of(NotificationTypes.OrderConfirmed).Status);
        }
    }

    [Fact]
    public void An_order_is_named_by_its_number_once_that_is_known()
    {
        var story = new Story().Hears(Samples.Refunded(1)).Hears(Samples.Created).Hears(Samples.Delivered);

        Assert.Contains(Samples.Order.ToString(), story.Of(NotificationTypes.RefundCompleted).Text!.Body);
        Assert.Contains(Samples.OrderNumber, story.Of(NotificationTypes.DeliveryCompleted).Text!.Body);
    }

    [Fact]
    public void A_deposit_is_not_asked_for_once_the_order_is_confirmed_or_cancelled()
    {
        foreach (var later in new IMessage[] { Samples.Confirmed, Samples.Cancelled })
        {
            var story = new Story().Hears(later).Hears(Samples.AwaitingDeposit);

            Assert.Equal(NotificationStatus.Suppressed, story.Of(NotificationTypes.DepositRequested).Status);
            Assert.Equal(NotificationStatus.Suppressed, story.Of(NotificationTypes.DepositRequested, "sms").Status);
        }
    }

    [Fact]
    public void A_type_that_nobody_knows_fails_visibly()
    {
        var story = new Story().Hears(Samples.Confirmed with { Type = "birthday" });

        Assert.Equal(NotificationStatus.Failed, story.Mail.Status);
        Assert.Equal("birthday", Assert.IsType<NotificationFailed>(Assert.Single(story.Sent)).Type);
        Assert.Empty(story.Last.Alerts);
    }

    [Fact]
    public void A_channel_that_does_not_reach_the_customer_is_skipped_and_says_why()
    {
        var story = new Story(new NotificationsOptions()).Hears(Samples.Confirmed);

        Assert.Equal(3, story.Notifications.Count);
        Assert.All(story.Notifications, n => Assert.Equal(
            (NotificationStatus.Skipped, null, null, $"The customer has no contact point for {n.Channel}."),
            (n.Status, n.WakeAt, n.Text, n.Reason)));
        Assert.Empty(story.Sent);
    }

    [Fact]
    public void A_channel_that_is_switched_off_for_a_type_is_skipped_and_the_others_are_not()
    {
        var story = new Story();
        var contacts = ContactPoints.Unset(Samples.User, "sandbox.test") with
        {
            Unwanted = [ContactPoints.Preference("order_received", "push")],
        };
        story.Put(NotificationKinds.Contacts, Samples.User.Value, contacts);
        story.Hears(Samples.Created).Hears(Samples.Confirmed);

        var skipped = Assert.Single(story.Notifications, n => n.Status == NotificationStatus.Skipped);
        Assert.Equal(("order_received", "push"), (skipped.Type, skipped.Channel));
        Assert.Equal("Switched off by the customer.", skipped.Reason);
        Assert.Equal(4, story.Notifications.Count(n => n.Status == NotificationStatus.Pending));
    }

    [Fact]
    public void Each_device_gets_a_push_of_its_own()
    {
        var story = new Story();
        story.Put(
            NotificationKinds.Contacts, Samples.User.Value,
            new ContactPoints(Samples.User, null) { PushTokens = ["phone", "tablet"] });
        story.Hears(Samples.Dispatched);

        Assert.Equal(["phone", "tablet"], story.Notifications.Select(n => n.Recipient).OfType<string>().Order());
        Assert.Equal(NotificationStatus.Skipped, story.Of(NotificationTypes.ShippingStarted, "sms").Status);
    }

    [Theory]
    [InlineData("has space")]
    [InlineData("홍길동")]
    [InlineData("a@b")]
    [InlineData("evil\r\nBcc: x@y.test")]
    public void A_user_id_that_makes_no_address_is_skipped_instead_of_reaching_the_mail_server(string user)
    {
        var story = new Story().Hears(Samples.Created with { UserId = new UserId(user) }, user: new UserId(user));

        Assert.Equal(NotificationStatus.Skipped, story.Mail.Status);
        Assert.All(story.Of(NotificationTypes.OrderReceived, "push").Recipient!, c => Assert.InRange(c, '!', '~'));
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
        Assert.Equal(("kim@example.test", "en"), (story.Mail.Recipient, story.Mail.Language));
    }

    [Fact]
    public void Seeding_keeps_what_is_there()
    {
        var story = new Story();
        story.Put(NotificationKinds.Contacts, Samples.User.Value, new ContactPoints(Samples.User, "mine@example.test"));

        var seeded = story.Asks<SeedContacts, ContactsSeeded>(new([new(Samples.User, "seed@example.test")]));

        Assert.Equal(0, seeded.Added);
        Assert.Equal("mine@example.test", story.Hears(Samples.Created).Mail.Recipient);
    }

    [Fact]
    public void A_notification_can_be_listed_by_user_and_time()
    {
        var kind = NotificationKinds.Notifications;
        var state = new Story().Hears(Samples.Created).Answers(new NoticeSent()).Mail;

        Assert.Equal(
            [
                "by_user: user_id, created_at", "by_unread: unread_by, created_at", "by_order: order_id, created_at",
                "by_time: created_at",
            ],
            kind.Indexes.Select(i => $"{i.Name}: {string.Join(", ", i.Columns)}"));
        Assert.Equal(
            ["user-1", Samples.Order.ToString(), "email", "sent", "user-1", Story.Start.ToUnixTimeMilliseconds()],
            kind.Columns.Select(c => c.Read(state)));
        Assert.Equal(state.Id, state.IdFrom(state.Trail.CausationId!.Value));
        Assert.Equal(Samples.User, kind.Trail(state)!.UserId);
    }

    private static IEnumerable<IMessage[]> Permutations(IMessage[] messages) => messages.Length < 2
        ? [messages]
        : messages.SelectMany(first =>
            Permutations([.. messages.Where(m => m != first)]).Select(rest => (IMessage[])[first, .. rest]));
}
