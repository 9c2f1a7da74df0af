using DoaMarket.Sandbox.Store;
using Microsoft.Data.Sqlite;

namespace DoaMarket.Sandbox.Pg;

/// <summary>A payment as the PG keeps it. Amounts in KRW, times in Unix milliseconds.</summary>
internal sealed record PgPayment(
    string PaymentKey,
    string OrderId,
    string OrderName,
    string Type,
    PgBehaviour Behaviour,
    string Status,
    long Amount,
    long Balance,
    long RequestedAt,
    long? ApprovedAt,
    string? LastTransactionKey,
    string Secret,
    string? FailureCode,
    long RefundFailures)
{
    private const string Columns = """
        payment_key, order_id, order_name, type, behaviour, status, amount, balance, requested_at, approved_at,
        last_transaction_key, secret, failure_code, refund_failures
        """;

    public IReadOnlyList<PgCancel> Cancels { get; private init; } = [];

    public const string AccountType = "VIRTUAL_ACCOUNT";

    public PgAccount? Account { get; private init; }

    public bool WasCaptured => Status is "DONE" or "CANCELED" or "PARTIAL_CANCELED";

    public static PgPayment? ByKey(SqlSession sql, string paymentKey) =>
        sql.Row($"SELECT {Columns} FROM payment WHERE payment_key = $1", Read, paymentKey)?.WithCancels(sql);

    /// <summary>An order may have several payments when earlier ones failed; the newest one counts.</summary>
    public static PgPayment? ByOrder(SqlSession sql, string orderId) => sql.Row(
        $"SELECT {Columns} FROM payment WHERE order_id = $1 ORDER BY id DESC LIMIT 1", Read, orderId)?.WithCancels(sql);

    public void Insert(SqlSession sql) => sql.Run(
        $"INSERT INTO payment ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        PaymentKey, OrderId, OrderName, Type, PgKey.NameOf(Behaviour), Status, Amount, Balance, RequestedAt, ApprovedAt,
        LastTransactionKey, Secret, FailureCode, RefundFailures);

    /// <summary>The Payment object of Toss Payments, version 2022-11-16.</summary>
    public object ToToss() => new
    {
        version = "2022-11-16",
        mId = "doamarket_sandbox",
        paymentKey = PaymentKey,
        lastTransactionKey = LastTransactionKey,
        orderId = OrderId,
        orderName = OrderName,
        type = Type == AccountType ? "NORMAL" : Type,
        method = MethodOf(Type),
        status = Status,
        totalAmount = Amount,
        balanceAmount = Status == "WAITING_FOR_DEPOSIT" ? Amount : Balance,
        currency = "KRW",
        country = "KR",
        requestedAt = StoredTime.Seoul(RequestedAt),
        approvedAt = ApprovedAt is { } at ? StoredTime.Seoul(at) : null,
        secret = Secret,
        isPartialCancelable = true,
        useEscrow = false,
        cultureExpense = false,
        virtualAccount = Account?.ToToss(Status),
        cancels = Cancels.Count == 0 ? null : Cancels.Select(cancel => cancel.ToToss()),
        failure = FailureCode is null ? null : new { code = FailureCode, message = PgErrors.MessageOf(FailureCode) },
    };

    /// <summary>The PG's own word for how was paid.</summary>
    public static string MethodOf(string type) => type == AccountType ? "가상계좌" : "카드";

    private PgPayment WithCancels(SqlSession sql) => this with
    {
        Cancels = PgCancel.Of(sql, PaymentKey),
        Account = Type == AccountType ? PgAccount.Of(sql, PaymentKey) : null,
    };

    private static PgPayment Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), PgKey.Parse(row.GetString(4)),
        row.GetString(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.NumberOrNull(9), row.TextOrNull(10),
        row.GetString(11), row.TextOrNull(12), row.GetInt64(13));
}
