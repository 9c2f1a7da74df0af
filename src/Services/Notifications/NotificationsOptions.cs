using System.ComponentModel.DataAnnotations;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>How persistently customers are told.</summary>
public sealed record NotificationsOptions
{
    /// <summary>
    /// Retries of one channel. Eight attempts span some 20 minutes, which outlasts greylisting (a receiving server that
    /// wants to see the same mail again after 5 to 15 minutes).
    /// </summary>
    [Required]
    public Backoff Backoff { get; init; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(15), MaxAttempts: 8);

    /// <summary>
    /// How long a call may stay unanswered before it counts as lost and is made again: the gateway's time limit plus
    /// its queue's wait.
    /// </summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Counted from the event; later it is not sent any more: old news is worse than none.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Folder with templates that replace those of the program; each has the name of the one that it replaces
    /// (`order_received.email.ko.hbs`). Read at the start. Null uses the program's.
    /// </summary>
    public string? TemplateFolder { get; init; }

    /// <summary>
    /// Domain that mail for users who have set no contact points goes to, as `userId@domain`; they get a phone number
    /// and a device that follow from their id, too: for the sandbox. Null (the default) sends them nothing and records
    /// why.
    /// </summary>
    public string? UnknownUsersDomain { get; init; }
}
