using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DoaMarket.Contracts;
using DoaMarket.Gateways;
using DoaMarket.Kernel;
using DoaMarket.Payments.Reconciling;

namespace DoaMarket.Payments.Toss;

/// <summary>Toss Payments over HTTP (https://docs.tosspayments.com/reference): charges, reads and refunds.</summary>
public sealed class TossGateway
{
    private const int WaitingMax = 10_000;
    private const int OrderNameCharsMax = 100;
    private const int ReasonCharsMax = 150; // of Toss's 200; the refund's id takes the rest

    private readonly Gateway _gateway;
    private readonly TimeProvider _time;
    private readonly AuthenticationHeaderValue _authorization;

    /// <summary>
    /// An adapter over the PG's gateway; <paramref name="time"/> tells whether a charge may still begin.
    /// </summary>
    public TossGateway(Gateway gateway, TossOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrWhiteSpace(options.SecretKey))
        {
            throw new ArgumentException("The PG's secret key is missing.", nameof(options));
        }

        _gateway = gateway;
        _time = time;
        _authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(options.SecretKey + ":")));
    }

    /// <summary>Who carries out the effects of the PG.</summary>
    public GatewayBinding Binding =>
        new(PaymentKinds.Gateway, _gateway.Options.MaxConcurrentCalls, WaitingMax, CarryOut);

    /// <summary>Asks the PG.</summary>
    /// <exception cref="ArgumentException">The effect is not one of the PG's: a bug.</exception>
    public Task<EffectResult> CarryOut(Effect effect, CancellationToken stop) => effect switch
    {
        ChargeCard charge when _time.GetUtcNow() >= charge.NotAfter =>
            Task.FromResult<EffectResult>(new NotAttempted(TimeSpan.Zero, "The charge's deadline has passed.")),
        ChargeCard { Method: { Type: "billing", BillingKey: { } key } } charge => Post(
            $"v1/billing/{Uri.EscapeDataString(key)}", charge.IdempotencyKey, charge.OrderId,
            new(charge.UserId.Value, charge.Amount.Won, charge.OrderId.ToString(),
            Cut(charge.OrderName, OrderNameCharsMax)),
            TossJson.Default.TossBillingCharge, stop),
        ChargeCard { Method: { Type: "card", PaymentKey: { } key } } charge => Post(
            "v1/payments/confirm", charge.IdempotencyKey, charge.OrderId,
            new(key, charge.OrderId.ToString(), charge.Amount.Won), TossJson.Default.TossConfirm, stop),
        IssueAccount issue when _time.GetUtcNow() >= issue.NotAfter =>
            Task.FromResult<EffectResult>(new NotAttempted(TimeSpan.Zero, "The charge's deadline has passed.")),
        IssueAccount issue => Post(
            "v1/virtual-accounts", issue.IdempotencyKey, issue.OrderId,
            new(issue.Amount.Won, issue.OrderId.ToString(), Cut(issue.OrderName, OrderNameCharsMax),
            issue.CustomerName, issue.Bank, TossTime.Write(issue.DueAt)),
            TossJson.Default.TossIssue, stop),
        CancelPayment cancel => Post(
            CancelPath(cancel.PaymentKey), cancel.IdempotencyKey, cancel.OrderId,
            new($"{Cut(cancel.Reason, ReasonCharsMax)} [{cancel.RefundId}]", cancel.Amount.Won, cancel.Refundable.Won,
            cancel.Account),
            TossJson.Default.TossCancel, stop),
        CloseAccount close => Post(
            CancelPath(close.PaymentKey), close.IdempotencyKey, close.OrderId,
            new(Cut(close.Reason, ReasonCharsMax), null, null, null), TossJson.Default.TossCancel, stop),
        QueryPayment query => Get($"v1/payments/orders/{query.OrderId}", query.OrderId, stop),
        ListTransactions list => List(list, stop),
        _ => throw new ArgumentException($"The PG cannot carry out {effect.GetType().Name} {effect.Key}.",
        nameof(effect)),
    };

    private Task<EffectResult> Post<T>(
        string path, string idempotencyKey, OrderId order, T body, JsonTypeInfo<T> type, CancellationToken stop)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(body, type);
        return _gateway.Call(
            async (client, token) =>
            {
                using var request = Request(HttpMethod.Post, path);
                request.Headers.Add("Idempotency-Key", idempotencyKey);
                request.Content = new ByteArrayContent(json) { Headers = { ContentType = new("application/json") } };
                return await client.SendAsync(request, token);
            },
            (status, text) => (int)status is >= 200 and < 300
                ? TossReading.Read(text, order)
                : TossCodes.OfCommand(status, TossJson.ReadError(text)),
            Unknown,
            stop);
    }

    private Task<EffectResult> Get(string path, OrderId order, CancellationToken stop) => _gateway.Call(
        async (client, token) =>
        {
            using var request = Request(HttpMethod.Get, path);
            return await client.SendAsync(request, token);
        },
        (status, text) => (int)status is >= 200 and < 300
            ? TossReading.Read(text, order)
            : TossCodes.OfQuery(status, TossJson.ReadError(text)),
        Unknown,
        stop);

    private Task<EffectResult> List(ListTransactions list, CancellationToken stop) => _gateway.Call(
        async (client, token) =>
        {
            using var request = Request(HttpMethod.Get, TossTransactions.Path(list));
            return await client.SendAsync(request, token);
        },
        (status, text) => (int)status is >= 200 and < 300
            ? TossTransactions.Read(text, list.Limit)
            : TossCodes.OfQuery(status, TossJson.ReadError(text)),
        Unknown,
        stop);

    private static string CancelPath(string paymentKey) => $"v1/payments/{Uri.EscapeDataString(paymentKey)}/cancel";

    private HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, path) { Headers = { Authorization = _authorization } };

    private static OutcomeUnknown Unknown(string why) => new(Code: null, why);

    // Never between the two halves of a character beyond U+FFFF.
    private static string Cut(string text, int charsMax) => text.Length <= charsMax
        ? text
        : text[..(char.IsHighSurrogate(text[charsMax - 1]) ? charsMax - 1 : charsMax)];
}
