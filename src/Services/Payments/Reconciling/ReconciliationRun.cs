using System.Globalization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments.Reconciling;

/// <summary>
/// Runs a reconciliation: the PG's list page by page, our ledger page by page, then a judgement of every order of which
/// the two did not agree at first sight.
/// </summary>
public static class ReconciliationRun
{
    /// <summary>The book is there, and its timer is set as the options say.</summary>
    public static Decision Open(Documents documents, Asked<OpenReconciliationBook, bool> m, PaymentsOptions options)
    {
        var d = Decision.On(m);
        var book = documents.Find(ReconciliationKinds.Book, ReconciliationKinds.BookKey)
            ?? new ReconciliationBook(null, m.Now - options.ReconcileAtFirst);
        DateTimeOffset? next = options.ReconcileEvery is var every && every > TimeSpan.Zero
            ? book.NextAt is { } planned && planned < m.Now + every ? planned : m.Now + every
            : null;
        return d.Put(ReconciliationKinds.Book, ReconciliationKinds.BookKey, book with { NextAt = next }).Answer(true);
    }

    /// <summary>An operator wants a run now.</summary>
    public static Decision Request(
        Documents documents, Asked<Reconcile, ReconcileReply> m, PaymentsOptions options)
    {
        var d = Decision.On(m);
        var book = documents.Find(ReconciliationKinds.Book, ReconciliationKinds.BookKey)
            ?? new ReconciliationBook(null, m.Now - options.ReconcileAtFirst);
        if (book.Running is { } running)
        {
            return d.Answer(new ReconcileReply.Busy(running));
        }

        var to = Earlier(m.Body.To ?? m.Now, m.Now - options.ReconcileYoung);
        var from = m.Body.From ?? Earlier(book.DoneTo, to - TimeSpan.FromHours(1));
        if (from >= to)
        {
            return d.Answer(new ReconcileReply.TooYoung(to));
        }

        d.Audit("reconciliation.run", ReconciliationKinds.KeyOf(m.Id), null);
        return Begin(d, book, m.Id, from, to, m.Trail.UserId, options).Answer(new ReconcileReply.Begun(m.Id));
    }

    /// <summary>The schedule.</summary>
    public static Decision Due(Documents documents, Due<ReconciliationBook> m, PaymentsOptions options)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var d = Decision.On(m);
        if (options.ReconcileEvery <= TimeSpan.Zero)
        {
            return d.Put(ReconciliationKinds.Book, ReconciliationKinds.BookKey, m.State with { NextAt = null });
        }

