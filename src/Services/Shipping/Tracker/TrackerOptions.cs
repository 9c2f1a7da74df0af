using System.ComponentModel.DataAnnotations;

namespace DoaMarket.Shipping.Tracker;

/// <summary>The shop's account at tracker.delivery. Off unless it is enabled and a carrier is tracked by it.</summary>
public sealed record TrackerOptions
{
    /// <summary>Whether carriers may be tracked by it. Default: no.</summary>
    public bool Enabled { get; init; }

    /// <summary>First half of the API key.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Second half of the API key.</summary>
    public string ClientSecret { get; init; } = "";

    /// <summary>
    /// Where the tracker calls us, as the outside sees it: "https://shop.example/api/v1/webhooks/tracker". In embedded
    /// mode with the sandbox it is known.
    /// </summary>
    public string CallbackUrl { get; init; } = "";

    /// <summary>
    /// Last part of that address: the tracker does not sign, so whoever knows it may make us ask. 16 characters at least
    /// of `A-Z a-z 0-9 - _`.
    /// </summary>
    [RegularExpression("([A-Za-z0-9_-]{16,200})?")]
    public string CallbackSecret { get; init; } = "";

    /// <summary>
    /// How long the tracker is asked to watch a parcel. It recommends 48 h, and to ask again before they end.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:02", "2.00:00:00")]
    public TimeSpan WatchFor { get; init; } = TimeSpan.FromHours(48);

    /// <summary>What is missing although it is enabled; null when it is whole.</summary>
    public string? Missing =>
        !Enabled ? null
        : ClientId.Length == 0 ? nameof(ClientId)
        : ClientSecret.Length == 0 ? nameof(ClientSecret)
        : CallbackSecret.Length == 0 ? nameof(CallbackSecret)
        : null;

    /// <summary>Keeps the key and the secret out of logs.</summary>
    public override string ToString() => nameof(TrackerOptions);
}
