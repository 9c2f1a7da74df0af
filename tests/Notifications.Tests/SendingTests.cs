using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications.Tests;

public sealed class SendingTests
{
    [Fact]
    public void A_mail_taken_by_the_server_is_sent()
    {
        var story = new Story().Hears(Samples.Created);
        story.Now += TimeSpan.FromSeconds(1);

        story.Answers(new NoticeSent());

        Assert.Equal((NotificationStatus.Sent, null), (story.Mail.Status, story.Mail.WakeAt));
        Assert.Equal(story.Now, story.Mail.SentAt);
        Assert.Equal(
            new NotificationSent(Samples.Order, story.Mail.Id, "order_received", "email"), Assert.Single(story.Sent));
        Assert.Null(Story.Wanted(story.Mail));
    }

    [Fact]
    public void A_transient_failure_waits_and_then_tries_again_under_another_key()
    {
        var story = new Story().Hears(Samples.Created);
        var first = Story.Wanted(story.Mail)!;

        story.Answers(new NoticeDeferred("451 try later"));

        Assert.Null(Story.Wanted(story.Mail));
        Assert.Equal(1, story.Mail.Attempts);
        Assert.InRange(story.Mail.WakeAt!.Value - story.Now, TimeSpan.FromSeconds(7.5), TimeSpan.FromSeconds(12.5));

        story.Now = story.Mail.WakeAt!.Value;
        story.Wakes();
        var second = Story.Wanted(story.Mail)!;
        Assert.False(first.Key == second.Key);
        Assert.Equal(first.Id, second.Id);

        story.Answers(new NoticeSent());
        Assert.Equal((NotificationStatus.Sent, null), (story.Mail.Status, story.Mail.Reason));
    }

    [Fact]
    public void After_the_last_attempt_it_fails_without_an_alert()
    {
        var story = new Story().Hears(Samples.Created);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var attempt = 1; attempt <= story.Options.Backoff.MaxAttempts; attempt++)
        {
            Assert.True(keys.Add(Story.Wanted(story.Mail)!.Key));
            story.Answers(attempt % 2 == 0 ? new EffectFailed("bug") : new NoticeDeferred("451 try later"));
            Assert.Empty(story.Last.Alerts);
            if (story.Mail.WakeAt is { } at)
            {
                story.Now = at;
                story.Wakes();
            }
        }

