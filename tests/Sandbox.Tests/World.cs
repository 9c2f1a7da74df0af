using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DoaMarket.Sandbox.Tests;

/// <summary>A running sandbox with a data file of its own, and a client that talks to it over real HTTP.</summary>
internal sealed class World : IAsyncDisposable
{
    public const string SecretKey = "test_sk_sandbox";
    public const string CarrierKey = "carrier-key";
    public const string PushEmail = "push@doamarket.example";
    public static readonly byte[] WebhookSecretBytes = Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef");

    private static readonly RSA PushKey = RSA.Create(2_048);

    private readonly DirectoryInfo _folder;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Func<SandboxOptions, SandboxOptions> _tune;
    private SandboxServer? _server;

    private World(Func<SandboxOptions, SandboxOptions> tune)
    {
        _tune = tune;
        _folder = Directory.CreateTempSubdirectory("sandbox-tests-");
    }

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public SandboxServer Server => _server!;

    public static async Task<World> StartAsync(Func<SandboxOptions, SandboxOptions>? tune = null)
    {
        World world = new(tune ?? (options => options));
        await world.BeginAsync();
        return world;
    }

    public async Task RestartAsync()
    {
        await Server.DisposeAsync();
        await BeginAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    public Task<Reply> ChargeAsync(
        string orderId, string billingKey = "bk_ok", long amount = 15_000, string? key = null,
        TimeSpan? patience = null) => PgAsync(
            $"billing/{billingKey}", new { customerKey = "customer-1", amount, orderId, orderName = "사과 한 상자" }, key,
            patience);

    public Task<Reply> CancelAsync(string paymentKey, object body, string? key = null) =>
        PgAsync($"payments/{paymentKey}/cancel", body, key);

    public Task<Reply> PgAsync(string path, object body, string? key = null, TimeSpan? patience = null) =>
        SendAsync(HttpMethod.Post, $"pg/v1/{path}", body, request =>
        {
            request.Headers.Authorization = Basic(SecretKey);
            if (key is not null)
            {
                request.Headers.Add("Idempotency-Key", key);
            }
        }, patience);

    public Task<Reply> PgGetAsync(string path) => SendAsync(
        HttpMethod.Get, $"pg/v1/{path}", null, request => request.Headers.Authorization = Basic(SecretKey));

    public Task<Reply> RegisterAsync(
        string reference, string order = "order-1", string postalCode = "04524", string carrier = "kr.cjlogistics") =>
        CarrierAsync(HttpMethod.Post, "", new
        {
            clientReference = reference,
            orderReference = order,
            recipient = new { name = "홍길동", phone = "010-1234-5678", postalCode, address = "서울시 중구 세종대로 110" },
            weightGrams = 1_200,
            items = new[] { new { name = "사과", quantity = 2 } },
        }, carrier);

    public Task<Reply> AskAsync(string trackingNumber, string what, string reference = "operation-1") =>
        CarrierAsync(HttpMethod.Post, $"/{trackingNumber}/{what}", new { clientReference = reference });

    public Task<Reply> CarrierAsync(
        HttpMethod method, string path, object? body = null, string carrier = "kr.cjlogistics") =>
        SendAsync(method, $"carriers/{carrier}/v1/shipments{path}", body, request =>
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", CarrierKey));

    public async Task FaultAsync(object rule) =>
        Assert.Equal(201, (await SendAsync(HttpMethod.Post, "faults", rule)).Status);

    /// <summary>What the books say of a reference: kinds in their order.</summary>
    public async Task<string> TakenAsync(string reference)
    {
        JsonElement items = (await GetAsync($"oracle/messages?reference={Uri.EscapeDataString(reference)}"))
            .Json.GetProperty("items");
        return items.GetArrayLength() == 0 ? "" : string.Join(
            ' ', items[0].GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("kind").GetString()));
    }

    /// <summary>A service account's assertion; <paramref name="change"/> makes a wrong one.</summary>
    public string Assertion(Action<Dictionary<string, object>>? change = null, RSA? key = null, string alg = "RS256")
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Dictionary<string, object> claims = new(StringComparer.Ordinal)
        {
            ["iss"] = PushEmail,
            ["scope"] = "https://www.googleapis.com/auth/firebase.messaging",
            ["aud"] = new Uri(Server.HttpUrl, "oauth/token").ToString(),
            ["iat"] = now,
            ["exp"] = now + 3_600,
        };
        change?.Invoke(claims);
        string signed = Part(new { alg, typ = "JWT" }) + "." + Part(claims);
        byte[] signature = (key ?? PushKey).SignData(
            Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return signed + "." + Base64Url.EncodeToString(signature);

        static string Part<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
    }

    /// <summary>Exchanges an assertion for an access token.</summary>
    public async Task<Reply> ExchangeAsync(string assertion, string grant = "urn:ietf:params:oauth:grant-type:jwt-bearer")
    {
        using FormUrlEncodedContent form = new([new("grant_type", grant), new("assertion", assertion)]);
        using HttpResponseMessage response = await _http.PostAsync(
            new Uri(Server.HttpUrl, "oauth/token"), form, Cancelled);
        return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled));
    }

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public async Task<Reply> SendAsync(
        HttpMethod method, string path, object? body, Action<HttpRequestMessage>? prepare = null,
        TimeSpan? patience = null)
    {
        using HttpRequestMessage request = new(method, new Uri(Server.HttpUrl, path));
        if (body is not null)
        {
            string json = body as string ?? JsonSerializer.Serialize(body);
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        prepare?.Invoke(request);
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        giveUp.CancelAfter(patience ?? TimeSpan.FromSeconds(20));
        using HttpResponseMessage response = await _http.SendAsync(request, giveUp.Token);
        string text = await response.Content.ReadAsStringAsync(giveUp.Token);
        return new Reply((int)response.StatusCode, text);
    }

    public async Task<long> NetAsync(string orderId)
    {
        JsonElement items = (await GetAsync($"oracle/payments?orderId={orderId}")).Json.GetProperty("items");
        return items.GetArrayLength() == 0 ? 0 : items[0].GetProperty("net").GetInt64();
    }

    /// <summary>Asks again until the answer is as wanted, for at most a minute.</summary>
    public static async Task<Reply> UntilAsync(Func<Task<Reply>> ask, Func<Reply, bool> wanted)
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        bound.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            Reply reply = await ask();
            if (wanted(reply))
            {
                return reply;
            }

            Assert.False(bound.IsCancellationRequested, $"Not as wanted in a minute: {reply.Status} {reply.Text}");
            await Task.Delay(5, Cancelled);
        }
    }

    private static AuthenticationHeaderValue Basic(string key) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));

    private async Task BeginAsync() => _server = await SandboxServer.StartAsync(
        _tune(new SandboxOptions
        {
            HttpUrl = new Uri("http://127.0.0.1:0"),
            SmtpPort = 0,
            DataFile = Path.Combine(_folder.FullName, "sandbox.db"),
            SecretKey = SecretKey,
            CarrierApiKey = CarrierKey,
            TrackerKey = "id:secret",
            PushAccount = new("doamarket", PushEmail, PushKey.ExportSubjectPublicKeyInfoPem()),
            WebhookSecret = "whsec_" + Convert.ToBase64String(WebhookSecretBytes),
            HangFor = TimeSpan.FromMilliseconds(400),
            Pace = ParcelPace.Every(TimeSpan.FromMilliseconds(5)),
            CallbackRetryFirst = TimeSpan.FromMilliseconds(5),
            CallbackRetryCap = TimeSpan.FromMilliseconds(20),
            PaymentWebhookRetryUnit = TimeSpan.FromMilliseconds(1),
        }),
        Cancelled);
}
