using System.ComponentModel.DataAnnotations;
using DoaMarket.Api;
using DoaMarket.Gateways;
using DoaMarket.Host.Server.Peers;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Payments.Toss;
using DoaMarket.Postgres;
using DoaMarket.RabbitMq;
using DoaMarket.Sagas;
using DoaMarket.Shipping;
using DoaMarket.Shipping.Tracker;
using DoaMarket.Sqlite;
using DoaMarket.Stats;

namespace DoaMarket.Host.Server;

/// <summary>How the sandbox's outside world behaves.</summary>
public sealed record SandboxSettings
{
    /// <summary>Where it listens; port 0 picks one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:5081";

    /// <summary>Port of its mail server; 0 picks one.</summary>
    [Range(0, 65_535)]
    public int SmtpPort { get; init; } = 5082;

    /// <summary>How long its "timeout" behaviours hang.</summary>
    public TimeSpan HangFor { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a parcel stays at each stop on its way.</summary>
    public TimeSpan MoveEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether parcels move by themselves.</summary>
    public bool AutoMove { get; init; } = true;

    /// <summary>When customers pay into their virtual accounts.</summary>
    public TimeSpan DepositAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether customers pay into their virtual accounts by themselves.</summary>
    public bool AutoDeposit { get; init; } = true;

    /// <summary>Whether the PG tells of every change of a payment by webhook, not of deposits alone.</summary>
    public bool TellsEveryChange { get; init; }
}

/// <summary>Where servers are that the modes need.</summary>
public sealed record ConnectionStrings
{
    /// <summary>
    /// The database of the mode "postgres", e.g. "Host=db;Port=5432;Database=doa;Username=doa;Password=…". Every process
    /// names the same one. In mode "rabbitmq" every service has a database of its own, and "{service}" stands for its
    /// name: "Host=db;Port=5432;Database=doa_{service};…"; for orders, inventory, payments, shipping, notifications,
    /// stats and journal.
    /// </summary>
    public string Postgres { get; init; } = "";

    /// <summary>
    /// The broker of the mode "rabbitmq", e.g. "amqp://doa:…@rabbit:5672/shop" (amqps:// for TLS). Every process names
    /// the same one.
    /// </summary>
    public string RabbitMq { get; init; } = "";
}

/// <summary>Bearer tokens of the API.</summary>
public sealed record TokenOptions
{
    /// <summary>
    /// The key that they are signed with (HMAC-SHA-256): 32 bytes or more, base64, as "openssl rand -base64 32" makes it.
    /// Every process of a shop has the same. Embedded, one is made in the data folder when this is empty.
    /// </summary>
    public string Key { get; init; } = "";

    /// <summary>The key's bytes.</summary>
    /// <exception cref="WrongConfigurationException">It is no key.</exception>
    public byte[] Bytes()
    {
        var bytes = new byte[Key.Length];
        return Convert.TryFromBase64String(Key, bytes, out var count) && count >= ApiTokens.MinKeyBytes
            ? bytes[..count]
            : throw new WrongConfigurationException(
                $"Tokens:Key must be {ApiTokens.MinKeyBytes} bytes or more in base64. "
                + "Write DOA__Tokens__Key=$(openssl rand -base64 32).");
    }
}

/// <summary>The shop's account at its carriers.</summary>
public sealed record CarrierAccount
{
    /// <summary>Sent to carriers as a bearer token.</summary>
    [Required]
    public string ApiKey { get; init; } = "";

