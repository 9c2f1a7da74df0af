using System.ComponentModel.DataAnnotations;
using DoaMarket.Kernel;

namespace DoaMarket.Payments;

/// <summary>How long Payments waits, and how often it tries.</summary>
public sealed record PaymentsOptions
{
    /// <summary>How long one PG call may take: not less than the gateway's own limit. Default 4 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Added to it for queueing and committing; only then is an answer held to be lost. Default 6 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan CallSlack { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>
    /// How long after the last instant at which a charge may begin the PG's "not found" is still not believed. Default
    /// 10 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan SettleAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Wait before the first read of an unknown outcome; it doubles with each further one. Default 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan FirstQueryWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Longest wait between two reads. Reads go on until the outcome is known, however long the PG is away. Default 5
    /// min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LongestQueryWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Refund attempts and the waits between them; after the last the refund has failed. Default 5, 2 s doubling to 1
    /// min.
    /// </summary>
    [Required]
    public Backoff RefundBackoff { get; init; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1), MaxAttempts: 5);

    /// <summary>
    /// How long a customer has to pay into a virtual account; the PG closes it then. Default 24 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan DepositWithin { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How often the PG is asked for a deposit that no webhook has told of, and when one is due. Default 5 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan DepositPoll { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the ledger is compared with the PG's transactions; zero: on demand only. Default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ReconcileEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What is younger is still settling, and not compared yet. Default 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ReconcileYoung { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How much of what the last run covered the next one covers again. Default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ReconcileOverlap { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How far back the first run looks. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ReconcileAtFirst { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The longest time that one run may cover. Default 31 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "366.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ReconcileWindowMax { get; init; } = TimeSpan.FromDays(31);

    /// <summary>
    /// Tries of one page and the waits between them; after the last the run has failed. Default 8, 2 s doubling to 1 min.
    /// </summary>
    [Required]
    public Backoff ReconcileBackoff { get; init; } =
        new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1), MaxAttempts: 8);

    /// <summary>How many refunds of one payment may wait or be under way at once. Default 10.</summary>
    [Range(1, 40)]
    public int RefundsWaitingMax { get; init; } = 10;

    /// <summary>How many refunds a payment may have in all. Default 100.</summary>
    [Range(1, 1_000)]
    public int RefundsMax { get; init; } = 100;

    /// <summary>How many webhook transmissions a payment remembers, to drop their repetitions. Default 16.</summary>
    [Range(1, 100)]
    public int HintsRemembered { get; init; } = 16;

    /// <summary>When an answer that has not come is held to be lost.</summary>
    public TimeSpan AnswerWithin => CallTimeout + CallSlack;

    /// <summary>
    /// The longest that a refund of a captured payment can take until it has succeeded or failed for good, while the PG
    /// can be read: each attempt, its wait, and the read that follows it.
    /// </summary>
    public TimeSpan LongestRefundSchedule =>
        RefundBackoff.Longest() + (2 * RefundBackoff.MaxAttempts * AnswerWithin) + (2 * FirstQueryWait);

    /// <summary>
    /// The longest that a refund request can stay unanswered after the charge's deadline while the PG can be read: a
    /// charge of unknown outcome is settled, turns out to be captured, and is refunded. An undo budget must not be
    /// shorter.
    /// </summary>
    public TimeSpan LongestUndo => SettleAfter + (2 * AnswerWithin) + (2 * FirstQueryWait) + LongestRefundSchedule;

    /// <summary>Nothing is asked again sooner, whatever a gateway suggests.</summary>
    internal TimeSpan ShortestWait => FirstQueryWait;

    internal TimeSpan QueryWait(int tries, Guid seed) =>
        new Backoff(FirstQueryWait, LongestQueryWait, int.MaxValue).After(tries, seed);
}
