using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments.Reconciling;

/// <summary>
/// Compares one order's payment with what the PG listed of it. Pure, and without memory: the same two sides give the
/// same differences.
/// </summary>
internal static class Comparing
{
    /// <summary>
    /// How much later than at the PG a movement may be in our books (the PG was away, an answer was lost): the PG's list
    /// is read from that much earlier on.
    /// </summary>
    public static readonly TimeSpan Margin = TimeSpan.FromHours(6);

    /// <summary>How far the PG's clock may be ahead of ours.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    public const string UnknownPayment = "RECONCILIATION_UNKNOWN_PAYMENT";
    public const string MissingInLedger = "RECONCILIATION_MISSING_IN_LEDGER";
    public const string MissingAtPg = "RECONCILIATION_MISSING_AT_PG";
    public const string AmountDiffers = "RECONCILIATION_AMOUNT_DIFFERS";

    /// <summary>Whether something of the payment is still under way, so that a difference proves nothing.</summary>
    public static bool IsSettling(Payment? payment) => payment is { Call: not null }
        or { Status: PaymentStatus.Pending or PaymentStatus.Refunding };

    /// <summary>What differs.</summary>
    public static IReadOnlyList<Difference> Differences(
        OrderId order, Payment? payment, PgRecord? record, Reconciliation run)
    {
        var listed = (record?.Transactions ?? []).Where(t => t.SeenBy == run.Id).ToList();
        return payment is null
            ? OfUnknown(order, record?.Name ?? order.ToString(), [.. listed.Where(t => t.At < run.To)])
            : [.. OfListed(payment, listed, run), .. OfBooked(payment, listed, run)];
    }

    /// <summary>The alert that calls a person.</summary>
    public static Alert AlertOf(Difference found) => found.Type switch
    {
        UnknownPayment => new Alert(UnknownPayment, AlertSeverity.P1, found.Subject, found.Text, found.OrderId),
        MissingInLedger => new Alert(MissingInLedger, AlertSeverity.P1, found.Subject, found.Text, found.OrderId),
        MissingAtPg => new Alert(MissingAtPg, AlertSeverity.P1, found.Subject, found.Text, found.OrderId),
        AmountDiffers => new Alert(AmountDiffers, AlertSeverity.P1, found.Subject, found.Text, found.OrderId),
        _ => throw new InvalidOperationException($"Nobody is called for {found.Type}."),
    };

    private static IReadOnlyList<Difference> OfUnknown(
        OrderId order, string name, IReadOnlyList<PgTransaction> listed)
    {
        var held = new Money(listed.Sum(t => t.Amount.Won));
        return held == Money.Zero
            ? [] // what was taken was given back
            :
            [
                new(
                    UnknownPayment, order.ToString(), order.ToString(), listed[0].At, held, Money.Zero,
                    $"The PG holds {held} of order {name}, of which this shop has no payment. "
                    + "Remedy: find out at the PG who was charged, and for what; give it back at the PG's console."),
            ];
    }

    private static IEnumerable<Difference> OfListed(
        Payment payment, IReadOnlyList<PgTransaction> listed, Reconciliation run)
    {
        foreach (var transaction in listed.Where(t => t.At >= run.From && t.At < run.To))
        {
            var moves = payment.Moves.Where(m => m.TransactionKey == transaction.Key).ToList();
            var booked = new Money(moves.Sum(m => m.Amount.Won));
            if (moves.Count == 0)
            {
                yield return Of(
                    MissingInLedger, payment, transaction.Key, transaction.At, transaction.Amount, Money.Zero,
                    $"The PG moved {transaction.Amount} ({transaction.Status}) and our ledger does not have it. "
                    + $"Remedy: POST /api/v1/payments/{payment.Id}/reread with a reason takes a refund made at the "
                    + "PG's console into the books; a second charge is to be given back at the console.");
            }
            else if (booked != transaction.Amount)
            {
                yield return Of(
                    AmountDiffers, payment, transaction.Key, transaction.At, transaction.Amount, booked,
                    $"The PG moved {transaction.Amount}, our ledger has {booked}. Remedy: clear it with the PG; then "
                    + "give the difference back, or note it and resolve this alert.");
            }
        }
    }

    // A movement that can be older than what was listed is not judged by its absence.
    private static IEnumerable<Difference> OfBooked(
        Payment payment, IReadOnlyList<PgTransaction> listed, Reconciliation run)
    {
        var missing = payment.Moves.Where(
            m => m.At >= run.From && m.At < run.To && m.NotBefore >= run.From - Margin
                && !listed.Any(t => t.Key == m.TransactionKey));
        foreach (var moves in missing.GroupBy(m => m.TransactionKey, StringComparer.Ordinal))
        {
            var booked = new Money(moves.Sum(m => m.Amount.Won));
            yield return Of(
                MissingAtPg, payment, moves.Key, moves.First().At, Money.Zero, booked,
                $"Our ledger has {booked}, and the PG lists no such transaction. Remedy: ask the PG with the "
                + "transaction's key; until it is found, do not ship on it and do not refund it again.");
        }
    }

    private static Difference Of(
        string type, Payment payment, string key, DateTimeOffset at, Money atPg, Money inLedger, string text) => new(
            type, key, payment.OrderId.ToString(), at, atPg, inLedger, $"Order {payment.OrderId}, {key}: {text}");
}
