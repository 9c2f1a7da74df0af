namespace DoaMarket.Kernel;

/// <summary>Sends one dead letter of the service to its queue again (audited).</summary>
public sealed record RedriveDeadLetter(Guid Id, string? Reason) : Request<bool>;

/// <summary>Gives one dead letter of the service up (audited).</summary>
public sealed record DiscardDeadLetter(Guid Id, string Reason) : Request<bool>;

/// <summary>
/// The document of the redriving of a dead-letter queue. It says how far it is, so that a process which ends in the
/// middle goes on there; letters that die again after it began are none of its business.
/// </summary>
/// <param name="Queue">The dead-letter queue.</param>
/// <param name="EventType">Only messages of this type; null takes all.</param>
/// <param name="RatePerSecond">How many a second at most.</param>
/// <param name="StartedAt">Letters that were given up by then are redriven.</param>
/// <param name="StartedBy">Who asked for it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Redriven">How many went to their queue again.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
/// <param name="StoppedBecause">Why a person ended it early; null otherwise.</param>
public sealed record RedriveState(
    string Queue,
    string? EventType,
    int RatePerSecond,
    DateTimeOffset StartedAt,
    UserId? StartedBy,
    string? Reason,
    int Redriven,
    DateTimeOffset? EndedAt,
    string? StoppedBecause)
{
    /// <summary>Only letters that died for this reason; null takes all.</summary>
    public string? FailedBecause { get; init; }

    /// <summary>Most messages a second that may be asked for.</summary>
    public const int MaxRatePerSecond = 1_000;

    /// <summary>When the last letters were redriven; null before the first.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>How many letters are due: what the rate allows since the last ones, whichever process took them.</summary>
    public int Allowed(DateTimeOffset now) =>
        (int)Math.Round(RatePerSecond * Math.Clamp((now - (LastAt ?? StartedAt)).TotalSeconds, 0, 1));
}

/// <summary>Begins to redrive a queue's dead letters (audited); false when that is under way already.</summary>
public sealed record StartRedrive(
    string Queue, string? EventType, int RatePerSecond, string? Reason, string? FailedBecause = null) : Request<bool>;

/// <summary>Ends the redriving of a queue early (audited); false when none is under way.</summary>
public sealed record StopRedrive(string Queue, string Reason) : Request<bool>;

/// <summary>
/// The next letters of a redriving; none are left when there are no ids. The answer tells whether it still goes on.
/// </summary>
/// <param name="LastAt">When, as the asker saw it, the last letters were redriven: where another process has been quicker,
/// these are the same letters, and nothing is done.</param>
public sealed record ContinueRedrive(
    string Queue, DateTimeOffset StartedAt, DateTimeOffset? LastAt, IReadOnlyList<Guid> Letters) : Request<bool>;

/// <summary>What every service does with the dead letters of its queue.</summary>
internal static class DeadLetterRequests
{
    public static void AddTo(ServiceModule module)
    {
        var redrives = module.Redrives;
        module
            .OnRequest<RedriveDeadLetter, bool>(_ => [], (_, asked) => Decision.On(asked)
                .Settle(new DeadLetterAction.Redrive(asked.Body.Id))
                .Audit("dead_letter.redrive", asked.Body.Id.ToString("D"), asked.Body.Reason)
                .Answer(true))
            .OnRequest<DiscardDeadLetter, bool>(_ => [], (_, asked) => Decision.On(asked)
                .Settle(new DeadLetterAction.Discard(asked.Body.Id, asked.Body.Reason))
                .Audit("dead_letter.discard", asked.Body.Id.ToString("D"), asked.Body.Reason)
                .Answer(true))
            .OnRequest<StartRedrive, bool>(
                r => [redrives.Key(r.Queue)],
                (docs, asked) => Start(redrives, docs.Find(redrives, asked.Body.Queue), asked))
            .OnRequest<StopRedrive, bool>(
                r => [redrives.Key(r.Queue)],
                (docs, asked) => Stop(redrives, docs.Find(redrives, asked.Body.Queue), asked))
            .OnRequest<ContinueRedrive, bool>(
                r => [redrives.Key(r.Queue)],
                (docs, asked) => Continue(redrives, docs.Find(redrives, asked.Body.Queue), asked));
    }

    private static Decision Start(
        DocumentKind<RedriveState> redrives, RedriveState? before, Asked<StartRedrive, bool> asked)
    {
        if (before is { EndedAt: null })
        {
            return Decision.On(asked).Answer(false);
        }

        var wish = asked.Body;
        var started = new RedriveState(
            wish.Queue, wish.EventType, wish.RatePerSecond, asked.Now, asked.Trail.UserId, wish.Reason, 0, null, null)
        {
            FailedBecause = wish.FailedBecause,
        };
        return Decision.On(asked)
            .Put(redrives, wish.Queue, started)
            .Audit("dead_letters.redrive", wish.Queue, wish.Reason)
            .Answer(true);
    }

    private static Decision Stop(
        DocumentKind<RedriveState> redrives, RedriveState? before, Asked<StopRedrive, bool> asked) =>
        before is { EndedAt: null } running
            ? Decision.On(asked)
                .Put(
                    redrives, running.Queue,
                    running with { EndedAt = asked.Now, StoppedBecause = asked.Body.Reason })
                .Audit("dead_letters.redrive_stop", running.Queue, asked.Body.Reason)
                .Answer(true)
            : Decision.On(asked).Answer(false);

    // Stopped, or another one by now: the letters that were read for it stay where they are.
    private static Decision Continue(
        DocumentKind<RedriveState> redrives, RedriveState? before, Asked<ContinueRedrive, bool> asked)
    {
        var decision = Decision.On(asked);
        var letters = asked.Body.Letters;
        if (before is not { EndedAt: null } running || running.StartedAt != asked.Body.StartedAt)
        {
            return decision.Answer(false);
        }

        if (running.LastAt != asked.Body.LastAt)
        {
            return decision.Answer(true);
        }

        foreach (var letter in letters)
        {
            decision.Settle(new DeadLetterAction.Redrive(letter));
        }

        return decision
            .Put(redrives, running.Queue, running with
            {
                Redriven = running.Redriven + letters.Count,
                LastAt = asked.Now,
                EndedAt = letters.Count == 0 ? asked.Now : null,
            })
            .Answer(letters.Count > 0);
    }
}
