using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Payments.Reconciling;

namespace DoaMarket.Payments.Tests;

/// <summary>
/// A payment of 12,900 won of which 2,000 went back, a PG that lists the same, and the least that a kernel does around a
/// reconciliation: it keeps documents as JSON and carries out what is wanted.
/// </summary>
internal sealed class ReconciliationWorld
{
    private const int AnswersMax = 100;

    private readonly PaymentsOptions _options = new();
    private readonly Dictionary<DocumentKey, object> _documents = [];
    private readonly Dictionary<string, Alert> _alerts = new(StringComparer.Ordinal);
    private readonly List<ListedTransaction> _atPg = [];
    private readonly List<PaymentLedgerRow> _ledger = [];
    private Guid _run;
    private int _ids;

    public ReconciliationWorld()
    {
        Payment = new Payment(
            Given.Payment, Given.Order, Given.Customer, Given.Amount, Money.Currency, PaymentStatus.Completed,
            new(new CorrelationId(Given.Order.Value)), Given.Noon, Given.Noon)
        {
            Captured = Given.Amount,
        };
        Book("tx_1", 12_900);
        Book("tx_r", -2_000);
        AtPg("tx_1", Given.Order.ToString(), 12_900);
        AtPg("tx_r", Given.Order.ToString(), -2_000);
    }

    public DateTimeOffset Now { get; set; } = Given.Noon.AddHours(1);

    public int PageSize { get; init; } = ReconciliationKinds.PageSize;

    public bool IsPgDown { get; set; }

    public int Raised { get; private set; }

    public IReadOnlyCollection<Alert> OpenAlerts => _alerts.Values;

    public Payment Payment
    {
        get => (Payment)_documents[PaymentKinds.Payments.Key(Given.Payment)];
        set => _documents[PaymentKinds.Payments.Key(Given.Payment)] = value;
    }

    public Reconciliation Current => (Reconciliation)_documents[RunKey];

    public Effect? Wanted => ReconciliationKinds.Runs.Wanted(Current);

    private DocumentKey RunKey => ReconciliationKinds.Runs.Key(ReconciliationKinds.KeyOf(_run));

    public void AtPg(string key, string order, long won, DateTimeOffset? at = null) =>
        AtPg(new ListedTransaction(key, "pk_1", order, "DONE", new(won), at ?? Given.Noon.AddMinutes(_atPg.Count)));

    public void AtPg(ListedTransaction transaction) => _atPg.Add(transaction);

    public ListedTransaction Vanish(string key)
    {
        var gone = _atPg.Single(t => t.Key == key);
        _atPg.Remove(gone);
        return gone;
    }

    /// <summary>The ledger and the payment have this movement.</summary>
    public void Book(string key, long won)
    {
        var at = Given.Noon.AddMinutes(_ledger.Count);
        _ledger.Add(new(
            Given.Payment, Given.Order, LedgerReason.Refunded, new(won), at, new(DerivedId.From(Given.Order.Value, ++_ids)),
            key));
        Payment = Payment with { Moves = [.. Payment.Moves, new(key, new(won), at, Given.Noon)] };
    }

    /// <summary>A whole run over everything there is.</summary>
    public Reconciliation Run()
    {
        Begin();
        return Finish();
    }

    public void Begin() => Assert.IsType<ReconcileReply.Begun>(Ask(new Reconcile(Given.Noon.AddMinutes(-1), null)));

    public ReconcileReply Ask(Reconcile wish)
    {
        var id = NextId();
        var decision = Commit(ReconciliationRun.Request(
            Documents(), new(id, Now, new Trail(new CorrelationId(id), UserId: Given.Operator), wish), _options));
        _run = decision.Reply is ReconcileReply.Begun begun ? begun.RunId : _run;
        return (ReconcileReply)decision.Reply!;
    }

    public void OpenBook() => Commit(ReconciliationRun.Open(
        Documents(), new(NextId(), Now, new Trail(new CorrelationId(NextId())), new OpenReconciliationBook()), _options));

