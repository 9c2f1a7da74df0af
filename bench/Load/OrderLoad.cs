using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace DoaMarket.Load;

/// <summary>The load: every order is a real one, answered when its saga has ended.</summary>
internal static class OrderLoad
{
    private const string Body = """
        {"items":[{"productId":"P-1001","quantity":1}],
         "shippingAddress":{"recipientName":"홍길동","phone":"010-1234-5678","postalCode":"04524","address":"서울시 중구 세종대로 110"},
         "paymentMethod":{"type":"card","billingKey":"bk_ok"}}
        """;

    // Many customers, as in a shop: each stays below what one user may ask for in a second.
    private const int WarmUpOrders = 300, MaxWaitSeconds = 60, Customers = 64;

    public static async Task<int> Run(
        IReadOnlyList<Uri> urls, int orders, int inFlight, double rate, int pid, CancellationToken stop)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 4_000 };
        using var http = new HttpClient(handler)
        {
            BaseAddress = urls[0],
            Timeout = TimeSpan.FromSeconds(MaxWaitSeconds + 30),
        };
        var tokens = new string[Customers];
        for (var i = 0; i < Customers; i++)
        {
            tokens[i] = await Token(http, string.Create(CultureInfo.InvariantCulture, $"load-{i + 1}"), stop);
        }

        await Place(http, urls, tokens, WarmUpOrders, 32, 0, stop);
        var before = Usage.Of(pid);
        var clock = Stopwatch.StartNew();
        var result = await Place(http, urls, tokens, orders, inFlight, rate, stop);
        var elapsed = clock.Elapsed;
        var after = Usage.Of(pid);

        Array.Sort(result.Milliseconds);
        double At(double share) =>
            result.Milliseconds[(int)Math.Min(result.Milliseconds.Length - 1, result.Milliseconds.Length * share)];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"orders={orders} {(rate > 0 ? $"rate={rate}/s" : $"in_flight={inFlight}")} "
            + $"orders/s={orders / elapsed.TotalSeconds:F0} "
            + $"p50={At(0.5):F1}ms p99={At(0.99):F1}ms max={result.Milliseconds[^1]:F1}ms "
            + $"completed={result.Completed} other={result.Other} refused={result.Refused}"));
        if (pid > 0)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"server: {(after.Processor - before.Processor).TotalSeconds / elapsed.TotalSeconds:F2} cores, "
                + $"{after.Memory / 1e6:F0} MB resident, {after.Peak / 1e6:F0} MB peak"));
        }

        return result.Other + result.Refused == 0 ? 0 : 1;
    }

    private static async Task<(double[] Milliseconds, int Completed, int Other, int Refused)> Place(
        HttpClient http, IReadOnlyList<Uri> urls, string[] tokens, int orders, int inFlight, double rate,
        CancellationToken stop)
    {
        var took = new double[orders];
        int completed = 0, other = 0, refused = 0;
        using var slots = new SemaphoreSlim(rate > 0 ? orders : inFlight);
        var clock = Stopwatch.StartNew();
        var running = new List<Task>(orders);
        for (var i = 0; i < orders; i++)
        {
            if (rate > 0 && TimeSpan.FromSeconds(i / rate) - clock.Elapsed is { Ticks: > 0 } early)
            {
                await Task.Delay(early, stop);
            }

            await slots.WaitAsync(stop);
            running.Add(One(i));
        }

        await Task.WhenAll(running);
        return (took, completed, other, refused);

        async Task One(int i)
        {
            var began = Stopwatch.GetTimestamp();
            var status = await Order(http, urls[i % urls.Count], tokens[i % tokens.Length], stop);
            took[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            slots.Release();
            _ = status switch
            {
                "completed" => Interlocked.Increment(ref completed),
                null => Interlocked.Increment(ref refused),
                _ => Interlocked.Increment(ref other),
            };
        }
    }

    private static async Task<string?> Order(HttpClient http, Uri url, string token, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, "/api/v1/orders"))
        {
            Content = new StringContent(Body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Prefer", $"wait={MaxWaitSeconds}");
        using var response = await http.SendAsync(request, stop);
        if (!response.IsSuccessStatusCode)
        {
            return null;
        }

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(stop);
        return answer.GetProperty("data").GetProperty("sagaStatus").GetString();
    }

    private static async Task<string> Token(HttpClient http, string userId, CancellationToken stop)
    {
        using var response = await http.PostAsJsonAsync("/dev/token", new { userId, role = "customer" }, stop);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(stop);
        return answer.GetProperty("data").GetProperty("token").GetString()!;
    }

    private sealed record Usage(TimeSpan Processor, long Memory, long Peak)
    {
        public static Usage Of(int pid)
        {
            if (pid == 0)
            {
                return new(default, 0, 0);
            }

            using var process = Process.GetProcessById(pid);
            return new(process.TotalProcessorTime, process.WorkingSet64, process.PeakWorkingSet64);
        }
    }
}
