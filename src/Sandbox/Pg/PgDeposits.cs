using DoaMarket.Sandbox.Callbacks;
using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Pg;

/// <summary>
/// What happens to virtual accounts: a deposit, its reversal by the bank, the end of the account's time. By itself when
/// its time has come, or at once when a person says so. Each move is one transaction with its rows and its callback.
/// </summary>
internal sealed class PgDeposits(
    SandboxStore store, PgBooks books, CallbackOutbox outbox, TimeProvider clock, Func<TimeSpan?> depositAfter)
{
    private const int BatchMax = 256;

    /// <summary>Moves the accounts whose time has come; says whether there were any.</summary>
    public async Task<bool> StepAsync(CancellationToken stopping)
    {
        IReadOnlyList<string> due = await store.ReadAsync(sql => PgAccount.Due(sql, clock.NowMs(), BatchMax));
        if (due.Count == 0 || stopping.IsCancellationRequested)
        {
            return false;
        }

        await store.WriteAsync(sql =>
        {
            foreach (string paymentKey in due)
            {
                MoveByItself(sql, PgPayment.ByKey(sql, paymentKey)!);
            }

            return due.Count;
        });
        return true;
    }

    /// <summary>The customer pays in. Null when the account does not wait for a deposit.</summary>
    public PgPayment? Deposit(SqlSession sql, PgPayment payment)
    {
        if (payment is not { Status: "WAITING_FOR_DEPOSIT", Account: { } account } || account.DueAt <= clock.NowMs())
        {
            return null;
        }

        PgPayment paid = books.Deposit(sql, payment);
        account.MoveAt(sql, payment.Behaviour == PgBehaviour.DepositReversed && !WasReversed(sql, payment)
            ? clock.NowMs() + (long)(depositAfter() ?? TimeSpan.Zero).TotalMilliseconds
            : null);
        outbox.AddDepositCallback(sql, paid);
        outbox.AddPaymentHint(sql, paid);
        return paid;
    }

    /// <summary>The bank takes the deposit back. Null when nothing whole is there to be taken.</summary>
    public PgPayment? Reverse(SqlSession sql, PgPayment payment)
    {
        if (payment is not { Status: "DONE", Account: { } account })
        {
            return null;
        }

        PgPayment waiting = books.Reverse(sql, payment);
        account.MoveAt(sql, account.DueAt);
        outbox.AddDepositCallback(sql, waiting);
        outbox.AddPaymentHint(sql, waiting);
        return waiting;
    }

    /// <summary>The account's time is over. Null when it does not wait for a deposit.</summary>
    public PgPayment? Expire(SqlSession sql, PgPayment payment)
    {
        if (payment is not { Status: "WAITING_FOR_DEPOSIT", Account: { } account })
        {
            return null;
        }

        sql.Run("UPDATE payment SET status = 'EXPIRED' WHERE payment_key = $1", payment.PaymentKey);
        account.MoveAt(sql, null);
        PgPayment expired = PgPayment.ByKey(sql, payment.PaymentKey)!;
        outbox.AddPaymentHint(sql, expired);
        return expired;
    }

    private void MoveByItself(SqlSession sql, PgPayment payment)
    {
        PgPayment? moved = payment switch
        {
            { Status: "DONE", Behaviour: PgBehaviour.DepositReversed } => Reverse(sql, payment),
            { Status: "WAITING_FOR_DEPOSIT", Account: { } account } when account.DueAt <= clock.NowMs() =>
                Expire(sql, payment),
            { Status: "WAITING_FOR_DEPOSIT" } => Deposit(sql, payment),
            _ => null,
        };
        if (moved is null)
        {
            payment.Account!.MoveAt(sql, null); // it was cancelled meanwhile
        }
    }

    private static bool WasReversed(SqlSession sql, PgPayment payment) => sql.Number(
        "SELECT COUNT(*) FROM journal_payment WHERE order_id = $1 AND kind = 'reversal'", payment.OrderId) > 0;
}
