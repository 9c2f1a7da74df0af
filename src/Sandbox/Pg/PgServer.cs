using DoaMarket.Sandbox.Faults;
using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Sandbox.Pg;

/// <summary>The HTTP API of Toss Payments under <c>/pg</c>.</summary>
internal sealed class PgServer(
    string secretKey, SandboxStore store, FaultGate gate, Pause pause, IdempotencyKeys keys, PgBooks books,
    PgAccounts accounts, TimeProvider clock)
{
    private readonly PgCharges _charges = new(books, clock);
    private readonly PgRefunds _refunds = new(books);

    public void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder pg = routes.MapGroup("/pg/v1");
        pg.MapPost("/payments/confirm", http => PostAsync(http, _charges.ReadConfirm));
        pg.MapPost("/billing/{billingKey}", http =>
            PostAsync(http, fields => _charges.ReadBilling(Part(http, "billingKey"), fields)));
        pg.MapPost("/virtual-accounts", http => PostAsync(http, accounts.Read));
        pg.MapPost("/payments/{paymentKey}/cancel", CancelAsync);
        PgQueries queries = new(store);
        pg.MapGet("/payments/{paymentKey}", http => GetAsync(http, queries.ByKeyAsync, Part(http, "paymentKey")));
        pg.MapGet("/payments/orders/{orderId}", http => GetAsync(http, queries.ByOrderAsync, Part(http, "orderId")));
        pg.MapGet("/transactions", ListAsync);
        pg.MapFallback("{**rest}", http =>
            Answer.Error(404, "NOT_FOUND", "There is no such PG endpoint.").SendAsync(http));

        Task ListAsync(HttpContext http) => GetAsync(http, _ => queries.TransactionsAsync(http.Request.Query), "");
    }

    private async Task GetAsync(HttpContext http, Func<string, Task<Answer>> query, string key)
    {
        if (!Credentials.HasBasic(http.Request, secretKey))
        {
            await PgErrors.Answer("UNAUTHORIZED_KEY").SendAsync(http);
            return;
        }

        Answer? answer = await gate.RunAsync(
            http, new FaultPoint("pg", "query", key), PgErrors.Unavailable, _ => query(key));
        await SendAsync(http, answer);
    }

    private async Task CancelAsync(HttpContext http)
    {
        string paymentKey = Part(http, "paymentKey");
        PgPayment? payment = await store.ReadAsync(sql => PgPayment.ByKey(sql, paymentKey));
        await PostAsync(http, fields => _refunds.Read(paymentKey, payment?.OrderId, fields));
    }

    private async Task PostAsync(HttpContext http, Func<RequestFields, (PgCommand?, Answer?)> read)
    {
        if (!Credentials.HasBasic(http.Request, secretKey))
        {
            await PgErrors.Answer("UNAUTHORIZED_KEY").SendAsync(http);
            return;
        }

        string? key = http.Request.Headers["Idempotency-Key"] is [{ Length: > 0 } given, ..] ? given : null;
        if (key?.Length > IdempotencyKeys.KeyCharsMax)
        {
            await PgErrors.Answer("INVALID_IDEMPOTENCY_KEY").SendAsync(http);
            return;
        }

        (PgCommand? command, Answer? refusal) = read(await RequestFields.ReadAsync(http.Request));
        Answer? answer = refusal ?? await ClaimAndRunAsync(http, key, command!);
        await SendAsync(http, answer);
    }

    // The claim ends before the answer is sent, so that a client's next call never meets its own finished one.
    private async Task<Answer?> ClaimAndRunAsync(HttpContext http, string? key, PgCommand command)
    {
        string? scope = key is null
            ? null
            : IdempotencyKeys.Scope(key, secretKey, http.Request.Method, http.Request.Path + http.Request.QueryString);
        using IDisposable? claim = scope is null ? null : keys.Claim(scope);
        if (scope is not null && claim is null)
        {
            return PgErrors.Answer("IDEMPOTENT_REQUEST_PROCESSING");
        }

        FaultPoint point = new("pg", command.Operation, command.Keys);
        return await gate.RunAsync(
            http, point, PgErrors.Unavailable, decline => EffectAsync(http, scope, key, command, decline));
    }

    private async Task<Answer> EffectAsync(
        HttpContext http, string? scope, string? key, PgCommand command, bool decline)
    {
        string? testCode = http.Request.Headers["TossPayments-Test-Code"];
        PgResult result = await store.WriteAsync(sql =>
        {
            if (scope is not null && keys.Find(sql, scope) is { } remembered)
            {
                return new PgResult(remembered, IsDefinite: true);
            }

            PgResult fresh = testCode is null ? command.Effect(sql, key, decline) : TestResult(testCode);
            if (scope is not null && fresh.IsDefinite)
            {
                keys.Remember(sql, scope, fresh.Answer);
            }

            return fresh;
        });
        if (result.After != PgAfter.Answer)
        {
            await pause.HangAsync(http);
        }

        if (result.After == PgAfter.HangThenAbandon)
        {
            await store.WriteAsync(sql => books.Abandon(sql, result.PaymentKey!));
        }

        return result.Answer;
    }

    private static PgResult TestResult(string code) => PgErrors.IsKnown(code)
        ? PgResult.Error(code)
        : PgResult.Error("INVALID_REQUEST", $"TossPayments-Test-Code {code}");

    private static string Part(HttpContext http, string name) => http.GetRouteValue(name)!.ToString()!;

    private static Task SendAsync(HttpContext http, Answer? answer) => answer?.SendAsync(http) ?? Task.CompletedTask;
}
