using Microsoft.Extensions.Logging;

namespace DoaMarket.Sandbox;

/// <summary>Where the sandbox listens, what it remembers in, and how fast its outside world moves.</summary>
public sealed record SandboxOptions
{
    /// <summary>Where everything but SMTP listens: http, a loopback address, port 0 picks one.</summary>
    public Uri HttpUrl { get; init; } = new("http://127.0.0.1:5081");

    /// <summary>Port of the SMTP sink on 127.0.0.1; 0 picks one.</summary>
    public int SmtpPort { get; init; } = 5082;

    /// <summary>SQLite file; captures, parcels, callbacks and mails in it survive a killed process.</summary>
    public required string DataFile { get; init; }

    /// <summary>The Toss secret key clients must present (Basic, key as user name, empty password).</summary>
    public required string SecretKey { get; init; }

    /// <summary>The bearer key of the carriers, and of the SMS provider.</summary>
    public required string CarrierApiKey { get; init; }

    /// <summary>The service account that may send pushes; null refuses every push.</summary>
    public PushAccount? PushAccount { get; init; }

    /// <summary>Signs carrier callbacks (Standard Webhooks): <c>whsec_</c> and base64 of 24 to 64 bytes.</summary>
    public required string WebhookSecret { get; init; }

    /// <summary>The tracker's API key, <c>id:secret</c>; null refuses every call.</summary>
    public string? TrackerKey { get; init; }

    /// <summary>
    /// Where parcel movements are posted, with <c>{carrier}</c> in it. Callbacks wait (durably) while it is null; it
    /// can be set later on the running server.
    /// </summary>
    public string? CarrierCallbackUrl { get; init; }

    /// <summary>
    /// Where the PG's webhooks are posted. They wait (durably) while it is null; it can be set later on the running
    /// server.
    /// </summary>
    public Uri? PaymentWebhookUrl { get; init; }

    /// <summary>
    /// Whether the PG tells of every change (PAYMENT_STATUS_CHANGED), not of deposits alone (DEPOSIT_CALLBACK).
    /// </summary>
    public bool TellsEveryChange { get; init; } = true;

    /// <summary>When customers pay into their virtual accounts; null: never by themselves.</summary>
    public TimeSpan? DepositAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether parcels move by themselves once handed over.</summary>
    public bool AutoMove { get; init; } = true;

    /// <summary>How long a hanging answer hangs: more than any client should wait.</summary>
    public TimeSpan HangFor { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long parcels stay at each stop.</summary>
    public ParcelPace Pace { get; init; } = ParcelPace.Every(TimeSpan.FromSeconds(3));

    /// <summary>First wait before an undelivered carrier callback is tried again; doubles each time.</summary>
    public TimeSpan CallbackRetryFirst { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait between two tries of a carrier callback.</summary>
    public TimeSpan CallbackRetryCap { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Tries of a carrier callback before it is given up and listed as abandoned.</summary>
    public int CallbackAttemptsMax { get; init; } = 100;

    /// <summary>Unit of the PG's webhook schedule (1, 4, 16 … 4096 units; a minute at the real PG).</summary>
    public TimeSpan PaymentWebhookRetryUnit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The clock of every stored time.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where to log; by default warnings and errors go to the console.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <exception cref="ArgumentException">An option is missing, malformed or out of its range.</exception>
    internal void Check()
    {
        Require(HttpUrl.Scheme == Uri.UriSchemeHttp, nameof(HttpUrl), "must be an http URL");
        Require(SmtpPort is >= 0 and <= 65535, nameof(SmtpPort), "must be 0 to 65535");
        Require(DataFile.Length > 0, nameof(DataFile), "must name a file");
        Require(SecretKey.Length > 0, nameof(SecretKey), "must not be empty");
        Require(CarrierApiKey.Length > 0, nameof(CarrierApiKey), "must not be empty");
        Require(HangFor > TimeSpan.Zero, nameof(HangFor), "must be positive");
        Require(DepositAfter is null || DepositAfter >= TimeSpan.Zero, nameof(DepositAfter), "must not be negative");
        Require(CallbackRetryFirst > TimeSpan.Zero, nameof(CallbackRetryFirst), "must be positive");
        Require(CallbackRetryCap >= CallbackRetryFirst, nameof(CallbackRetryCap), "must not be below the first wait");
        Require(CallbackAttemptsMax is >= 1 and <= 10_000, nameof(CallbackAttemptsMax), "must be 1 to 10,000");
        Require(PaymentWebhookRetryUnit > TimeSpan.Zero, nameof(PaymentWebhookRetryUnit), "must be positive");
    }

    private static void Require(bool holds, string option, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException($"{option} {rule}.", option);
        }
    }
}

/// <summary>A service account of the push provider, as the provider knows it.</summary>
/// <param name="ProjectId">The project that it may send in.</param>
/// <param name="ClientEmail">Its name.</param>
/// <param name="PublicKeyPem">Its RSA public key, PEM.</param>
public sealed record PushAccount(string ProjectId, string ClientEmail, string PublicKeyPem);
