using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Pg;

/// <summary>Charges: a registered card (billing key) or a payment the customer authenticated (payment key).</summary>
internal sealed class PgCharges(PgBooks books, TimeProvider clock)
{
    private const long MinimumWon = 100;
    private const long AmountMax = 1_000_000_000_000;

    public (PgCommand? Command, Answer? Refusal) ReadBilling(string billingKey, RequestFields fields)
    {
        fields.Text("customerKey", 300, charsMin: 2);
        Charge charge = new(
            billingKey, fields.Text("orderId", 64), fields.Text("orderName", 100), fields.Whole("amount", 0, AmountMax),
            "BILLING", PgKey.OfBillingKey(billingKey));
        return Command(charge, fields);
    }

    public (PgCommand? Command, Answer? Refusal) ReadConfirm(RequestFields fields)
    {
        string paymentKey = fields.Text("paymentKey", 200);
        string orderId = fields.Text("orderId", 64);
        Charge charge = new(
            paymentKey, orderId, $"주문 {orderId}", fields.Whole("amount", 0, AmountMax), "NORMAL",
            PgKey.OfPaymentKey(paymentKey));
        return Command(charge, fields);
    }

    private (PgCommand? Command, Answer? Refusal) Command(Charge charge, RequestFields fields)
    {
        if (fields.Problem is { } problem)
        {
            return (null, PgErrors.Answer("INVALID_REQUEST", $"{problem.Field} {problem.Reason}"));
        }

        return !IsOrderId(charge.OrderId)
            ? (null, PgErrors.Answer("INVALID_ORDER_ID"))
            : (new PgCommand("charge", [charge.OrderId, charge.GivenKey], (sql, key, decline) =>
                Carry(sql, charge, key, decline)), null);
    }

    private PgResult Carry(SqlSession sql, Charge charge, string? idempotencyKey, bool decline)
    {
        if (charge.Key is null)
        {
            return PgResult.Error(charge.Type == "BILLING" ? "NOT_FOUND_BILLING_KEY" : "NOT_FOUND_PAYMENT_SESSION");
        }

        if (charge.Amount < MinimumWon)
        {
            return PgResult.Error("BELOW_MINIMUM_AMOUNT");
        }

        return Occupied(sql, charge) is { } code
            ? PgResult.Error(code)
            : Decide(sql, Draft(charge), idempotencyKey, decline);
    }

    private static string? Occupied(SqlSession sql, Charge charge)
    {
        if (PgPayment.ByOrder(sql, charge.OrderId) is { } earlier)
        {
            if (earlier.WasCaptured || earlier.Status == "WAITING_FOR_DEPOSIT")
            {
                return "ALREADY_PROCESSED_PAYMENT";
            }

            if (earlier.Status == "IN_PROGRESS")
            {
                return "FORBIDDEN_CONSECUTIVE_REQUEST";
            }
        }

        if (charge.Type == "BILLING" || charge.Key!.IsTemplate)
        {
            return null;
        }

        return PgPayment.ByKey(sql, charge.GivenKey) switch
        {
            null => null,
            { WasCaptured: true } => "ALREADY_PROCESSED_PAYMENT",
            { Status: "IN_PROGRESS" } => "FORBIDDEN_CONSECUTIVE_REQUEST",
            _ => "NOT_FOUND_PAYMENT_SESSION", // its one authentication is used up
        };
    }

    private PgResult Decide(SqlSession sql, PgPayment draft, string? idempotencyKey, bool decline)
    {
        switch (draft.Behaviour)
        {
            case var _ when decline:
            case PgBehaviour.Declined:
                books.Refuse(sql, draft, "REJECT_CARD_COMPANY");
                return PgResult.Error("REJECT_CARD_COMPANY");
            case PgBehaviour.Insufficient:
                books.Refuse(sql, draft, "EXCEED_MAX_AMOUNT");
                return PgResult.Error("EXCEED_MAX_AMOUNT");
            case PgBehaviour.TimeoutForever:
                (draft with { Status = "IN_PROGRESS" }).Insert(sql);
                return new PgResult(
                    PgErrors.Answer(PgErrors.Internal), IsDefinite: false, PgAfter.HangThenAbandon, draft.PaymentKey);
            case PgBehaviour.TimeoutThenSuccess:
                return PgResult.Of(books.Capture(sql, draft, idempotencyKey)) with { After = PgAfter.HangThenAnswer };
            default:
                return PgResult.Of(books.Capture(sql, draft, idempotencyKey));
        }
    }

    private PgPayment Draft(Charge charge) => new(
        charge.Type == "NORMAL" && !charge.Key!.IsTemplate
            ? charge.GivenKey
            : $"{(charge.Type == "NORMAL" ? charge.GivenKey : "bill")}_{PgBooks.NewKey()}",
        charge.OrderId, charge.OrderName, charge.Type, charge.Key!.Behaviour, "READY", charge.Amount, Balance: 0,
        clock.NowMs(), ApprovedAt: null, LastTransactionKey: null, Secret: $"ps_{PgBooks.NewKey()}", FailureCode: null,
        RefundFailures: 0);

    internal static bool IsOrderId(string id) =>
        id.Length is >= 6 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private sealed record Charge(
        string GivenKey, string OrderId, string OrderName, long Amount, string Type, PgKey? Key);
}