    /// <summary>
    /// Secrets that carriers may sign callbacks with, `whsec_…`: the new one and, during a rotation, the old one.
    /// </summary>
    [MinLength(1), MaxLength(2)]
    public string[] WebhookSecrets { get; init; } = [];
}

/// <summary>Everything that a shop's process is configured with, read and checked before anything starts.</summary>
public sealed record ShopOptions(
    KernelOptions Kernel,
    ConnectionStrings ConnectionStrings,
    TokenOptions Tokens,
    ServicePlaces Services,
    SqliteOptions Sqlite,
    PostgresOptions Postgres,
    RabbitMqOptions RabbitMq,
    OrdersOptions Orders,
    InventoryOptions Inventory,
    PaymentsOptions Payments,
    ShippingOptions Shipping,
    NotificationsOptions Notifications,
    StatsOptions Stats,
    GatewayOptions Pg,
    TossOptions Toss,
    GatewayOptions Carriers,
    CarrierAccount CarrierAccount,
    GatewayOptions Tracker,
    TrackerOptions TrackerAccount,
    SmtpOptions Smtp,
    GatewayOptions Push,
    FcmOptions Fcm,
    GatewayOptions Sms,
    SmsAccount SmsAccount,
    RateLimitOptions RateLimits,
    TelemetryOptions Telemetry)
{
    /// <summary>What the saga's definition is checked against.</summary>
    public OrderParticipants Participants => ParticipantsOf(Payments, Pg, Shipping, Carriers);

    /// <summary>The same, of services and gateways that are configured so.</summary>
    public static OrderParticipants ParticipantsOf(
        PaymentsOptions payments, GatewayOptions pg, ShippingOptions shipping, GatewayOptions carriers) => new(
        new Participant("inventory", LongestUndo: TimeSpan.Zero, GatewayBreak: TimeSpan.Zero),
        new Participant("payments", payments.LongestUndo, pg.Break),
        new Participant("shipping", shipping.LongestUndo, carriers.Break));

    /// <summary>
    /// Why orders that wait for a deposit cannot end well with these settings, for the log; null when they can.
    /// </summary>
    public string? DepositsCannotBeAwaited
    {
        get
        {
            var longest = Orders.ProcessPaymentWithin + Payments.DepositWithin + Orders.DepositGrace;
            return Inventory.LongestHold >= longest
                ? null
                : $"Inventory:LongestHold ({Inventory.LongestHold}) is shorter than what a deposit may take ({longest}): "
                    + "orders that are paid by virtual account will be cancelled. "
                    + $"Write DOA__Inventory__LongestHold={longest} or more.";
        }
    }

    /// <summary>How one carrier is called: {carrier} in the address stands for its id.</summary>
    public GatewayOptions CarrierGateway(string id) =>
        Carriers with { BaseUrl = Carriers.BaseUrl.Replace("{carrier}", id, StringComparison.Ordinal) };

    /// <summary>The oldest that a waiting message may be while new orders are accepted.</summary>
    public TimeSpan MaxMessageAge =>
        new[] { Orders.ReserveInventoryWithin, Orders.ProcessPaymentWithin, Orders.PrepareShippingWithin }.Min() / 3;

    /// <summary>
    /// Reads the options; where outside systems are the sandbox's, their addresses and keys are given.
    /// </summary>
    /// <exception cref="WrongConfigurationException">The text says what to write.</exception>
    public static ShopOptions Read(IConfiguration configuration, string mode, DataFolder data, OutsideWorld outside)
    {
        var kernel = configuration.Options<KernelOptions>("Kernel", o => configuration["Kernel:Environment"] is null
            ? o with { Environment = mode }
            : o);
        var options = new ShopOptions(
            kernel,
            configuration.Options<ConnectionStrings>("ConnectionStrings"),
            configuration.Options<TokenOptions>("Tokens"),
            configuration.Options<ServicePlaces>("Services"),
            configuration.Options<SqliteOptions>("Sqlite", o => o with { Folder = data.Path }),
            configuration.Options<PostgresOptions>("Postgres"),
            configuration.Options<RabbitMqOptions>("RabbitMq", o => configuration["RabbitMq:Prefetch"] is null
                ? o with { Prefetch = RabbitMqOptions.PrefetchFor(kernel) }
                : o),
            configuration.Options<OrdersOptions>("Orders"),
            configuration.Options<InventoryOptions>("Inventory"),
            configuration.Options<PaymentsOptions>("Payments"),
            configuration.Options<ShippingOptions>("Shipping"),
            configuration.Options<NotificationsOptions>("Notifications", outside.Complete),
            configuration.Options<StatsOptions>("Stats"),
            configuration.Options<GatewayOptions>("Pg", outside.CompletePg),
            configuration.Options<TossOptions>("Toss", outside.Complete),
            configuration.Options<GatewayOptions>("Carriers", outside.CompleteCarriers),
            configuration.Options<CarrierAccount>("CarrierAccount", outside.Complete),
            configuration.Options<GatewayOptions>("Tracker", o => outside.CompleteTracker(
                configuration["Tracker:Timeout"] is null ? o with { Timeout = TrackerGateway.Timeout } : o)),
            configuration.Options<TrackerOptions>("TrackerAccount", outside.Complete),
            configuration.Options<SmtpOptions>("Smtp", outside.Complete),
            configuration.Options<GatewayOptions>("Push", outside.CompletePush),
            configuration.Options<FcmOptions>("Fcm", outside.Complete),
            configuration.Options<GatewayOptions>("Sms", outside.CompleteSms),
            configuration.Options<SmsAccount>("SmsAccount", outside.Complete),
            configuration.Options<RateLimitOptions>("RateLimits"),
            configuration.Options<TelemetryOptions>("Telemetry"));
        if (options.Payments.CallTimeout < options.Pg.Timeout)
        {
            throw new WrongConfigurationException(
                $"Payments:CallTimeout ({options.Payments.CallTimeout}) "
                + $"is shorter than Pg:Timeout ({options.Pg.Timeout}): "
                + "an answer would be held to be lost while it may still come. "
                + $"Write DOA__Payments__CallTimeout={options.Pg.Timeout} or more.");
        }

        options.CheckTracker(outside);
        options.Services.Check();
        return options;
    }

    private void CheckTracker(OutsideWorld outside)
    {
        foreach (var carrier in Shipping.Carriers.Where(c => c.TrackedBy is not null))
        {
            if (carrier.TrackedBy != TrackerGateway.Name || !TrackerAccount.Enabled)
            {
                throw new WrongConfigurationException(
                    $"The carrier {carrier.Id} is tracked by '{carrier.TrackedBy}'. Known is '{TrackerGateway.Name}', "
                    + "which must be enabled: DOA__TrackerAccount__Enabled=true.");
            }
        }

        var missing = TrackerAccount.Missing
            ?? (TrackerAccount is { Enabled: true, CallbackUrl: "" } && outside.SandboxUrl is null ? "CallbackUrl" : null);
        if (missing is not null)
        {
            throw new WrongConfigurationException(
                $"The tracker is enabled without its {missing}. Write DOA__TrackerAccount__{missing}=…");
        }

        if (TrackerAccount.Enabled && Shipping.TrackerPatience <= 2 * Tracker.Timeout)
        {
            throw new WrongConfigurationException(
                $"Shipping:TrackerPatience ({Shipping.TrackerPatience}) must be more than twice Tracker:Timeout "
                + $"({Tracker.Timeout}).");
        }
    }
}