        Assert.Equal((NotificationStatus.Failed, null), (story.Mail.Status, story.Mail.WakeAt));
        Assert.Equal("bug", Assert.IsType<NotificationFailed>(Assert.Single(story.Sent)).Reason);
    }

    [Fact]
    public void A_refused_mail_fails_at_once()
    {
        var story = new Story().Hears(Samples.Created).Answers(new NoticeRefused("550 no such user"));

        Assert.Equal((NotificationStatus.Failed, "550 no such user"), (story.Mail.Status, story.Mail.Reason));
        Assert.IsType<NotificationFailed>(Assert.Single(story.Sent));
    }

    [Fact]
    public void An_open_circuit_costs_no_attempt_and_changes_the_key()
    {
        var story = new Story().Hears(Samples.Created);
        var first = Story.Wanted(story.Mail)!.Key;

        story.Answers(new NotAttempted(TimeSpan.FromMinutes(1), "open"));

        Assert.Equal((0, 1), (story.Mail.Attempts, story.Mail.Deferrals));
        Assert.Equal(story.Now + TimeSpan.FromMinutes(1), story.Mail.WakeAt);
        story.Now = story.Mail.WakeAt!.Value;
        Assert.False(first == Story.Wanted(story.Wakes().Mail)!.Key);
    }

    [Fact]
    public void A_circuit_that_stays_open_ends_at_the_deadline()
    {
        var story = new Story().Hears(Samples.Created);
        var rounds = 0;
        while (story.Mail.Status == NotificationStatus.Pending)
        {
            Assert.True(++rounds < 200);
            story.Answers(new NotAttempted(TimeSpan.FromSeconds(5), "open"));
            story.Now = story.Mail.WakeAt ?? story.Now;
            story.Wakes();
        }

        Assert.Equal((NotificationStatus.Failed, 0), (story.Mail.Status, story.Mail.Attempts));
        Assert.Contains("24 h", story.Mail.Reason, StringComparison.Ordinal);
        Assert.True(story.Now < Story.Start + story.Options.GiveUpAfter);
    }

    [Fact]
    public void A_lost_call_is_made_again_under_its_key()
    {
        var story = new Story().Hears(Samples.Created);
        var key = Story.Wanted(story.Mail)!.Key;
        story.Now = story.Mail.WakeAt!.Value;

        story.Wakes();

        Assert.Equal(key, Story.Wanted(story.Mail)!.Key);
        Assert.Equal(story.Now + (2 * story.Options.AnswerWithin), story.Mail.WakeAt);
    }

    [Fact]
    public void Calls_that_are_lost_again_and_again_are_made_less_and_less_often()
    {
        var story = new Story().Hears(Samples.Created);
        var waits = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            story.Now = story.Mail.WakeAt!.Value;
            waits.Add((story.Wakes().Mail.WakeAt!.Value - story.Now).TotalMinutes);
        }

        Assert.Equal([2, 4, 8, 15, 15, 15, 15], waits);
        Assert.Equal(0, story.Mail.Attempts);
    }

    [Fact]
    public void A_device_that_does_not_exist_any_more_is_forgotten_and_the_others_stay()
    {
        var story = new Story();
        story.Put(
            NotificationKinds.Contacts, Samples.User.Value,
            new ContactPoints(Samples.User, null) { PushTokens = ["gone", "tablet"] });
        var gone = Assert.Single(story.Hears(Samples.Created).Notifications, n => n.Recipient == "gone");

        story.Answers(new NoticeRefused("UNREGISTERED", IsAddressGone: true), gone);

        Assert.Equal(["tablet"], story.Contacts(Samples.User).PushTokens);
        Assert.IsType<NotificationFailed>(Assert.Single(story.Sent));
        Assert.Equal(["tablet"], story.Hears(Samples.Dispatched).Notifications
            .Where(n => n.Type == "shipping_started").Select(n => n.Recipient).OfType<string>());
    }

    [Fact]
    public void A_device_of_the_sandbox_that_does_not_exist_any_more_is_forgotten()
    {
        var story = new Story().Hears(Samples.Created);
        story.Answers(
            new NoticeRefused("UNREGISTERED", IsAddressGone: true), story.Of(NotificationTypes.OrderReceived, "push"));

        Assert.Empty(story.Contacts(Samples.User).PushTokens);
        Assert.Equal("user-1@sandbox.test", story.Contacts(Samples.User).Email);
    }

    [Fact]
    public void A_refusal_that_is_not_about_the_address_keeps_it()
    {
        var story = new Story().Hears(Samples.Created);
        story.Answers(new NoticeRefused("too long"), story.Of(NotificationTypes.OrderReceived, "push"));

        Assert.Single(story.Last.Changes);
    }

    [Fact]
    public void A_channel_that_fails_for_good_leaves_the_others_alone()
    {
        var story = new Story().Hears(Samples.Confirmed);
        story.Answers(new NoticeRefused("no"), story.Of(NotificationTypes.OrderConfirmed, "sms"));
        story.Answers(new NoticeDeferred("later"), story.Of(NotificationTypes.OrderConfirmed, "push"));
        story.Answers(new NoticeSent());

        Assert.Equal(NotificationStatus.Failed, story.Of(NotificationTypes.OrderConfirmed, "sms").Status);
        Assert.Equal(NotificationStatus.Pending, story.Of(NotificationTypes.OrderConfirmed, "push").Status);
        Assert.Equal(NotificationStatus.Sent, story.Of(NotificationTypes.OrderConfirmed).Status);
    }

    [Fact]
    public void A_timer_that_fires_early_changes_nothing()
    {
        var story = new Story().Hears(Samples.Created).Answers(new NoticeDeferred("451")).Wakes();

        Assert.Empty(story.Last.Changes);
    }

    [Fact]
    public void Calls_that_never_answer_end_at_the_deadline()
    {
        var story = new Story().Hears(Samples.Created);
        story.Now += story.Options.GiveUpAfter;

        story.Wakes();

        Assert.Equal(NotificationStatus.Failed, story.Mail.Status);
        Assert.IsType<NotificationFailed>(Assert.Single(story.Sent));
    }

    [Fact]
    public void A_confirmation_still_waiting_when_the_order_is_cancelled_is_suppressed()
    {
        var story = new Story().Hears(Samples.Confirmed).Answers(new NoticeDeferred("451")).Hears(Samples.Cancelled);
        var waiting = story.Of(NotificationTypes.OrderConfirmed);
        story.Now = waiting.WakeAt!.Value;

        story.Wakes(waiting);

        var after = story.Of(NotificationTypes.OrderConfirmed);
        Assert.Equal(NotificationStatus.Suppressed, after.Status);
        Assert.Equal("Overtaken by order_cancelled while it waited.", after.Reason);
    }

    [Fact]
    public void A_failure_learnt_after_the_cancel_is_not_tried_again()
    {
        var story = new Story().Hears(Samples.Confirmed).Hears(Samples.Cancelled);

        story.Answers(new NoticeDeferred("451"), story.Of(NotificationTypes.OrderConfirmed));

        Assert.Equal(NotificationStatus.Suppressed, story.Of(NotificationTypes.OrderConfirmed).Status);
    }

    [Fact]
    public void Every_status_takes_every_answer_and_every_timer_on_purpose()
    {
        EffectResult[] results =
        [
            new NoticeSent(), new NoticeDeferred("d"), new NoticeRefused("r"),
            new NotAttempted(TimeSpan.FromSeconds(5), "open"), new EffectFailed("bug"),
        ];
        foreach (var status in Enum.GetValues<NotificationStatus>())
        {
            foreach (var result in results)
            {
                var story = InStatus(status).Answers(result);
                var expected = (status, result) switch
                {
                    (NotificationStatus.Pending, NoticeRefused) => NotificationStatus.Failed,
                    (_, NoticeSent) => NotificationStatus.Sent, // the truth, also when it comes late
                    _ => status,
                };
                Assert.Equal(expected, story.Mail.Status);
                var isSettled = status != NotificationStatus.Pending;
                Assert.Equal(isSettled && expected == status, story.Last.Changes.Count == 0);
            }

            var woken = InStatus(status);
            woken.Now += TimeSpan.FromHours(1);
            Assert.Equal(status == NotificationStatus.Pending ? 1 : 0, woken.Wakes().Last.Changes.Count);
        }
    }

    private static Story InStatus(NotificationStatus status)
    {
        var story = new Story().Hears(Samples.Created);
        var settledOr = status == NotificationStatus.Pending ? story.Mail.WakeAt : null;
        story.Put(
            NotificationKinds.Notifications,
            story.Mail.Id.ToString(),
            story.Mail with { Status = status, WakeAt = settledOr, IsCalling = settledOr is not null });
        return story;
    }
}
