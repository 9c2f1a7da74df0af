using System.Net.Http.Json;
using System.Text.Json;
using DoaMarket.Api;
using DoaMarket.Host.Server;
using DoaMarket.Kernel;

namespace DoaMarket.Host.Ops;

/// <summary>A fault that is to happen in the sandbox.</summary>
/// <param name="Target">pg, carrier:{id}, carrier:*, tracker, smtp, push or sms.</param>
/// <param name="Mode">down, error, slow, timeout, lose_response or decline.</param>
/// <param name="Operation">Which of its calls; all when left out.</param>
/// <param name="Probability">0 to 1; always when left out.</param>
/// <param name="Times">How often; for ever when left out.</param>
/// <param name="Match">Only calls whose order id, key, reference or address has this in it.</param>
/// <param name="DelayMs">Of slow: how long.</param>
/// <param name="Effect">Of timeout: whether it is carried out.</param>
public sealed record FaultBody(
    string Target, string Mode, string? Operation = null, double? Probability = null, int? Times = null,
    string? Match = null, int? DelayMs = null, bool? Effect = null);

/// <summary>A fault in force.</summary>
/// <param name="Hits">Calls that it has hit.</param>
public sealed record FaultView(
    int Id, string Target, string Operation, string Mode, double Probability, long? Times, string? Match, long? DelayMs,
    bool? Effect, long Hits);

/// <summary>The sandbox as operators see it.</summary>
/// <param name="Url">Where its own page is.</param>
/// <param name="Faults">The faults in force, in the order in which they are tried.</param>
public sealed record SandboxView(string Url, IReadOnlyList<FaultView> Faults);

/// <summary>How many payments can be refunded again.</summary>
public sealed record HealedView(int Healed);

/// <summary>
/// The sandbox's faults, through the shop: a page of the shop may call nobody else. Without a sandbox there are no such
/// path to go: every call is answered 404.
/// </summary>
public sealed class SandboxApi(Shop shop)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private static readonly ApiError NoSandbox = new(
        404, "NO_SANDBOX", "이 상점은 샌드박스 없이 실행 중입니다.", "This shop runs without a sandbox.");

    private static readonly ApiError Refused = new(
        400, "SANDBOX_REFUSED", "샌드박스가 받아들이지 않았습니다: {0}", "The sandbox does not accept that: {0}");

    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder ops)
    {
        var sandbox = ops.MapGroup("/sandbox");
        sandbox.MapGet(
                "", (Delegate)(async (HttpContext http) => ApiAnswers.Ok(http, await Look(http.RequestAborted))))
            .WithSummary("The sandbox's faults in force")
            .Produces<ApiSuccess<SandboxView>>().Produces<ApiFailure>(404);
        sandbox.MapPost("/faults", (Delegate)Add).WithSummary("Turn a fault on")
            .Accepts<FaultBody>("application/json").Produces<ApiSuccess<SandboxView>>()
            .Produces<ApiFailure>(400).Produces<ApiFailure>(404);
        sandbox.MapDelete("/faults/{id:int}", (int id, HttpContext http) => Clear(http, $"faults/{id}"))
            .WithSummary("Turn a fault off").Produces<ApiSuccess<SandboxView>>().Produces<ApiFailure>(404);
        sandbox.MapDelete("/faults", (Delegate)((HttpContext http) => Clear(http, "faults")))
            .WithSummary("Turn all faults off").Produces<ApiSuccess<SandboxView>>().Produces<ApiFailure>(404);
        sandbox.MapPost("/heal-refunds", (Delegate)Heal)
            .WithSummary("Let the refunds succeed that bk_refund_fails makes fail")
            .Produces<ApiSuccess<HealedView>>().Produces<ApiFailure>(404);
    }

    private async Task<SandboxView> Look(CancellationToken stop)
    {
        var listing = await Send(HttpMethod.Get, "faults", null, stop);
        return new(Url, listing.GetProperty("rules").Deserialize<List<FaultView>>(ApiJson.Answers) ?? []);
    }

    private async Task<IResult> Add(HttpContext http)
    {
        var fault = await ApiBody.Read<FaultBody>(http.Request, http.RequestAborted);
        await Send(HttpMethod.Post, "faults", fault, http.RequestAborted);
        return ApiAnswers.Ok(http, await Look(http.RequestAborted));
    }

    private async Task<IResult> Clear(HttpContext http, string path)
    {
        await Send(HttpMethod.Delete, path, null, http.RequestAborted);
        return ApiAnswers.Ok(http, await Look(http.RequestAborted));
    }

    private async Task<IResult> Heal(HttpContext http)
    {
        var healed = await Send(HttpMethod.Post, "faults/heal-refunds", new { }, http.RequestAborted);
        return ApiAnswers.Ok(http, new HealedView(healed.GetProperty("healed").GetInt32()));
    }

    private string Url => shop.SandboxUrl ?? throw new ApiException(NoSandbox, null);

    private async Task<JsonElement> Send(HttpMethod method, string path, object? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, $"{Url}/{path}")
        {
            Content = body is null ? null : JsonContent.Create(body, options: ApiJson.Answers),
        };
        try
        {
            using var response = await Http.SendAsync(request, stop);
            return response.IsSuccessStatusCode
                ? await response.Content.ReadFromJsonAsync<JsonElement>(stop)
                : throw new ApiException(Refused, null, await response.Content.ReadAsStringAsync(stop));
        }
        catch (HttpRequestException error)
        {
            throw new StoreUnavailableException($"The sandbox does not answer: {error.Message}", error);
        }
    }
}
