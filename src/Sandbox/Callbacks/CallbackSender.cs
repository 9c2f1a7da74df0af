using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using DoaMarket.Sandbox.Faults;
using DoaMarket.Sandbox.Oracle;
using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Callbacks;

/// <summary>
/// Delivers callbacks at least once: a 2xx ends a callback, everything else brings it back later. Repeats and changed
/// order are normal, as from any real sender.
/// </summary>
internal sealed class CallbackSender(
    SandboxOptions options, WebhookSigner signer, SandboxStore store, CallbackOutbox outbox, CallbackTargets targets,
    FaultBoard faults, CallCounters counters) : IDisposable
{
    private const int BatchMax = 256;
    private const int ParallelMax = 16;
    private const int PaymentRetriesMax = 7;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = ParallelMax })
    {
        Timeout = AnswerWithin,
    };

    /// <summary>Sends what is due; says whether there was anything.</summary>
    public async Task<bool> StepAsync(CancellationToken stopping)
    {
        string[] kinds = [Callback.CarrierKind, Callback.PaymentKind, Callback.TrackerKind];
        List<Callback> due = await store.ReadAsync(sql => kinds
            .Where(kind => kind == Callback.TrackerKind || targets.For(kind, "") is not null)
            .SelectMany(kind => outbox.Due(sql, kind, BatchMax)).ToList());
        if (due.Count == 0)
        {
            return false;
        }

        ConcurrentBag<Delivery> results = [];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = ParallelMax, CancellationToken = stopping };
        try
        {
            await Parallel.ForEachAsync(due, parallel, async (callback, stop) =>
                results.Add(await SendAsync(callback, stop)));
        }
        finally
        {
            // Also when stopped half-way: what was delivered is not sent again.
            await store.WriteAsync(sql => Record(sql, results));
        }

        return true;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Delivery> SendAsync(Callback callback, CancellationToken stopping)
    {
        FaultPoint point = callback.Kind switch
        {
            Callback.PaymentKind => new FaultPoint("pg", "webhook", callback.Subject),
            Callback.TrackerKind => new FaultPoint("tracker", "callback", callback.Subject),
            _ => new FaultPoint($"carrier:{callback.Carrier}", "callback", callback.Subject),
        };
        FaultRule? rule = faults.Draw(point);
        if (rule?.Mode is FaultMode.Down or FaultMode.Error || rule is { Mode: FaultMode.Timeout, Effect: false })
        {
            counters.Count(point, "withheld");
            return Failed(callback, $"withheld by a {rule.ModeName} fault");
        }

        if (rule?.Mode == FaultMode.Slow)
        {
            // Put off instead of waited for, so that the others are not late as well: that is also how order changes.
            counters.Count(point, "delayed");
            return new Delivery(callback, "delayed by a slow fault", rule.Delay);
        }

        string? error = await PostAsync(callback, stopping);
        counters.Count(point, error is null ? "delivered" : "failed");
        // A lost answer makes the sender believe that nothing arrived: it sends the same message again.
        string? believed = rule?.Mode is FaultMode.LoseResponse or FaultMode.Timeout ? "the answer was lost" : error;
        return believed is null ? new Delivery(callback, null, null) : Failed(callback, believed);
    }

    private Delivery Failed(Callback callback, string error) => new(callback, error, WaitAfter(callback));

    /// <summary>Null when delivered, otherwise why not.</summary>
    private async Task<string?> PostAsync(Callback callback, CancellationToken stopping)
    {
        Uri? target = callback.Url is { } own ? new Uri(own) : targets.For(callback.Kind, callback.Carrier);
        if (target is not { } url)
        {
            return "no URL is set";
        }

        using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new ByteArrayContent(callback.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        AddHeaders(request, callback);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, stopping);
            return response.IsSuccessStatusCode
                ? null
                : $"answered {((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)}";
        }
        catch (HttpRequestException failure)
        {
            return failure.Message;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return $"no answer within {AnswerWithin.TotalSeconds} s";
        }
    }

    private void AddHeaders(HttpRequestMessage request, Callback callback)
    {
        if (callback.Kind == Callback.CarrierKind)
        {
            signer.Sign(request, callback.MessageId, options.TimeProvider.GetUtcNow(), callback.Body);
            return;
        }

        if (callback.Kind == Callback.TrackerKind)
        {
            return; // the tracker does not sign
        }

        request.Headers.Add("tosspayments-webhook-transmission-id", callback.MessageId);
        request.Headers.Add("tosspayments-webhook-transmission-time", StoredTime.Seoul(callback.CreatedAt));
        request.Headers.Add(
            "tosspayments-webhook-transmission-retried-count",
            callback.Attempts.ToString(CultureInfo.InvariantCulture));
    }

    private int Record(SqlSession sql, ConcurrentBag<Delivery> results)
    {
        foreach ((Callback callback, string? error, TimeSpan? again) in results)
        {
            if (error is null)
            {
                CallbackOutbox.Delivered(sql, callback);
            }
            else
            {
                outbox.Failed(sql, callback, error, again);
            }
        }

        return results.Count;
    }

    private TimeSpan? WaitAfter(Callback callback)
    {
        int tries = callback.Attempts + 1;
        if (callback.Kind == Callback.PaymentKind)
        {
            return tries > PaymentRetriesMax ? null : options.PaymentWebhookRetryUnit * Math.Pow(4, tries - 1);
        }

        if (tries >= options.CallbackAttemptsMax)
        {
            return null;
        }

        double doubled = options.CallbackRetryFirst.TotalMilliseconds * Math.Pow(2, Math.Min(tries - 1, 30));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, options.CallbackRetryCap.TotalMilliseconds));
    }

    /// <summary>What came of one try: delivered without an error; without a next try it is abandoned.</summary>
    private sealed record Delivery(Callback Callback, string? Error, TimeSpan? Again);
}
