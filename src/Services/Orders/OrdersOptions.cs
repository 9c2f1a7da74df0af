using System.ComponentModel.DataAnnotations;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>What a shop may set for its orders. Every default is the requirement's.</summary>
public sealed record OrdersOptions
{
    /// <summary>How long Inventory may take to hold the lines.</summary>
    public TimeSpan ReserveInventoryWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long Payments may take to charge.</summary>
    public TimeSpan ProcessPaymentWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long after a virtual account's due date the report of its deposit may take to come.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DepositGrace { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long Inventory may take to hold the lines for longer.</summary>
    public TimeSpan ExtendHoldWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long Shipping may take to register the parcel.</summary>
    public TimeSpan PrepareShippingWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a parcel that was handed over may take to come back.</summary>
    public TimeSpan ReturnWithin { get; init; } = TimeSpan.FromDays(21);

    /// <summary>Wait before an unanswered undo is sent the second time; it doubles with each attempt.</summary>
    public TimeSpan FirstUndoResend { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait between two attempts of an undo.</summary>
    public TimeSpan LongestUndoResend { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How often an undo is sent before a person is called. The default gives it 26 minutes at the least.
    /// </summary>
    [Range(2, 100)]
    public int UndoAttempts { get; init; } = 12;

    /// <summary>How long Shipping may take to take cancelled lines out of a parcel.</summary>
    public TimeSpan AmendShipmentWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often the refund and the release of a partial cancel are asked for before a person is called. The default
    /// gives them 26 minutes at the least.
    /// </summary>
    [Range(2, 100)]
    public int AmendAttempts { get; init; } = 12;

    /// <summary>How long an answer under an Idempotency-Key is kept; then the key may be used anew.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "366.00:00:00")]
    public TimeSpan IdempotencyRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Fee for a parcel, in won.</summary>
    [Range(0, 1_000_000)]
    public long ShippingFee { get; init; } = 3_000;

    /// <summary>From this total of the items on, in won, the parcel is free.</summary>
    [Range(0, long.MaxValue)]
    public long FreeShippingFrom { get; init; } = 50_000;

    /// <summary>
    /// How overdue a saga's timer may be before the watchdog reports it; more than a timer yields to older messages.
    /// </summary>
    public TimeSpan WatchdogPatience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Event streams that one user may have open; more are refused with 429.</summary>
    [Range(1, 10_000)]
    public int MaxEventStreamsPerUser { get; init; } = 10;

    /// <summary>Event streams that may be open in all; more are refused with 503.</summary>
    [Range(1, 100_000)]
    public int MaxEventStreams { get; init; } = 1_000;

    /// <summary>
    /// After so long without an event a stream shows that it lives; then also what other processes did is seen.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan EventStreamHeartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one stream lives; then its client resumes, with a token that is still good.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestEventStream { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How often the watchdog looks.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan WatchdogInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>When an unanswered undo is sent again.</summary>
    public Backoff UndoResends => new(FirstUndoResend, LongestUndoResend, UndoAttempts);

    /// <summary>When a step of a partial cancel after its pivot is asked again.</summary>
    public Backoff AmendRetries => new(FirstUndoResend, LongestUndoResend, AmendAttempts);

    /// <summary>What a parcel costs today.</summary>
    public ShippingTerms ShippingTerms => new(new(ShippingFee), new(FreeShippingFrom));
}

/// <summary>
/// The limits of the services that take part, against which the flow is checked when the process starts.
/// </summary>
public sealed record OrderParticipants(Participant Inventory, Participant Payments, Participant Shipping);
