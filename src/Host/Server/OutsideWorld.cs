using DoaMarket.Gateways;
using DoaMarket.Host.Cli;
using DoaMarket.Notifications;
using DoaMarket.Payments.Toss;
using DoaMarket.Sandbox;
using DoaMarket.Shipping.Tracker;

namespace DoaMarket.Host.Server;

/// <summary>
/// The PG, the carriers, and the mail, push and SMS servers: the sandbox's, or real ones named by the configuration.
/// </summary>
public sealed class OutsideWorld : IAsyncDisposable
{
    private const string SandboxMailDomain = "sandbox.doamarket.example";
    private const string SandboxProject = "doamarket-sandbox", SandboxSender = "15880000";
    private const string SandboxPushAccount = "push@doamarket-sandbox.iam.example";
    private const string SandboxTrackerId = "sandbox";
    private readonly DataFolder _data;
    private readonly int _smtpPort;

    private OutsideWorld(DataFolder data, Uri? sandboxUrl, int smtpPort, SandboxServer? sandbox) =>
        (_data, SandboxUrl, _smtpPort, Sandbox) = (data, sandboxUrl, smtpPort, sandbox);

    /// <summary>Where the sandbox answers; null without one.</summary>
    public Uri? SandboxUrl { get; }

    /// <summary>The sandbox, if it runs in this process.</summary>
    public SandboxServer? Sandbox { get; }

    /// <summary>Starts the sandbox, or says where it is, or that there is none.</summary>
    /// <exception cref="WrongConfigurationException">Its port is taken, or unknown.</exception>
    public static async Task<OutsideWorld> Start(
        SandboxPlace place, IConfiguration configuration, DataFolder data, CancellationToken stop)
    {
        switch (place)
        {
            case SandboxPlace.On:
                var sandbox = await StartSandbox(configuration, data, stop);
                return new(data, sandbox.HttpUrl, sandbox.SmtpPort, sandbox);
            case SandboxPlace.Apart:
                var settings = configuration.Options<SandboxSettings>("Sandbox");
                var url = new Uri(settings.Url);
                return url.Port != 0 && settings.SmtpPort != 0
                    ? new(data, url, settings.SmtpPort, null)
                    : throw new WrongConfigurationException(
                        "A sandbox in a process of its own is found at Sandbox:Url and Sandbox:SmtpPort: "
                        + "write the ports that 'doa sandbox' names, not 0.");
            default:
                return new(data, null, 0, null);
        }
    }

    /// <summary>Starts a sandbox in this process.</summary>
    /// <exception cref="WrongConfigurationException">Its port is taken.</exception>
    public static async Task<SandboxServer> StartSandbox(
        IConfiguration configuration, DataFolder data, CancellationToken stop)
    {
        var settings = configuration.Options<SandboxSettings>("Sandbox");
        Directory.CreateDirectory(data.Path);
        try
        {
            return await SandboxServer.StartAsync(
                new SandboxOptions
                {
                    HttpUrl = new Uri(settings.Url),
                    SmtpPort = settings.SmtpPort,
                    DataFile = data.SandboxFile,
                    SecretKey = data.PgSecretKey(),
                    CarrierApiKey = data.CarrierKey(),
                    PushAccount = new(SandboxProject, SandboxPushAccount, data.PushPublicKey()),
                    WebhookSecret = data.WebhookSecret(),
                    TrackerKey = $"{SandboxTrackerId}:{data.TrackerKey()}",
                    HangFor = settings.HangFor,
                    Pace = ParcelPace.Every(settings.MoveEvery),
                    AutoMove = settings.AutoMove,
                    DepositAfter = settings.AutoDeposit ? settings.DepositAfter : null,
                    TellsEveryChange = settings.TellsEveryChange,
                },
                stop);
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException)
        {
            throw new WrongConfigurationException(
                $"The sandbox cannot listen at {settings.Url} and SMTP port {settings.SmtpPort}: {error.Message} "
                + "Choose others with DOA__Sandbox__Url=http://127.0.0.1:0 and DOA__Sandbox__SmtpPort=0 "
                + "(0 picks a free port).");
        }
    }

