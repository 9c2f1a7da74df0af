using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>
/// Takes in what a channel answers and what a timer says. Failing for good raises no alert: a wrong address is for the
/// customer to mend, an outage shows once in its circuit breaker, and the journal has each `notification.failed`.
/// </summary>
internal static class Sending
{
    /// <summary>Why a notification is skipped that the customer does not want.</summary>
    public const string SwitchedOff = "Switched off by the customer.";

    /// <summary>Longest wait before a call that was lost again and again is made again.</summary>
    private static readonly TimeSpan LongestUnanswered = TimeSpan.FromMinutes(15);

    /// <summary>The notice tells whether the order has moved on while the notification waited.</summary>
    public static IEnumerable<DocumentKey> Keys(Notification state) =>
        [NotificationKinds.OrderNotices.Key(state.OrderId)];

    /// <summary>The same for an answer; where the address is gone, also what knows the address.</summary>
    public static IEnumerable<DocumentKey> Keys(Answer<Notification> m) =>
        m.Result is NoticeRefused { IsAddressGone: true }
            ? [.. Keys(m.State), NotificationKinds.Contacts.Key(m.State.UserId.Value)]
            : Keys(m.State);

    /// <summary>The channel has answered.</summary>
    public static Decision OnAnswer(Documents documents, Answer<Notification> m, NotificationsOptions options)
    {
        var (state, decision) = (m.State, Decision.On(m));
        if (state.Status != NotificationStatus.Pending)
        {
            // Given up or suppressed while the call was out: what the channel has done is the truth all the same.
            return m.Result is NoticeSent && state.Status != NotificationStatus.Sent
                ? Succeed(decision, state)
                : decision.Remark("late_answer_ignored", $"{state.Type} by {state.Channel} is {state.StatusName()}.");
        }

        return m.Result switch
        {
            NoticeSent => Succeed(decision, state),
            NoticeDeferred deferred => Retry(documents, decision, state, deferred.Reason, options),
            EffectFailed failed => Retry(documents, decision, state, failed.Error, options),
            NotAttempted held => Hold(documents, decision, state, held, options),
            NoticeRefused refused => Refused(documents, decision, state, refused, options),
            _ => throw new InvalidOperationException($"{m.Result.GetType().Name} is no answer to a notification."),
        };
    }

    /// <summary>A retry is due, or a call was lost and is made again under its key.</summary>
    public static Decision OnDue(Documents documents, Due<Notification> m, NotificationsOptions options)
    {
        var (state, decision) = (m.State, Decision.On(m));
        if (state.Status != NotificationStatus.Pending || state.WakeAt > m.Now)
        {
            return decision;
        }

        return IsTooLate(state, m.Now, options)
            ? Fail(decision, state, TooLate(state, options))
            : Unless(documents, decision, state)
                ?? Keep(decision, AskedAgain(state, m.Now, options));
    }

    // A retry is made at once. A call without an answer waits longer each time: a channel that has too much to do gets
    // to all of them in the end, and its backlog must not write every document each minute.
    private static Notification AskedAgain(Notification state, DateTimeOffset now, NotificationsOptions options)
    {
        var unanswered = state.IsCalling ? state.Unanswered + 1 : 0;
        var longer = options.AnswerWithin * Math.Pow(2, Math.Min(unanswered, 10));
        var within = longer < LongestUnanswered ? longer : LongestUnanswered;
        return state with
        {
            IsCalling = true,
            Unanswered = unanswered,
            WakeAt = now + (within > options.AnswerWithin ? within : options.AnswerWithin),
        };
    }

    /// <summary>Gives up. Nobody's saga depends on it.</summary>
    public static Decision Fail(Decision decision, Notification state, string reason)
    {
        var failed = Settled(state, NotificationStatus.Failed) with { Reason = reason };
        return Keep(decision, failed)
            .Send(new NotificationFailed(state.OrderId, state.Id, state.Type, state.Channel, reason));
    }

    /// <summary>Does not send it, on purpose.</summary>
    public static Decision Suppress(Decision decision, Notification state, string reason) =>
        Keep(decision, Settled(state, NotificationStatus.Suppressed) with { Reason = reason })
            .Remark("notification_suppressed", $"{state.Type} by {state.Channel}: {reason}");

