using System.Text.Json.Serialization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments.Reconciling;

/// <summary>How far a run has come.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<RunStatus>))]
public enum RunStatus
{
    /// <summary>The PG's transactions are read, page by page.</summary>
    ReadingPg,

    /// <summary>Our ledger is read, page by page.</summary>
    ReadingLedger,

    /// <summary>What looked different is judged.</summary>
    Judging,

    /// <summary>Everything in the window was compared.</summary>
    Completed,

    /// <summary>The PG could not be read; the next run tries again.</summary>
    Failed,
}

/// <summary>
/// One comparison of our ledger with the PG's transactions, both directions. All of its progress is in here, so that a
/// killed process goes on where it was.
/// </summary>
/// <param name="Id">Its id.</param>
/// <param name="From">The first moment that is compared.</param>
/// <param name="To">The moment before which it is compared; what is younger is still settling.</param>
/// <param name="RequestedBy">The operator; null for the schedule.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Trail">The request that it belongs to.</param>
public sealed record Reconciliation(
    Guid Id, DateTimeOffset From, DateTimeOffset To, UserId? RequestedBy, DateTimeOffset StartedAt, Trail Trail)
{
    /// <summary>How far it has come.</summary>
    public RunStatus Status { get; init; }

    /// <summary>Where the PG's or the ledger's next page begins; null at the first.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many pages were asked for: it numbers the questions.</summary>
    public int Calls { get; init; }

    /// <summary>Fruitless tries of the open question.</summary>
    public int Tries { get; init; }

    /// <summary>Whether an answer is awaited.</summary>
    public bool IsAsked { get; init; }

    /// <summary>When the open question is put (again); null when it is over.</summary>
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>Transactions of the PG within the window.</summary>
    public long Transactions { get; init; }

    /// <summary>Ledger rows within the window.</summary>
    public long Rows { get; init; }

    /// <summary>Orders of which the two did not agree at first sight; bounded.</summary>
    public IReadOnlyList<OrderId> Suspects { get; init; } = [];

    /// <summary>Suspects that did not fit; the next run finds them again.</summary>
    public int SuspectsLeftOut { get; init; }

    /// <summary>Orders that were not judged because something of theirs is still under way.</summary>
    public int Unsettled { get; init; }

    /// <summary>What differs.</summary>
    public IReadOnlyList<Difference> Differences { get; init; } = [];

    /// <summary>Differences of earlier runs that this one found settled.</summary>
    public int Settled { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether it still works.</summary>
    [JsonIgnore]
    public bool IsRunning => Status is RunStatus.ReadingPg or RunStatus.ReadingLedger or RunStatus.Judging;
}

/// <summary>One difference between the ledger and the PG.</summary>
/// <param name="Type">The alert's type.</param>
/// <param name="Subject">What it is about: a transaction of the PG, or an order.</param>
/// <param name="OrderId">The order as the PG names it.</param>
/// <param name="At">When the money moved.</param>
/// <param name="AtPg">What the PG has; positive from the customer.</param>
/// <param name="InLedger">What the ledger has.</param>
/// <param name="Text">What it is, and the proposed remedy, for people.</param>
public sealed record Difference(
    string Type, string Subject, string OrderId, DateTimeOffset At, Money AtPg, Money InLedger, string Text);

/// <summary>What the PG's list said of one order.</summary>
/// <param name="Name">The order as the PG names it.</param>
/// <param name="Transactions">Its movements, each seen last in one run.</param>
public sealed record PgRecord(OrderId OrderId, string Name, IReadOnlyList<PgTransaction> Transactions);

/// <summary>One movement in the PG's list.</summary>
/// <param name="Amount">Positive from the customer, negative to the customer.</param>
/// <param name="SeenBy">The run that saw it last.</param>
public sealed record PgTransaction(string Key, Money Amount, string Status, DateTimeOffset At, Guid SeenBy);

/// <summary>When to reconcile next, up to where it was done, and which differences are still open.</summary>
/// <param name="NextAt">When the next run begins; null: on demand only.</param>
/// <param name="DoneTo">Everything before it has been compared.</param>
public sealed record ReconciliationBook(DateTimeOffset? NextAt, DateTimeOffset DoneTo)
{
    /// <summary>The run that works; null when none does.</summary>
    public Guid? Running { get; init; }

    /// <summary>Differences whose alerts are open.</summary>
    public IReadOnlyList<Difference> Open { get; init; } = [];
}
