using System.Text.Json.Serialization;
using DoaMarket.Contracts;

namespace DoaMarket.Stats;

/// <summary>
/// Figures that add up: over orders, over days, over sellers. Everything counts on the Seoul day on which it happened: an
/// order when it was placed, money when it was captured, a refund when it was made. So no day's figures change after it
/// but by what arrives late, and a refund lowers the day of the refund, as in a shop's books.
/// </summary>
public sealed record Figures
{
    /// <summary>Nothing.</summary>
    public static readonly Figures Zero = new();

    /// <summary>Orders placed.</summary>
    public long Orders { get; init; }

    /// <summary>Orders whose money was captured.</summary>
    public long PaidOrders { get; init; }

    /// <summary>Money captured.</summary>
    public Money Gross { get; init; }

    /// <summary>Money given back.</summary>
    public Money Refunded { get; init; }

    /// <summary>Orders cancelled.</summary>
    public long CancelledOrders { get; init; }

    /// <summary>Orders returned.</summary>
    public long ReturnedOrders { get; init; }

    /// <summary>Sagas that came through: the parcel is prepared.</summary>
    public long SagasSucceeded { get; init; }

    /// <summary>Sagas that were undone without having come through.</summary>
    public long SagasFailed { get; init; }

    /// <summary>Sagas that had come through and were undone later: a cancel or a return.</summary>
    public long SagasUndone { get; init; }

    /// <summary>From placing to coming through.</summary>
    public Durations SuccessTook { get; init; } = Durations.None;

    /// <summary>From placing to being undone, of sagas that failed.</summary>
    public Durations FailureTook { get; init; } = Durations.None;

    /// <summary>Captured less given back.</summary>
    [JsonIgnore]
    public Money Net => Gross - Refunded;

    /// <summary>Adds another's, <paramref name="times"/> 1, or takes them out, −1.</summary>
    public Figures Plus(Figures other, int times = 1) => new()
    {
        Orders = Orders + (times * other.Orders),
        PaidOrders = PaidOrders + (times * other.PaidOrders),
        Gross = Gross + (other.Gross * times),
        Refunded = Refunded + (other.Refunded * times),
        CancelledOrders = CancelledOrders + (times * other.CancelledOrders),
        ReturnedOrders = ReturnedOrders + (times * other.ReturnedOrders),
        SagasSucceeded = SagasSucceeded + (times * other.SagasSucceeded),
        SagasFailed = SagasFailed + (times * other.SagasFailed),
        SagasUndone = SagasUndone + (times * other.SagasUndone),
        SuccessTook = SuccessTook.Plus(other.SuccessTook, times),
        FailureTook = FailureTook.Plus(other.FailureTook, times),
    };
}

/// <summary>Which figures: of a day, of the whole shop or of one seller.</summary>
/// <param name="Day">The day in Seoul.</param>
/// <param name="SellerId">The seller; null for the whole shop.</param>
public readonly record struct FiguresKey(DateOnly Day, SellerId? SellerId);

/// <summary>One day's figures: one document for the shop and one per seller, whatever the traffic.</summary>
/// <param name="Generation">Which rebuild it belongs to; an older one's is as good as absent.</param>
/// <param name="Day">The day in Seoul.</param>
/// <param name="SellerId">The seller; null for the whole shop.</param>
/// <param name="Figures">The figures.</param>
public sealed record DayFigures(long Generation, DateOnly Day, SellerId? SellerId, Figures Figures);