    /// <summary>Does not send it: the customer cannot be reached there, or does not want to be.</summary>
    public static Decision Skip(Decision decision, Notification state, string reason) =>
        Keep(decision, Settled(state, NotificationStatus.Skipped) with { Reason = reason, Text = null });

    // An address that is gone is forgotten, so that nothing more is sent there.
    private static Decision Refused(
        Documents documents, Decision decision, Notification state, NoticeRefused refused, NotificationsOptions options)
    {
        if (refused.IsAddressGone && state is { Channel: Channels.Push, Recipient: { } token })
        {
            var known = documents.Find(NotificationKinds.Contacts, state.UserId.Value)
                ?? ContactPoints.Unset(state.UserId, options.UnknownUsersDomain);
            if (known.PushTokens.Contains(token, StringComparer.Ordinal))
            {
                decision.Remark("push_token_dropped", $"{state.UserId}: a device does not exist any more.").Put(
                    NotificationKinds.Contacts,
                    state.UserId.Value,
                    known with { PushTokens = [.. known.PushTokens.Where(t => t != token)] });
            }
        }

        return Fail(decision, state, refused.Reason);
    }

    private static Decision Succeed(Decision decision, Notification state) =>
        Keep(decision, Settled(state, NotificationStatus.Sent) with { SentAt = decision.Occasion.Now, Reason = null })
            .Send(new NotificationSent(state.OrderId, state.Id, state.Type, state.Channel));

    private static Decision Retry(
        Documents documents, Decision decision, Notification state, string reason, NotificationsOptions options)
    {
        var tried = state with { Attempts = state.Attempts + 1, Reason = reason };
        return tried.Attempts >= options.Backoff.MaxAttempts
            ? Fail(decision, tried, reason)
            : Wait(documents, decision, tried, options.Backoff.After(tried.Attempts, tried.Id.Value), options);
    }

    /// <summary>
    /// The open circuit costs no attempt. The waits grow with jitter nevertheless: thousands of mails that come back at
    /// once when the circuit half-opens would each write a document for nothing.
    /// </summary>
    private static Decision Hold(
        Documents documents, Decision decision, Notification state, NotAttempted held, NotificationsOptions options)
    {
        var deferred = state with { Deferrals = state.Deferrals + 1, Reason = held.Reason };
        var spread = options.Backoff.After(deferred.Deferrals, deferred.Id.Value);
        return Wait(documents, decision, deferred, held.RetryAfter > spread ? held.RetryAfter : spread, options);
    }

    private static Decision Wait(
        Documents documents, Decision decision, Notification state, TimeSpan wait, NotificationsOptions options)
    {
        var at = decision.Occasion.Now + wait;
        return IsTooLate(state, at, options)
            ? Fail(decision, state, TooLate(state, options))
            : Unless(documents, decision, state) ?? Keep(decision, state with { IsCalling = false, WakeAt = at });
    }

    /// <summary>Suppresses what the order has left behind meanwhile; null when it is still worth telling.</summary>
    private static Decision? Unless(Documents documents, Decision decision, Notification state) =>
        NotificationTypes.Find(state.Type) is { } type
        && documents.Find(NotificationKinds.OrderNotices, state.OrderId)?.Overtaking(type) is { } later
            ? Suppress(decision, state, $"Overtaken by {later} while it waited.")
            : null;

    private static bool IsTooLate(Notification state, DateTimeOffset at, NotificationsOptions options) =>
        at >= state.CreatedAt + options.GiveUpAfter;

    private static string TooLate(Notification state, NotificationsOptions options) =>
        $"Not sent within {options.GiveUpAfter.TotalHours:0.##} h: {state.Reason ?? "the channel never answered."}";

    private static Notification Settled(Notification state, NotificationStatus status) =>
        state with { Status = status, IsCalling = false, WakeAt = null };

    private static Decision Keep(Decision decision, Notification state) =>
        decision.Put(NotificationKinds.Notifications, state.Id, state);
}
