using System.Globalization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments.Reconciling;

/// <summary>The documents of reconciliation, and what a run wants read.</summary>
public static class ReconciliationKinds
{
    /// <summary>Name of the gateway that reads our own ledger.</summary>
    public const string LedgerGateway = "payment-ledger";

    /// <summary>The key of the one book.</summary>
    public const string BookKey = "book";

    /// <summary>Rows and transactions per page.</summary>
    public const int PageSize = 100;

    /// <summary>Orders of one run that may be judged; more are left to the next run.</summary>
    public const int SuspectsMax = 200;

    /// <summary>Runs, by id.</summary>
    public static DocumentKind<Reconciliation> Runs { get; } = new DocumentKind<Reconciliation>(
            ShopTopology.Payments, "reconciliations", PaymentsJson.Default.Reconciliation, r => r.WakeAt, r => r.Trail,
            Wanted)
        .Column("status", r => Words.Of(r.Status))
        .Column("started_at", r => r.StartedAt.ToUnixTimeMilliseconds())
        .Column("differences", r => (long)r.Differences.Count)
        .Index("by_time", "started_at");

    /// <summary>What the PG listed, by order.</summary>
    public static DocumentKind<PgRecord> PgRecords { get; } = new(
        ShopTopology.Payments, "pg_records", PaymentsJson.Default.PgRecord);

    /// <summary>The book of what is done and what is open.</summary>
    public static DocumentKind<ReconciliationBook> Book { get; } = new(
        ShopTopology.Payments, "reconciliation_books", PaymentsJson.Default.ReconciliationBook, b => b.NextAt);

    /// <summary>A run's key.</summary>
    public static string KeyOf(Guid run) => run.ToString("D", CultureInfo.InvariantCulture);

    /// <summary>The key of the effect that is awaited.</summary>
    internal static string EffectKey(Reconciliation run) =>
        string.Create(CultureInfo.InvariantCulture, $"{run.Id:D}/{run.Calls}");

    private static Effect? Wanted(Reconciliation run) => run switch
    {
        { IsAsked: false } => null,
        { Status: RunStatus.ReadingPg } => new ListTransactions(
            EffectKey(run), run.From - Comparing.Margin, run.To + Comparing.Skew, run.Cursor, PageSize),
        { Status: RunStatus.ReadingLedger } => new ReadLedger(
            EffectKey(run), run.From, run.To, run.Cursor, PageSize),
        _ => null,
    };
}

/// <summary>Read a page of the PG's transactions, oldest first.</summary>
/// <param name="Key">See <see cref="Effect"/>.</param>
/// <param name="From">The first moment.</param>
/// <param name="To">The last moment.</param>
/// <param name="StartingAfter">The last transaction of the page before; null for the first page.</param>
/// <param name="Limit">Transactions per page.</param>
public sealed record ListTransactions(
    string Key, DateTimeOffset From, DateTimeOffset To, string? StartingAfter, int Limit)
    : Effect(PaymentKinds.Gateway, Key);

/// <summary>Read a page of our own ledger, oldest first.</summary>
public sealed record ReadLedger(string Key, DateTimeOffset From, DateTimeOffset To, string? Cursor, int Limit)
    : Effect(ReconciliationKinds.LedgerGateway, Key);

/// <summary>A page of the PG's transactions.</summary>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record TransactionsListed(IReadOnlyList<ListedTransaction> Transactions, string? NextCursor)
    : EffectResult;

/// <summary>One transaction as the PG lists it.</summary>
/// <param name="OrderId">As we named it, or another merchant's system did.</param>
public sealed record ListedTransaction(
    string Key, string PaymentKey, string OrderId, string Status, Money Amount, DateTimeOffset At);

/// <summary>A page of our ledger.</summary>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record LedgerRead(IReadOnlyList<PaymentLedgerRow> Rows, string? NextCursor) : EffectResult;
