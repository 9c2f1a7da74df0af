using System.ComponentModel.DataAnnotations;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>How long Shipping holds, waits and asks again, and which carriers it knows.</summary>
public sealed record ShippingOptions
{
    /// <summary>
    /// How long a prepared parcel stays before it is dispatched: the window in which a customer can still cancel
    /// without a return. Default 5 s, so that a demonstration reaches the pivot; a real shop sets minutes or hours.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan HoldBeforeDispatch { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a call to a carrier may take with everything (waiting for capacity, a connect retry, the time limit)
    /// before it counts as lost and is made again. Must exceed twice the gateway's time limit. Default 15 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan CallPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long after a registration of unknown outcome the carrier may still carry it out. "Not found" proves that
    /// there is no waybill only when asked later than this. Default 30 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SettleAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Waits between calls of unknown outcome: 1 s, doubling, at most 30 s. After the last attempt an alert is raised
    /// and asking goes on at the longest wait: an open question is never dropped.
    /// </summary>
    [Required]
    public Backoff AskAgain { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), MaxAttempts: 6);

    /// <summary>
    /// How long a parcel on its way may be silent before the carrier is asked where it is. Default 24 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan AskAfterSilence { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a call to the tracker may take with everything before it counts as lost and is made again. Must exceed
    /// twice the tracker's time limit. Default 40 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan TrackerPatience { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How long before its end the tracker's watch over a parcel is renewed. Default 4 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RenewWatchBefore { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Starts of postal codes to which carriers need longer: Jeju (63…) and Ulleung (402…).</summary>
    public IReadOnlyList<string> RemotePostalPrefixes { get; init; } = ["63", "402"];

    /// <summary>The carriers.</summary>
    [MinLength(1)]
    public IReadOnlyList<CarrierProfile> Carriers { get; init; } =
    [
        new()
        {
            Id = "kr.cjlogistics",
            Name = "CJ대한통운",
            MaxWeightGrams = 20_000,
            DeliveryDays = 1,
            RemoteDeliveryDays = 3,
        },
        new()
        {
            Id = "kr.hanjin",
            Name = "한진택배",
            MaxWeightGrams = 30_000,
            DeliveryDays = 2,
            RemoteDeliveryDays = 2,
        },
    ];

    /// <summary>
    /// The longest that a cancel can take when carriers answer at the last attempt: a registration in flight is waited
    /// for and looked up, then the waybill is cancelled. The saga's undo budget must cover it.
    /// </summary>
    public TimeSpan LongestUndo =>
        CallPatience + SettleAfter + (2 * ((AskAgain.MaxAttempts * CallPatience) + AskAgain.Longest()));

    /// <summary>The carrier with this id.</summary>
    /// <exception cref="InvalidOperationException">It is not configured (any more).</exception>
    public CarrierProfile Carrier(string id) =>
        Carriers.FirstOrDefault(c => c.Id == id)
        ?? throw new InvalidOperationException($"The carrier {id} is not configured, yet a shipment needs it.");

    /// <summary>Whether the destination is an island.</summary>
    public bool IsRemote(string postalCode) =>
        RemotePostalPrefixes.Any(p => postalCode.StartsWith(p, StringComparison.Ordinal));
}