    public void FireSchedule()
    {
        var key = ReconciliationKinds.Book.Key(ReconciliationKinds.BookKey);
        var book = (ReconciliationBook)_documents[key];
        Now = book.NextAt > Now ? book.NextAt.Value : Now;
        var id = NextId();
        Commit(ReconciliationRun.Due(
            Documents(), new Due<ReconciliationBook>(id, Now, new Trail(new CorrelationId(id)), key.Id, book), _options));
        _run = ((ReconciliationBook)_documents[key]).Running ?? _run;
    }

    public Reconciliation Finish()
    {
        for (var i = 0; Current.IsRunning; i++)
        {
            Assert.True(i < AnswersMax, "The run does not come to its end.");
            if (Wanted is null)
            {
                FireTimer();
            }
            else
            {
                AnswerOne();
            }
        }

        return Current;
    }

    public void FireTimer()
    {
        Now = Current.WakeAt > Now ? Current.WakeAt.Value : Now;
        Commit(ReconciliationRun.Due(
            Documents(ReconciliationRun.Needs(Current)),
            new Due<Reconciliation>(NextId(), Now, Current.Trail, RunKey.Id, Current), _options));
    }

    public void AnswerOne()
    {
        var wanted = Wanted!;
        Answer(CarryOut(wanted));
        if (Current.IsRunning && Wanted?.Key != wanted.Key)
        {
            var before = Current;
            Commit(ReconciliationRun.Answered(
                Documents(), AnswerOf(wanted, CarryOut(wanted)), _options)); // a copy of it comes late
            Assert.Equal(before, Current);
        }
    }

    public void Answer(EffectResult result)
    {
        var answer = AnswerOf(Wanted!, result);
        Commit(ReconciliationRun.Answered(Documents(ReconciliationRun.Needs(answer)), answer, _options));
    }

    private Answer<Reconciliation> AnswerOf(Effect effect, EffectResult result) =>
        new(NextId(), Now, Current.Trail, RunKey.Id, Current, effect, result);

    private EffectResult CarryOut(Effect effect)
    {
        if (effect is ReadLedger read)
        {
            var rows = _ledger.Where(r => r.At >= read.From && r.At < read.To).ToList();
            var from = read.Cursor is null ? 0 : int.Parse(read.Cursor, System.Globalization.CultureInfo.InvariantCulture);
            var next = from + PageSize;
            return new LedgerRead(
                [.. rows.Skip(from).Take(PageSize)],
                next < rows.Count ? next.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
        }

        if (IsPgDown)
        {
            return Given.Timeout;
        }

        var list = (ListTransactions)effect;
        var found = _atPg.Where(t => t.At >= list.From && t.At <= list.To).ToList();
        var start = list.StartingAfter is null ? 0 : found.FindIndex(t => t.Key == list.StartingAfter) + 1;
        var page = found.Skip(start).Take(PageSize).ToList();
        return new TransactionsListed(page, page.Count < PageSize ? null : page[^1].Key);
    }

    private Guid NextId() => DerivedId.From(Given.Order.Value, $"reconciliation {++_ids}");

    // What is not named is not seen, as in the kernel.
    private Documents Documents(IEnumerable<DocumentKey>? named = null)
    {
        var keys = named?.ToHashSet();
        return Kernel.Documents.Of(_documents
            .Where(d => keys is null || keys.Contains(d.Key) || d.Key == RunKey)
            .Select(d => new DocumentChange(d.Key, d.Value)));
    }

    private Decision Commit(Decision decision)
    {
        foreach (var change in decision.Changes)
        {
            _documents[change.Key] = change.Key.Kind.Read(change.Key.Kind.Write(change.State));
        }

        foreach (var change in decision.Alerts)
        {
            var key = $"{change.Alert.Type}/{change.Alert.Subject}";
            if (change.Resolution is null)
            {
                Raised++;
                _alerts[key] = change.Alert;
            }
            else
            {
                _alerts.Remove(key);
            }
        }

        return decision;
    }
}
