using System.ComponentModel.DataAnnotations;
using DoaMarket.Gateways;

namespace DoaMarket.Notifications;

/// <summary>The mail server, how it is called, and when it is left alone for a while.</summary>
public sealed record SmtpOptions : ICircuitOptions
{
    /// <summary>Host name of the submission server.</summary>
    [Required]
    public string Host { get; init; } = "";

    /// <summary>Port; 587 is mail submission.</summary>
    [Range(1, 65_535)]
    public int Port { get; init; } = 587;

    /// <summary>Demands STARTTLS; a server that does not offer it is not used. Off for the sandbox only.</summary>
    public bool UseStartTls { get; init; } = true;

    /// <summary>User name; null sends without authentication.</summary>
    public string? UserName { get; init; }

    /// <summary>Password of <see cref="UserName"/>.</summary>
    public string? Password { get; init; }

    /// <summary>Sender's address. Its domain also ends the Message-IDs.</summary>
    [Required]
    [EmailAddress]
    public string From { get; init; } = "no-reply@doamarket.example";

    /// <summary>Sender's name.</summary>
    public string FromName { get; init; } = "DOA Market";

    /// <summary>How long one mail may take, connecting included. What takes longer has an unknown outcome.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Connections, and so mails at a time. One makes some 20 mails a second however near the server is: the client's
    /// small writes wait for delayed acknowledgements.
    /// </summary>
    [Range(1, 64)]
    public int MaxConnections { get; init; } = 8;

    /// <summary>Mails that wait for a connection in memory; more are left to their timers.</summary>
    [Range(1, 100_000)]
    public int MaxWaiting { get; init; } = 500;

    /// <summary>A connection idle for longer is replaced: servers hang up on idle clients.</summary>
    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Share of failed calls that opens the circuit.</summary>
    [Range(0.01, 1.0)]
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>Calls within the window before the share counts.</summary>
    [Range(2, 10_000)]
    public int MinimumCalls { get; init; } = 5;

    /// <summary>Window over which calls are counted: longer than the time limit, so that time-outs add up.</summary>
    public TimeSpan SamplingWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the circuit stays open before one call may try.</summary>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Without the password, since options get logged.</summary>
    public override string ToString() => $"{nameof(SmtpOptions)} {{ Host = {Host}, Port = {Port}, From = {From} }}";
}
