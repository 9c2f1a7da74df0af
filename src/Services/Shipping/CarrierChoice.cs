using System.ComponentModel.DataAnnotations;
using DoaMarket.Contracts;

namespace DoaMarket.Shipping;

/// <summary>What a carrier takes and how long it needs.</summary>
public sealed record CarrierProfile
{
    /// <summary>Public id, also the name of its gateway: "kr.cjlogistics".</summary>
    [Required]
    public string Id { get; init; } = "";

    /// <summary>Name for customers.</summary>
    [Required]
    public string Name { get; init; } = "";

    /// <summary>The heaviest parcel it takes, in grams.</summary>
    [Range(1, 1_000_000)]
    public int MaxWeightGrams { get; init; }

    /// <summary>Days from handing over to delivery on the mainland.</summary>
    [Range(0, 30)]
    public int DeliveryDays { get; init; }

    /// <summary>
    /// Days from handing over to delivery in Jeju and on other islands; null when it does not go there.
    /// </summary>
    [Range(0, 30)]
    public int? RemoteDeliveryDays { get; init; }

    /// <summary>
    /// Who tells where its parcels are: null for the carrier itself, by signed callbacks; "tracker.delivery" for a
    /// carrier that calls nobody. What comes back to us is always asked of the carrier.
    /// </summary>
    public string? TrackedBy { get; init; }

    /// <summary>Days to this destination; null when it does not go there.</summary>
    public int? DaysTo(string postalCode, ShippingOptions options) =>
        options.IsRemote(postalCode) ? RemoteDeliveryDays : DeliveryDays;
}

/// <summary>What a parcel weighs: its lines' pieces, packaging included.</summary>
public static class Weights
{
    /// <summary>
    /// In grams, 1 at least. What is heavier than any number can say is heavier than any carrier takes.
    /// </summary>
    public static int Of(IReadOnlyList<OrderItem> items) =>
        (int)Math.Clamp(items.Sum(i => (long)i.Quantity * i.WeightGrams), 1, int.MaxValue);
}

/// <summary>
/// Which carriers come into question for a parcel, best first: by weight and destination. Availability is not known
/// here; it comes in as the answer of a carrier whose circuit is open, upon which the next one is asked.
/// </summary>
public static class CarrierChoice
{
    /// <summary>
    /// Ids of the carriers that take the parcel: the quickest first, then as configured. Empty when none does.
    /// </summary>
    public static IReadOnlyList<string> Preference(int weightGrams, string postalCode, ShippingOptions options) =>
    [
        .. options.Carriers
            .Where(c => weightGrams <= c.MaxWeightGrams && c.DaysTo(postalCode, options) is not null)
            .OrderBy(c => c.DaysTo(postalCode, options)) // stable: equals stay as configured
            .Select(c => c.Id),
    ];
}