        var book = m.State with { NextAt = m.Now + options.ReconcileEvery };
        var to = m.Now - options.ReconcileYoung;
        return book.Running is not null || book.DoneTo >= to
            ? d.Put(ReconciliationKinds.Book, ReconciliationKinds.BookKey, book)
            : Begin(d, book, m.Id, book.DoneTo - options.ReconcileOverlap, to, by: null, options);
    }

    /// <summary>A run's timer: its answer is overdue, or its next try's time has come.</summary>
    public static Decision Due(Documents documents, Due<Reconciliation> m, PaymentsOptions options)
    {
        var d = Decision.On(m);
        return m.State.Status switch
        {
            RunStatus.Judging => Judge(d, documents, m.State, options),
            _ when m.State.IsAsked => NotRead(d, documents, m.State, "no answer came in time.", options),
            _ when m.State.IsRunning => d.Put(m.State.Asked(m.Now, options)),
            _ => d.Put(m.State with { WakeAt = null }),
        };
    }

    /// <summary>A page has come.</summary>
    public static Decision Answered(Documents documents, Answer<Reconciliation> m, PaymentsOptions options)
    {
        var d = Decision.On(m);
        var run = m.State;
        if (!run.IsAsked || m.Effect.Key != ReconciliationKinds.EffectKey(run))
        {
            return d.Remark("late_answer", "A page came twice.");
        }

        return m.Result switch
        {
            TransactionsListed page => TakeTransactions(d, documents, run, page, options),
            LedgerRead page => TakeRows(d, documents, run, page, options),
            NotAttempted held => d.Put(run with
            {
                IsAsked = false,
                Calls = run.Calls + 1,
                WakeAt = m.Now + (held.RetryAfter > options.FirstQueryWait ? held.RetryAfter : options.FirstQueryWait),
            }),
            _ => NotRead(d, documents, run, Answers.Describe(m.Result), options),
        };
    }

    /// <summary>The documents that a run's judgement needs.</summary>
    public static IEnumerable<DocumentKey> Needs(Reconciliation run) => run.Status != RunStatus.Judging
        ? [BookOf()]
        :
        [
            BookOf(),
            .. run.Suspects.SelectMany(s => new[]
            {
                PaymentKinds.Payments.Key(PaymentId.Of(s)), ReconciliationKinds.PgRecords.Key(s),
            }),
        ];

    /// <summary>The documents that a page needs.</summary>
    public static IEnumerable<DocumentKey> Needs(Answer<Reconciliation> m) => m.Result switch
    {
        TransactionsListed page =>
        [
            BookOf(),
            .. page.Transactions.Select(t => OrderOf(t.OrderId)).Distinct().SelectMany(o => new[]
            {
                PaymentKinds.Payments.Key(PaymentId.Of(o)), ReconciliationKinds.PgRecords.Key(o),
            }),
        ],
        LedgerRead page =>
            [BookOf(), .. page.Rows.Select(r => ReconciliationKinds.PgRecords.Key(r.OrderId)).Distinct()],
        _ => [BookOf()],
    };

    private static DocumentKey BookOf() => ReconciliationKinds.Book.Key(ReconciliationKinds.BookKey);

    // Differences that are still open are looked at again, however old, as far as the window may reach.
    private static Decision Begin(
        Decision d, ReconciliationBook book, Guid id, DateTimeOffset from, DateTimeOffset to, UserId? by,
        PaymentsOptions options)
    {
        var earliest = book.Open.Count == 0 ? from : Earlier(from, book.Open.Min(o => o.At) - TimeSpan.FromSeconds(1));
        var start = earliest < to - options.ReconcileWindowMax ? to - options.ReconcileWindowMax : earliest;
        var run = new Reconciliation(
            id, start, to, by, d.Occasion.Now, new Trail(new CorrelationId(id), UserId: by))
        {
            Suspects = [.. book.Open.Select(o => OrderOf(o.OrderId)).Distinct()],
        };
        return d.Put(ReconciliationKinds.Book, ReconciliationKinds.BookKey, book with { Running = id })
            .Put(run.Asked(d.Occasion.Now, options));
    }

    private static Decision TakeTransactions(
        Decision d, Documents documents, Reconciliation run, TransactionsListed page, PaymentsOptions options)
    {
        var suspects = new List<OrderId>();
        foreach (var order in page.Transactions.GroupBy(t => OrderOf(t.OrderId)))
        {
            var before = documents.Find(ReconciliationKinds.PgRecords, order.Key.ToString());
            var keys = order.Select(t => t.Key).ToHashSet(StringComparer.Ordinal);
            var record = new PgRecord(
                order.Key, order.First().OrderId,
                [
                    .. (before?.Transactions ?? []).Where(t => !keys.Contains(t.Key)),
                    .. order.Select(t => new PgTransaction(t.Key, t.Amount, t.Status, t.At, run.Id)),
                ]);
            d.Put(ReconciliationKinds.PgRecords, order.Key, record);
            var payment = documents.Find(PaymentKinds.Payments, PaymentId.Of(order.Key));
            var differs = order.Any(t => payment is null
                || new Money(payment.Moves.Where(m => m.TransactionKey == t.Key).Sum(m => m.Amount.Won)) != t.Amount);
            if (differs)
            {
                suspects.Add(order.Key);
            }
        }

        var taken = run.Suspect(suspects) with
        {
            Transactions = run.Transactions + page.Transactions.Count(t => t.At >= run.From && t.At < run.To),
            Cursor = page.NextCursor,
            Status = page.NextCursor is null ? RunStatus.ReadingLedger : RunStatus.ReadingPg,
            Tries = 0,
        };
        return d.Put(taken.Asked(d.Occasion.Now, options));
    }

    private static Decision TakeRows(
        Decision d, Documents documents, Reconciliation run, LedgerRead page, PaymentsOptions options)
    {
        var suspects = page.Rows
            .Where(r => r is { TransactionKey: not null } && r.Amount != Money.Zero)
            .Where(r => documents.Find(ReconciliationKinds.PgRecords, r.OrderId.ToString()) is not { } record
                || !record.Transactions.Any(t => t.Key == r.TransactionKey && t.SeenBy == run.Id))
            .Select(r => r.OrderId).Distinct();
        var taken = run.Suspect(suspects) with
        {
            Rows = run.Rows + page.Rows.Count,
            Cursor = page.NextCursor,
            Tries = 0,
        };
        return page.NextCursor is not null
            ? d.Put(taken.Asked(d.Occasion.Now, options))
            : d.Put(taken with { Status = RunStatus.Judging, IsAsked = false, WakeAt = d.Occasion.Now });
    }

    private static Decision Judge(Decision d, Documents documents, Reconciliation run, PaymentsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var book = documents.Find(ReconciliationKinds.Book, ReconciliationKinds.BookKey)
            ?? throw new InvalidOperationException("The reconciliation's book is missing.");
        var differences = new List<Difference>();
        var judged = new HashSet<string>(StringComparer.Ordinal);
        var unsettled = 0;
        foreach (var order in run.Suspects)
        {
            var payment = documents.Find(PaymentKinds.Payments, PaymentId.Of(order));
            if (Comparing.IsSettling(payment))
            {
                unsettled++;
                continue;
            }

            judged.Add(order.ToString());
            differences.AddRange(Comparing.Differences(
                order, payment, documents.Find(ReconciliationKinds.PgRecords, order.ToString()), run));
        }

        var settled = book.Open.Where(o => judged.Contains(o.OrderId) && o.At >= run.From
            && !differences.Exists(f => (f.Type, f.Subject) == (o.Type, o.Subject))).ToList();
        foreach (var gone in settled)
        {
            d.Resolve(gone.Type, gone.Subject, $"Reconciliation {run.Id} found it settled.");
        }

        foreach (var found in differences.Where(
            f => !book.Open.Any(o => (o.Type, o.Subject) == (f.Type, f.Subject))))
        {
            d.Raise(Comparing.AlertOf(found));
        }

        d.Resolve(FailedAlert, FailedSubject, $"Reconciliation {run.Id} came to its end.");
        IReadOnlyList<Difference> open =
            [.. book.Open.Except(settled).Where(o => !differences.Exists(f => f.Subject == o.Subject)), .. differences];
        return d
            .Put(ReconciliationKinds.Book, ReconciliationKinds.BookKey, book with
            {
                Running = null,
                // What could not be judged is covered again.
                DoneTo = run.SuspectsLeftOut == 0 && unsettled == 0 && run.From <= book.DoneTo && run.To > book.DoneTo
                    ? run.To
                    : book.DoneTo,
                Open = open,
            })
            .Put(run with
            {
                Status = RunStatus.Completed,
                WakeAt = null,
                EndedAt = d.Occasion.Now,
                Differences = differences,
                Unsettled = unsettled,
                Settled = settled.Count,
            });
    }

    private static Decision NotRead(
        Decision d, Documents documents, Reconciliation run, string why, PaymentsOptions options)
    {
        var tries = run.Tries + 1;
        if (tries < options.ReconcileBackoff.MaxAttempts)
        {
            return d.Remark("page_not_read", $"Try {tries}: {why}").Put(run with
            {
                IsAsked = false,
                Tries = tries,
                Calls = run.Calls + 1,
                WakeAt = d.Occasion.Now + options.ReconcileBackoff.After(tries, run.Id),
            });
        }

        var book = documents.Find(ReconciliationKinds.Book, ReconciliationKinds.BookKey)
            ?? throw new InvalidOperationException("The reconciliation's book is missing.");
        return d
            .Raise(new Alert(
                FailedAlert, AlertSeverity.P3, FailedSubject,
                $"The PG's transactions could not be read: {why} The next run covers the same time."))
            .Put(ReconciliationKinds.Book, ReconciliationKinds.BookKey, book with { Running = null })
            .Put(run with
            {
                Status = RunStatus.Failed,
                IsAsked = false,
                WakeAt = null,
                EndedAt = d.Occasion.Now,
                Error = why,
            });
    }

    private static Reconciliation Asked(this Reconciliation run, DateTimeOffset now, PaymentsOptions options) =>
        run with { IsAsked = true, Calls = run.Calls + 1, WakeAt = now + options.AnswerWithin };

    private static Reconciliation Suspect(this Reconciliation run, IEnumerable<OrderId> orders)
    {
        var all = run.Suspects.Concat(orders).Distinct().ToList();
        return run with
        {
            Suspects = [.. all.Take(ReconciliationKinds.SuspectsMax)],
            SuspectsLeftOut = run.SuspectsLeftOut + Math.Max(0, all.Count - ReconciliationKinds.SuspectsMax),
        };
    }

    private static Decision Put(this Decision d, Reconciliation run) =>
        d.Put(ReconciliationKinds.Runs, ReconciliationKinds.KeyOf(run.Id), run);

    // An order that is not ours has a name of its own: it is kept under an id that follows from the name.
    private static OrderId OrderOf(string name) =>
        new(Guid.TryParse(name, CultureInfo.InvariantCulture, out var id) ? id : DerivedId.From(Guid.Empty, name));

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;

    internal const string FailedAlert = "RECONCILIATION_FAILED";
    private const string FailedSubject = "pg";
}

/// <summary>The book is to be there; asked when the process starts.</summary>
public sealed record OpenReconciliationBook : Request<bool>;

/// <summary>An operator wants the ledger compared with the PG now.</summary>
/// <param name="From">The first moment; null: from where the last run ended.</param>
/// <param name="To">The moment before which; null: as late as entries are settled.</param>
public sealed record Reconcile(DateTimeOffset? From, DateTimeOffset? To) : Request<ReconcileReply>;

/// <summary>What became of it.</summary>
public abstract record ReconcileReply
{
    private ReconcileReply()
    {
    }

    /// <summary>The run has begun.</summary>
    public sealed record Begun(Guid RunId) : ReconcileReply;

    /// <summary>Another run works.</summary>
    public sealed record Busy(Guid RunId) : ReconcileReply;

    /// <summary>Everything in the window is still settling.</summary>
    public sealed record TooYoung(DateTimeOffset SettledBefore) : ReconcileReply;
}