    /// <summary>The PG's address.</summary>
    public GatewayOptions CompletePg(GatewayOptions o) =>
        o.BaseUrl.Length > 0
            ? o
            : o with { BaseUrl = SandboxUrl is null ? "https://api.tosspayments.com" : $"{SandboxUrl}pg" };

    /// <summary>The carriers' address; {carrier} stands for each carrier's id.</summary>
    public GatewayOptions CompleteCarriers(GatewayOptions o) =>
        o.BaseUrl.Length > 0 || SandboxUrl is null ? o : o with { BaseUrl = SandboxUrl + "carriers/{carrier}" };

    /// <summary>The account at the PG.</summary>
    public TossOptions Complete(TossOptions o) =>
        o.SecretKey.Length > 0 || SandboxUrl is null ? o : o with { SecretKey = _data.PgSecretKey() };

    /// <summary>The account at the carriers.</summary>
    public CarrierAccount Complete(CarrierAccount o) => SandboxUrl is null ? o : o with
    {
        ApiKey = o.ApiKey.Length > 0 ? o.ApiKey : _data.CarrierKey(),
        WebhookSecrets = o.WebhookSecrets.Length > 0 ? o.WebhookSecrets : [_data.WebhookSecret()],
    };

    /// <summary>The tracker's address.</summary>
    public GatewayOptions CompleteTracker(GatewayOptions o) =>
        o.BaseUrl.Length > 0
            ? o
            : o with { BaseUrl = SandboxUrl is null ? TrackerGateway.BaseUrl : $"{SandboxUrl}tracker" };

    /// <summary>The account at the tracker.</summary>
    public TrackerOptions Complete(TrackerOptions o) => SandboxUrl is null || o.ClientId.Length > 0 ? o : o with
    {
        ClientId = SandboxTrackerId,
        ClientSecret = _data.TrackerKey(),
        CallbackSecret = o.CallbackSecret.Length > 0 ? o.CallbackSecret : _data.TrackerCallbackSecret(),
    };

    /// <summary>The mail server.</summary>
    public SmtpOptions Complete(SmtpOptions o) =>
        o.Host.Length > 0 || SandboxUrl is null
            ? o
            : o with { Host = "127.0.0.1", Port = _smtpPort, UseStartTls = false };

    /// <summary>FCM's address.</summary>
    public GatewayOptions CompletePush(GatewayOptions o) =>
        o.BaseUrl.Length > 0
            ? o
            : o with { BaseUrl = SandboxUrl is null ? "https://fcm.googleapis.com" : $"{SandboxUrl}fcm" };

    /// <summary>The account at FCM.</summary>
    public FcmOptions Complete(FcmOptions o) =>
        o.PrivateKey.Length > 0 || SandboxUrl is null
            ? o
            : o with
            {
                ProjectId = SandboxProject,
                ClientEmail = SandboxPushAccount,
                PrivateKey = _data.PushPrivateKey(),
                TokenUrl = $"{SandboxUrl}oauth/token",
            };

    /// <summary>The SMS provider's address.</summary>
    public GatewayOptions CompleteSms(GatewayOptions o) =>
        o.BaseUrl.Length > 0 || SandboxUrl is null ? o : o with { BaseUrl = $"{SandboxUrl}sms" };

    /// <summary>The account at the SMS provider.</summary>
    public SmsAccount Complete(SmsAccount o) => SandboxUrl is null ? o : o with
    {
        ApiKey = o.ApiKey.Length > 0 ? o.ApiKey : _data.CarrierKey(),
        From = o.From.Length > 0 ? o.From : SandboxSender,
    };

    /// <summary>Where users are told things who have said nothing: in the sandbox everybody can be reached.</summary>
    public NotificationsOptions Complete(NotificationsOptions o) =>
        o.UnknownUsersDomain is not null || SandboxUrl is null ? o : o with { UnknownUsersDomain = SandboxMailDomain };

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Sandbox?.DisposeAsync() ?? default;
}
