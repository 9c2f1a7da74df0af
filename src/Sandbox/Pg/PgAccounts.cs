using System.Globalization;
using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Pg;

/// <summary>Issues virtual accounts: the customer pays in later, or never.</summary>
internal sealed class PgAccounts(TimeProvider clock, Func<TimeSpan?> depositAfter)
{
    private const long MinimumWon = 200;
    private const long AmountMax = 1_000_000_000_000;
    private const int ValidHoursMax = 2_160;
    private const int ValidHoursDefault = 168;
    private const long HourMs = 3_600_000;

    private static readonly string[] Banks =
    [
        "경남", "광주", "국민", "기업", "농협", "대구", "부산", "새마을", "수협", "신한", "우리", "우체국", "전북", "하나", "토스뱅크",
        "KYONGNAM", "KWANGJU", "KOOKMIN", "IBK", "NONGHYEOP", "DAEGU", "BUSAN", "SAEMAUL", "SUHYEOP", "SHINHAN", "WOORI",
        "POST", "JEONBUK", "HANA", "TOSSBANK",
        "39", "34", "06", "03", "11", "31", "32", "45", "07", "88", "20", "71", "37", "81", "92",
    ];

    public (PgCommand? Command, Answer? Refusal) Read(RequestFields fields)
    {
        string orderId = fields.Text("orderId", 64);
        Wish wish = new(
            orderId, fields.Text("orderName", 100), fields.Whole("amount", 0, AmountMax),
            fields.Text("customerName", 100), fields.Text("bank", 20), DueAt(fields));
        return fields.Problem is { } problem
            ? (null, PgErrors.Answer("INVALID_REQUEST", $"{problem.Field} {problem.Reason}"))
            : !PgCharges.IsOrderId(orderId)
                ? (null, PgErrors.Answer("INVALID_ORDER_ID"))
                : (new PgCommand("charge", [orderId, wish.CustomerName], (sql, _, decline) =>
                    Issue(sql, wish, decline)), null);
    }

    private PgResult Issue(SqlSession sql, Wish wish, bool decline)
    {
        if (decline || !Banks.Contains(wish.Bank, StringComparer.Ordinal))
        {
            return PgResult.Error("INVALID_BANK");
        }

        if (wish.Amount < MinimumWon)
        {
            return PgResult.Error("BELOW_MINIMUM_AMOUNT");
        }

        long now = clock.NowMs();
        if (wish.DueAt <= now)
        {
            return PgResult.Error("INVALID_DATE");
        }

        if (PgPayment.ByOrder(sql, wish.OrderId) is { Status: not ("ABORTED" or "EXPIRED") })
        {
            return PgResult.Error("DUPLICATED_ORDER_ID");
        }

        PgBehaviour behaviour = PgKey.OfCustomerName(wish.CustomerName);
        PgPayment payment = new(
            $"va_{PgBooks.NewKey()}", wish.OrderId, wish.OrderName, PgPayment.AccountType, behaviour,
            "WAITING_FOR_DEPOSIT", wish.Amount, Balance: 0, now, ApprovedAt: null, LastTransactionKey: null,
            Secret: $"ps_{PgBooks.NewKey()}", FailureCode: null, RefundFailures: 0);
        payment.Insert(sql);
        long? deposit = behaviour != PgBehaviour.NoDeposit && depositAfter() is { } wait
            ? now + (long)wait.TotalMilliseconds
            : null;
        new PgAccount(
            payment.PaymentKey, wish.Bank, NewNumber(), wish.CustomerName, wish.DueAt,
            Math.Min(deposit ?? wish.DueAt, wish.DueAt)).Insert(sql);
        return PgResult.Of(PgPayment.ByKey(sql, payment.PaymentKey)!);
    }

    private long DueAt(RequestFields fields)
    {
        string? dueDate = fields.OptionalText("dueDate", 30);
        long hours = fields.OptionalWhole("validHours", 1, ValidHoursMax) ?? ValidHoursDefault;
        if (dueDate is null)
        {
            return clock.NowMs() + (hours * HourMs);
        }

        if (!StoredTime.TryReadSeoul(dueDate, out long at))
        {
            fields.Blame("dueDate", "must be yyyy-MM-ddTHH:mm:ss");
        }

        return at;
    }

    private static string NewNumber() => Random.Shared.NextInt64(10_000_000_000_000, 99_999_999_999_999)
        .ToString(CultureInfo.InvariantCulture);

    private sealed record Wish(
        string OrderId, string OrderName, long Amount, string CustomerName, string Bank, long DueAt);
}
