using System.ComponentModel.DataAnnotations;

namespace DoaMarket.Payments.Toss;

/// <summary>The shop's account at Toss Payments.</summary>
public sealed record TossOptions
{
    /// <summary>The secret key, "live_sk_…" or "test_sk_…".</summary>
    [Required]
    public string SecretKey { get; init; } = "";

    /// <summary>Keeps the key out of logs.</summary>
    public override string ToString() => nameof(TossOptions);
}
