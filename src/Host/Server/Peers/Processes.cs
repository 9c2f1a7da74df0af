using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DoaMarket.Api;
using DoaMarket.Gateways;

namespace DoaMarket.Host.Server.Peers;

/// <summary>
/// The shop's processes as one: what each knows for itself, merged. Asked are this process and those that are configured
/// for the services it does not run. Who does not answer soon is left out, and its circuits are told as unknown: a page
/// that shows what is wrong must not depend on everything being right.
/// </summary>
public sealed class Processes(
    Shop shop, ServicePlaces places, Func<string> token, TimeProvider time, ILogger<Processes> log) : IDisposable
{
    private const string Unknown = "unknown";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectTimeout = Patience,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    { Timeout = Patience };

    /// <summary>What all of them know.</summary>
    public async Task<IReadOnlyList<ProcessView>> All(CancellationToken stop)
    {
        var urls = shop.Modules.Where(m => !shop.Loops.Has(m.Service)).Select(m => places.Of(m.Service)).OfType<Uri>();
        var others = await Task.WhenAll(urls.Distinct().Select(url => Ask(url, stop)));
        return [ProcessView.Of(shop), .. others.OfType<ProcessView>()];
    }

    /// <summary>Every circuit: where a process has one open, as that process sees it.</summary>
    public IReadOnlyList<BreakerStatus> Breakers(IReadOnlyList<ProcessView> all)
    {
        var seen = all.SelectMany(p => p.Breakers).ToLookup(b => b.Gateway, StringComparer.Ordinal);
        return
        [
            .. shop.Breakers.All.Select(own => seen[own.Gateway].OrderBy(b => b.State == "closed").FirstOrDefault()
                ?? new BreakerStatus(own.Gateway, Unknown, time.GetUtcNow(), null)),
        ];
    }

    /// <summary>Messages a second through a queue.</summary>
    public static QueueRates Rates(IReadOnlyList<ProcessView> all, string queue)
    {
        var rates = all.Select(p => p.Traffic.GetValueOrDefault(queue)).OfType<QueueRates>().ToList();
        return new(rates.Sum(r => r.In), rates.Sum(r => r.Out));
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<ProcessView?> Ask(Uri url, CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, "/api/v1/ops/process"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token());
            using var response = await _http.SendAsync(request, stop);
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync<ApiSuccess<ProcessView>>(ApiJson.Answers, stop);
            return answer?.Data;
        }
        catch (Exception away) when (
            away is HttpRequestException or JsonException || (away is OperationCanceledException && !stop.IsCancellationRequested))
        {
            log.LogWarning("The process at {Url} does not tell how it is: {Reason}", url, away.Message);
            return null;
        }
    }
}
