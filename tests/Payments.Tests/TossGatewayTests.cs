using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DoaMarket.Gateways;
using DoaMarket.Kernel;
using DoaMarket.Payments.Reconciling;
using DoaMarket.Payments.Toss;

namespace DoaMarket.Payments.Tests;

/// <summary>Toss's HTTP API in recorded shapes: what is sent, and what is made of each answer.</summary>
public sealed partial class TossGatewayTests
{
    private static readonly string Order = Given.Order.ToString();

    private static readonly ChargeCard Charge = new(
        "p/1", Given.Order, Given.Customer, Given.Amount, new("billing", BillingKey: "Z_t5vO=="), "사과 외 1건",
        "charge:p:1", DateTimeOffset.MaxValue);

    private static readonly IssueAccount Issue = new(
        "p/0", Given.Order, Given.Amount, "우리", "홍길동", "사과 외 1건", Given.Noon.AddDays(1), "charge:p:1",
        DateTimeOffset.MaxValue);

    private static readonly QueryPayment Query = new("p/2", Given.Order);

    private static readonly CancelPayment Cancel = new(
        "p/3", "pk_1", Given.Order, Given.Refund, Given.Amount, Given.Amount, "order cancelled", "refund:r:0");

    [Fact]
    public async Task A_billing_charge_is_sent_in_Toss_form()
    {
        var toss = new Recorded(200, PaymentJson("DONE", 12_900));

        var found = Assert.IsType<PaymentFound>(await toss.CarryOut(Charge));

        Assert.Equal("POST https://pg.test/v1/billing/Z_t5vO%3D%3D", toss.Line);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("test_sk_1:")),
            toss.Header("Authorization"));
        Assert.Equal("charge:p:1", toss.Header("Idempotency-Key"));
        AssertJson(
            $$"""{"customerKey":"user-1","amount":12900,"orderId":"{{Order}}","orderName":"사과 외 1건"}""", toss.Body);
        Assert.Equal((PgStatus.Captured, "pk_1", "tx_1"), (found.Status, found.PaymentKey, found.TransactionKey));
        Assert.Equal((Given.Amount, Given.Amount, "ps_secret"), (found.Total, found.Balance, found.Secret));
    }

    [Fact]
    public async Task A_card_payment_is_confirmed_in_Toss_form()
    {
        var toss = new Recorded(200, PaymentJson("DONE", 12_900));

        await toss.CarryOut(Charge with { Method = Given.Card });

        Assert.Equal("POST https://pg.test/v1/payments/confirm", toss.Line);
        AssertJson($$"""{"paymentKey":"pk_window","orderId":"{{Order}}","amount":12900}""", toss.Body);
    }

    [Fact]
    public async Task A_payment_is_read_by_its_order()
    {
        var toss = new Recorded(200, PaymentJson("IN_PROGRESS", 12_900));

        var found = Assert.IsType<PaymentFound>(await toss.CarryOut(Query));

        Assert.Equal($"GET https://pg.test/v1/payments/orders/{Order}", toss.Line);
        Assert.Null(toss.Header("Idempotency-Key"));
        Assert.Equal((PgStatus.Open, true), (found.Status, found.IsConfirmable));
    }

    [Fact]
    public async Task A_refund_names_itself_in_its_reason_and_is_recognised_by_it()
    {
        var toss = new Recorded(200, PaymentJson("CANCELED", 0, $$"""
            {"cancelAmount":12900,"cancelReason":"order cancelled [{{Given.Refund}}]","cancelStatus":"DONE",
             "transactionKey":"tx_r","canceledAt":"2026-03-02T21:00:00+09:00"}
            """));

        var found = Assert.IsType<PaymentFound>(await toss.CarryOut(Cancel));

        Assert.Equal("POST https://pg.test/v1/payments/pk_1/cancel", toss.Line);
        Assert.Equal("refund:r:0", toss.Header("Idempotency-Key"));
        AssertJson(
            $$"""{"cancelReason":"order cancelled [{{Given.Refund}}]","cancelAmount":12900,"refundableAmount":12900}""",
            toss.Body);
        Assert.Equal(new PgRefund($"order cancelled [{Given.Refund}]", Given.Amount, true, "tx_r"),
            found.Ours(Given.Refund));
        Assert.Equal(PgStatus.Canceled, found.Status);
    }

    [Fact]
    public async Task Long_texts_are_cut_to_what_Toss_takes_without_halving_a_character()
    {
        var toss = new Recorded(200, PaymentJson("DONE", 12_900));

        await toss.CarryOut(Charge with { OrderName = new string('a', 99) + "🍎🍎" });
        Assert.Equal(new string('a', 99), JsonNode.Parse(toss.Body)!["orderName"]!.GetValue<string>());

        await toss.CarryOut(Cancel with { Reason = new string('가', 500) });
        var reason = JsonNode.Parse(toss.Body)!["cancelReason"]!.GetValue<string>();
        Assert.InRange(reason.Length, 1, 200);
        Assert.EndsWith($"[{Given.Refund}]", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_charge_past_its_deadline_is_not_sent()
    {
        var toss = new Recorded(200, PaymentJson("DONE", 12_900));

        Assert.IsType<NotAttempted>(await toss.CarryOut(Charge with { NotAfter = DateTimeOffset.UnixEpoch }));
        Assert.Null(toss.Line);
    }

    [Theory]
    [InlineData(403, "REJECT_CARD_PAYMENT", typeof(ChargeDeclined))]
    [InlineData(403, "REJECT_CARD_COMPANY", typeof(ChargeDeclined))]
    [InlineData(400, "INVALID_STOPPED_CARD", typeof(ChargeDeclined))]
    [InlineData(400, "EXCEED_MAX_AMOUNT", typeof(ChargeDeclined))]
    [InlineData(400, "BELOW_MINIMUM_AMOUNT", typeof(ChargeDeclined))]
    [InlineData(404, "NOT_FOUND_PAYMENT_SESSION", typeof(RequestRefused))]
    [InlineData(401, "UNAUTHORIZED_KEY", typeof(RequestRefused))]
    [InlineData(400, "INVALID_IDEMPOTENCY_KEY", typeof(RequestRefused))]
    [InlineData(403, "NOT_CANCELABLE_AMOUNT", typeof(RequestRefused))]
    [InlineData(400, "NOT_MATCHES_REFUNDABLE_AMOUNT", typeof(RequestRefused))]
    [InlineData(403, "EXCEED_MAX_REFUND_DUE", typeof(RequestRefused))]
    [InlineData(403, "NOT_ALLOWED_PARTIAL_REFUND", typeof(RequestRefused))]
    [InlineData(400, "ALREADY_CANCELED_PAYMENT", typeof(OutcomeUnknown))]
    [InlineData(400, "ALREADY_PROCESSED_PAYMENT", typeof(OutcomeUnknown))]
    [InlineData(400, "PROVIDER_ERROR", typeof(OutcomeUnknown))]
    [InlineData(403, "FORBIDDEN_CONSECUTIVE_REQUEST", typeof(OutcomeUnknown))]
    [InlineData(409, "IDEMPOTENT_REQUEST_PROCESSING", typeof(OutcomeUnknown))]
    [InlineData(409, "SOMETHING_NEW", typeof(OutcomeUnknown))]
    [InlineData(500, "FAILED_INTERNAL_SYSTEM_PROCESSING", typeof(OutcomeUnknown))]
    [InlineData(503, "REJECT_CARD_COMPANY", typeof(OutcomeUnknown))]
    [InlineData(429, "TOO_MANY_REQUESTS", typeof(NotAttempted))]
    public async Task An_error_of_a_charge_or_a_refund_means(int status, string code, Type result)
    {
        var toss = new Recorded(status, $$"""{"code":"{{code}}","message":"안내"}""");

        Assert.IsType(result, await toss.CarryOut(Charge));
        Assert.IsType(result, await toss.CarryOut(Cancel));
    }

    [Theory]
    [InlineData(404, """{"code":"NOT_FOUND_PAYMENT","message":"존재하지 않는 결제 정보 입니다."}""", typeof(PaymentNotFound))]
    [InlineData(404, """{"code":"NOT_FOUND","message":"no such address"}""", typeof(OutcomeUnknown))]
    [InlineData(404, "<html>404</html>", typeof(OutcomeUnknown))]
    [InlineData(401, """{"code":"UNAUTHORIZED_KEY","message":"x"}""", typeof(OutcomeUnknown))]
    [InlineData(500, """{"code":"NOT_FOUND_PAYMENT","message":"x"}""", typeof(OutcomeUnknown))]
    [InlineData(503, "", typeof(OutcomeUnknown))]
    public async Task An_error_of_a_read_means(int status, string body, Type result) =>
        Assert.IsType(result, await new Recorded(status, body).CarryOut(Query));

    [Theory]
    [InlineData("READY", 0, PgStatus.Open)]
    [InlineData("DONE", 12_900, PgStatus.Captured)]
    [InlineData("PARTIAL_CANCELED", 100, PgStatus.Captured)]
    [InlineData("PARTIAL_CANCELED", 0, PgStatus.Canceled)]
    [InlineData("CANCELED", 0, PgStatus.Canceled)]
    [InlineData("ABORTED", 0, PgStatus.Dead)]
    [InlineData("EXPIRED", 0, PgStatus.Dead)]
    public async Task A_status_means(string status, long balance, PgStatus expected) => Assert.Equal(
        expected, Assert.IsType<PaymentFound>(await new Recorded(200, PaymentJson(status, balance)).CarryOut(Query))
            .Status);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"status\":\"DONE\"")]
    [InlineData("""{"paymentKey":"pk_1","orderId":"other","status":"DONE","totalAmount":1,"balanceAmount":1}""")]
    [InlineData("""{"paymentKey":"pk_1","orderId":"ORDER","status":"DONE","totalAmount":1.5,"balanceAmount":1}""")]
    [InlineData("""{"paymentKey":"pk_1","orderId":"ORDER","status":"DONE","totalAmount":-1,"balanceAmount":1}""")]
    [InlineData("""{"paymentKey":"pk_1","orderId":"ORDER","status":"DONE","totalAmount":1}""")]
    [InlineData("""{"paymentKey":"pk_1","orderId":"ORDER","status":"SOMETHING","totalAmount":1,"balanceAmount":1}""")]
    [InlineData(
        """{"paymentKey":"p","orderId":"ORDER","currency":"$","status":"DONE","totalAmount":1,"balanceAmount":1}""")]
    [InlineData(
        """{"paymentKey":"p","orderId":"ORDER","status":"A","status":"DONE","totalAmount":1,"balanceAmount":1}""")]
    public async Task An_answer_that_cannot_be_trusted_is_an_unknown_outcome(string body)
    {
        var toss = new Recorded(200, body.Replace("ORDER", Order, StringComparison.Ordinal));

        Assert.IsType<OutcomeUnknown>(await toss.CarryOut(Charge));
    }

    [Fact]
    public async Task Amounts_may_be_written_with_a_fraction_of_zero()
    {
        var body = PaymentJson("DONE", 12_900).Replace(":12900", ":12900.0", StringComparison.Ordinal);

        Assert.Equal(Given.Amount, Assert.IsType<PaymentFound>(await new Recorded(200, body).CarryOut(Charge)).Total);
    }

    [Fact]
    public async Task A_connection_that_is_not_made_in_time_is_tried_again_since_nothing_was_sent()
    {
        var tries = 0;
        var toss = new Recorded(
            _ => ++tries == 1
                ? throw new TaskCanceledException("late", new TimeoutException())
                : Task.FromResult(new HttpResponseMessage { Content = new StringContent(PaymentJson("DONE", 12_900)) }),
            connectRetries: 1);

        Assert.IsType<PaymentFound>(await toss.CarryOut(Charge));
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task A_call_that_is_cut_off_or_takes_too_long_has_an_unknown_outcome()
    {
        Assert.IsType<OutcomeUnknown>(
            await new Recorded(_ => throw new HttpRequestException("reset")).CarryOut(Charge));
        Assert.IsType<OutcomeUnknown>(await new Recorded(_ => throw new IOException("cut off")).CarryOut(Charge));
        Assert.IsType<OutcomeUnknown>( // how the handler tells that no connection was made in time
            await new Recorded(_ => throw new TaskCanceledException("late", new TimeoutException())).CarryOut(Charge));
        Assert.IsType<OutcomeUnknown>(await new Recorded(async stop =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            throw new InvalidOperationException("Nobody waits for ever.");
        }).CarryOut(Charge));
    }

    [Fact]
    public async Task An_open_circuit_is_not_an_attempt()
    {
        var toss = new Recorded(500, "");
        for (var call = 0; call < 3; call++)
        {
            await toss.CarryOut(Charge);
        }

        Assert.IsType<NotAttempted>(await toss.CarryOut(Charge));
    }

    [Fact]
    public void The_module_and_the_binding_hold_together()
    {
        var module = PaymentsModule.Create(new PaymentsOptions());
        var binding = new Recorded(200, "").Binding;

        Assert.Equal(4, module.MessageTypes.Count);
        Assert.Contains(PaymentKinds.Payments, module.Kinds);
        Assert.Equal((PaymentKinds.Gateway, 32), (binding.Gateway, binding.MaxConcurrent));
        Assert.DoesNotContain("sk_", new TossOptions { SecretKey = "test_sk_1" }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_virtual_account_is_issued_in_Toss_form_and_read()
    {
        var toss = new Recorded(200, AccountJson("WAITING_FOR_DEPOSIT"));

        var found = Assert.IsType<PaymentFound>(await toss.CarryOut(Issue));

        Assert.Equal("POST https://pg.test/v1/virtual-accounts", toss.Line);
        Assert.Equal("charge:p:1", toss.Header("Idempotency-Key"));
        AssertJson(
            $$"""
            {"amount":12900,"orderId":"{{Order}}","orderName":"사과 외 1건","customerName":"홍길동","bank":"우리",
             "dueDate":"2026-03-03T21:00:00"}
            """, toss.Body);
        Assert.Equal(
            (PgStatus.AwaitingDeposit, new PgAccount("20", "X6505636518308", Given.Noon.AddDays(1))),
            (found.Status, found.Account));
    }

    [Fact]
    public async Task A_virtual_account_without_its_number_is_an_unknown_outcome() => Assert.IsType<OutcomeUnknown>(
        await new Recorded(200, PaymentJson("WAITING_FOR_DEPOSIT", 12_900)).CarryOut(Issue));

    [Fact]
    public async Task No_virtual_account_is_issued_after_its_deadline()
    {
        var toss = new Recorded(200, AccountJson("WAITING_FOR_DEPOSIT"));

        Assert.IsType<NotAttempted>(await toss.CarryOut(Issue with { NotAfter = DateTimeOffset.UnixEpoch }));
        Assert.Null(toss.Line);
    }

    [Fact]
    public async Task A_deposit_goes_back_to_the_customers_account()
    {
        var toss = new Recorded(200, AccountJson("CANCELED"));

        await toss.CarryOut(Cancel with { Account = new("신한", "110-123-456789", "홍길동") });

        AssertJson(
            $$"""
            {"cancelReason":"order cancelled [{{Given.Refund}}]","cancelAmount":12900,"refundableAmount":12900,
             "refundReceiveAccount":{"bank":"신한","accountNumber":"110-123-456789","holderName":"홍길동"}
            }
            """, toss.Body);
    }

    [Fact]
    public async Task Transactions_are_listed_page_by_page_in_Seoul_time()
    {
        const string page = """
            [{"mId":"m","transactionKey":"tx_1","paymentKey":"pk_1","orderId":"a","method":"카드","status":"DONE",
              "amount":12900,"currency":"KRW","transactionAt":"2026-03-02T21:00:00+09:00","useEscrow":false},
             {"mId":"m","transactionKey":"tx_2","paymentKey":"pk_1","orderId":"a","method":"카드","status":"CANCELED",
              "amount":-12900,"currency":"KRW","transactionAt":"2026-03-02T21:05:00+09:00","useEscrow":false}]
            """;
        var list = new ListTransactions("r/1", Given.Noon, Given.Noon.AddHours(1), "tx_0", 2);
        var toss = new Recorded(200, page);

        var listed = Assert.IsType<TransactionsListed>(await toss.CarryOut(list));

        Assert.Equal(
            "GET https://pg.test/v1/transactions?startDate=2026-03-02T21%3A00%3A00&endDate=2026-03-02T22%3A00%3A00"
            + "&limit=2&startingAfter=tx_0",
            toss.Line);
        Assert.Equal(
            new ListedTransaction("tx_2", "pk_1", "a", "CANCELED", new(-12_900), Given.Noon.AddMinutes(5)),
            listed.Transactions[1]);
        Assert.Equal("tx_2", listed.NextCursor);
        var last = Assert.IsType<TransactionsListed>(await new Recorded(200, page).CarryOut(list with { Limit = 3 }));
        Assert.Null(last.NextCursor);
    }

    [Theory]
    [InlineData(200, "{}")]
    [InlineData(200, "<html>")]
    [InlineData(200, """[{"transactionKey":"t","orderId":"a","amount":1.5,"transactionAt":"2026-03-02T21:00:00+09:00"}]""")]
    [InlineData(200, """[{"transactionKey":"t","orderId":"a","amount":1,"transactionAt":"yesterday"}]""")]
    [InlineData(400, """{"code":"INVALID_REQUEST","message":"x"}""")]
    [InlineData(500, "")]
    public async Task A_list_that_cannot_be_read_is_no_list(int status, string body) => Assert.IsType<OutcomeUnknown>(
        await new Recorded(status, body).CarryOut(new ListTransactions("r/1", Given.Noon, Given.Noon, null, 2)));

    [Fact]
    public async Task An_account_is_closed_without_an_amount()
    {
        var toss = new Recorded(200, AccountJson("CANCELED"));

        await toss.CarryOut(new CloseAccount("p/4", "pk_1", Given.Order, "too late", "close:p:4"));

        Assert.Equal("POST https://pg.test/v1/payments/pk_1/cancel", toss.Line);
        AssertJson("""{"cancelReason":"too late"}""", toss.Body);
    }

    private static string AccountJson(string status) => PaymentJson(status, 12_900).Replace(
        "\"virtualAccount\":null",
        """
        "virtualAccount":{"accountNumber":"X6505636518308","bankCode":"20","customerName":"홍길동",
         "dueDate":"2026-03-03T21:00:00+09:00","expired":false}
        """, StringComparison.Ordinal);

    private static string PaymentJson(string status, long balance, string? refund = null) => $$"""
        {"mId":"tosspayments","version":"2022-11-16","paymentKey":"pk_1","orderId":"{{Order}}","orderName":"사과",
         "status":"{{status}}","requestedAt":"2026-03-02T21:00:00+09:00","lastTransactionKey":"tx_1",
         "secret":"ps_secret","type":"BILLING","currency":"KRW","totalAmount":12900,"balanceAmount":{{balance}},
         "card":{"issuerCode":"71","number":"12345678****000*"},"virtualAccount":null,
         "cancels":{{(refund is null ? "null" : $"[{refund}]")}}}
        """;

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);
}
