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

        story.Answers(new MailSent());

        Assert.Equal((NotificationStatus.Sent, null), (story.Only.Status, story.Only.WakeAt));
        Assert.Equal(story.Now, story.Only.SentAt);
        Assert.Equal(
            new NotificationSent(Samples.Order, story.Only.Id, "order_received", "email"), Assert.Single(story.Sent));
        Assert.Null(Story.Wanted(story.Only));
    }

    [Fact]
    public void A_transient_failure_waits_and_then_tries_again_under_another_key()
    {
        var story = new Story().Hears(Samples.Created);
        var first = Story.Wanted(story.Only)!;

        story.Answers(new MailDeferred("451 try later"));

        Assert.Null(Story.Wanted(story.Only));
        Assert.Equal(1, story.Only.Attempts);
        Assert.InRange(story.Only.WakeAt!.Value - story.Now, TimeSpan.FromSeconds(7.5), TimeSpan.FromSeconds(12.5));

        story.Now = story.Only.WakeAt!.Value;
        story.Wakes();
        var second = Story.Wanted(story.Only)!;
        Assert.False(first.Key == second.Key);
        Assert.Equal(first.Id, second.Id);

        story.Answers(new MailSent());
        Assert.Equal((NotificationStatus.Sent, null), (story.Only.Status, story.Only.Reason));
    }

    [Fact]
    public void After_the_last_attempt_it_fails_without_an_alert()
    {
        var story = new Story().Hears(Samples.Created);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var attempt = 1; attempt <= story.Options.Backoff.MaxAttempts; attempt++)
        {
            Assert.True(keys.Add(Story.Wanted(story.Only)!.Key));
            story.Answers(attempt % 2 == 0 ? new EffectFailed("bug") : new MailDeferred("451 try later"));
            Assert.Empty(story.Last.Alerts);
            if (story.Only.WakeAt is { } at)
            {
                story.Now = at;
                story.Wakes();
            }
        }

        Assert.Equal((NotificationStatus.Failed, null), (story.Only.Status, story.Only.WakeAt));
        Assert.Equal("bug", Assert.IsType<NotificationFailed>(Assert.Single(story.Sent)).Reason);
    }

    [Fact]
    public void A_refused_mail_fails_at_once()
    {
        var story = new Story().Hears(Samples.Created).Answers(new MailRefused("550 no such user"));

        Assert.Equal((NotificationStatus.Failed, "550 no such user"), (story.Only.Status, story.Only.Reason));
        Assert.IsType<NotificationFailed>(Assert.Single(story.Sent));
    }

    [Fact]
    public void An_open_circuit_costs_no_attempt_and_changes_the_key()
    {
        var story = new Story().Hears(Samples.Created);
        var first = Story.Wanted(story.Only)!.Key;

        story.Answers(new NotAttempted(TimeSpan.FromMinutes(1), "open"));

        Assert.Equal((0, 1), (story.Only.Attempts, story.Only.Deferrals));
        Assert.Equal(story.Now + TimeSpan.FromMinutes(1), story.Only.WakeAt);
        story.Now = story.Only.WakeAt!.Value;
        Assert.False(first == Story.Wanted(story.Wakes().Only)!.Key);
    }

    [Fact]
    public void A_circuit_that_stays_open_ends_at_the_deadline()
    {
        var story = new Story().Hears(Samples.Created);
        var rounds = 0;
        while (story.Only.Status == NotificationStatus.Pending)
        {
            Assert.True(++rounds < 200);
            story.Answers(new NotAttempted(TimeSpan.FromSeconds(5), "open"));
            story.Now = story.Only.WakeAt ?? story.Now;
            story.Wakes();
        }

        Assert.Equal((NotificationStatus.Failed, 0), (story.Only.Status, story.Only.Attempts));
        Assert.Contains("24 h", story.Only.Reason, StringComparison.Ordinal);
        Assert.True(story.Now < Story.Start + story.Options.GiveUpAfter);
    }

    [Fact]
    public void A_lost_call_is_made_again_under_its_key()
    {
        var story = new Story().Hears(Samples.Created);
        var key = Story.Wanted(story.Only)!.Key;
        story.Now = story.Only.WakeAt!.Value;

        story.Wakes();

        Assert.Equal(key, Story.Wanted(story.Only)!.Key);
        Assert.Equal(story.Now + story.Options.AnswerWithin, story.Only.WakeAt);
    }

    [Fact]
    public void A_timer_that_fires_early_changes_nothing()
    {
        var story = new Story().Hears(Samples.Created).Answers(new MailDeferred("451")).Wakes();

        Assert.Empty(story.Last.Changes);
    }

    [Fact]
    public void Calls_that_never_answer_end_at_the_deadline()
    {
        var story = new Story().Hears(Samples.Created);
        story.Now += story.Options.GiveUpAfter;

        story.Wakes();

        Assert.Equal(NotificationStatus.Failed, story.Only.Status);
        Assert.IsType<NotificationFailed>(Assert.Single(story.Sent));
    }

    [Fact]
    public void A_confirmation_still_waiting_when_the_order_is_cancelled_is_suppressed()
    {
        var story = new Story().Hears(Samples.Confirmed).Answers(new MailDeferred("451")).Hears(Samples.Cancelled);
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

        story.Answers(new MailDeferred("451"), story.Of(NotificationTypes.OrderConfirmed));

        Assert.Equal(NotificationStatus.Suppressed, story.Of(NotificationTypes.OrderConfirmed).Status);
    }

    [Fact]
    public void Every_status_takes_every_answer_and_every_timer_on_purpose()
    {
        EffectResult[] results =
        [
            new MailSent(), new MailDeferred("d"), new MailRefused("r"),
            new NotAttempted(TimeSpan.FromSeconds(5), "open"), new EffectFailed("bug"),
        ];
        foreach (var status in Enum.GetValues<NotificationStatus>())
        {
            foreach (var result in results)
            {
                var story = InStatus(status).Answers(result);
                var expected = (status, result) switch
                {
                    (NotificationStatus.Pending, MailRefused) => NotificationStatus.Failed,
                    (_, MailSent) => NotificationStatus.Sent, // the truth, also when it comes late
                    _ => status,
                };
                Assert.Equal(expected, story.Only.Status);
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
        var settledOr = status == NotificationStatus.Pending ? story.Only.WakeAt : null;
        story.Put(
            NotificationKinds.Notifications,
            story.Only.Id.ToString(),
            story.Only with { Status = status, WakeAt = settledOr, IsCalling = settledOr is not null });
        return story;
    }
}
