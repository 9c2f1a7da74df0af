using DoaMarket.Contracts;

namespace DoaMarket.Simulation;

/// <summary>Everything that a seed may let go wrong.</summary>
public enum Fault
{
    /// <summary>Transport: a message is delivered twice.</summary>
    Duplicate,

    /// <summary>Transport: messages overtake each other.</summary>
    Reorder,

    /// <summary>Transport: a message is late.</summary>
    Delay,

    /// <summary>Transport: a delivery is lost and comes again when its visibility has run out.</summary>
    Lose,

    /// <summary>Transport: the acknowledgement is lost, so the message comes again.</summary>
    LostAck,

    /// <summary>Transport: a message cannot be read, once or until it is a dead letter.</summary>
    Poison,

    /// <summary>A worker is slow.</summary>
    SlowConsumer,

    /// <summary>A worker is paused past its visibility.</summary>
    VisibilityExpiry,

    /// <summary>Two workers hold one message: one is past its visibility, and another handles it.</summary>
    TwoWorkers,

    /// <summary>Broker: it restarts; connections and what is in receivers' hands are lost.</summary>
    BrokerRestart,

    /// <summary>Broker: a message is published and not confirmed; it has arrived or not.</summary>
    PublishUnconfirmed,

    /// <summary>The process ends with a decision made and nothing written.</summary>
    CrashBeforeCommit,

    /// <summary>The process ends with everything written and nobody told.</summary>
    CrashAfterCommit,

    /// <summary>Broker: the process ends with messages committed and not published.</summary>
    CrashAfterCommitBeforePublish,

    /// <summary>Broker: the process ends with messages published and still in the outbox.</summary>
    CrashAfterPublishBeforeAck,

    /// <summary>The process ends before an outside call.</summary>
    CrashBeforeEffect,

    /// <summary>The process ends with an outside call made and its answer not taken in.</summary>
    CrashAfterEffect,

    /// <summary>The process is killed between two steps.</summary>
    Kill,

    /// <summary>The store is busy.</summary>
    StoreBusy,

    /// <summary>The store cannot put the transactions into an order: the commit is a conflict.</summary>
    StoreSerialization,

    /// <summary>The store ends a transaction that waits for another's documents while it loads: a deadlock.</summary>
    StoreDeadlock,

    /// <summary>The store refuses the data.</summary>
    StoreRefused,

    /// <summary>The commit is done and its answer lost.</summary>
    CommitUnknown,

    /// <summary>The connection breaks in the commit, which is not done; nobody can tell.</summary>
    CommitLost,

    /// <summary>The disk is full for a while.</summary>
    DiskFull,

    /// <summary>PG: the call never arrives.</summary>
    PgTimeout,

    /// <summary>PG: the call is carried out after its caller has given up.</summary>
    PgLateSuccess,

    /// <summary>PG: a charge is carried out when the shop has long been sure that it was not; only a webhook tells.</summary>
    PgTooLate,

    /// <summary>PG: carried out, the response lost.</summary>
    PgResponseLost,

    /// <summary>PG: 5xx.</summary>
    PgServerError,

    /// <summary>PG: the circuit is open.</summary>
    PgCircuitOpen,

    /// <summary>PG: it answers only when the hold of the stock has ended; time jumps.</summary>
    HoldEndsWhileCharging,

    /// <summary>PG: the card is declined.</summary>
    PgDecline,

    /// <summary>PG: nobody pays into a virtual account.</summary>
    PgNoDeposit,

    /// <summary>PG: the bank takes a deposit back.</summary>
    PgDepositReversed,

    /// <summary>PG: queries fail.</summary>
    PgQueryDown,

    /// <summary>PG: a refund is refused a few times, at times more often than the shop tries by itself.</summary>
    PgRefundRefused,

    /// <summary>PG: a refund is refused for ever.</summary>
    PgRefundNever,

    /// <summary>PG: it takes another sum than it was asked to.</summary>
    PgOtherAmount,

    /// <summary>PG: the webhook comes before the response.</summary>
    PgWebhookEarly,

    /// <summary>PG: the webhook comes twice.</summary>
    PgWebhookTwice,

    /// <summary>PG: somebody else sends a webhook about a payment.</summary>
    PgWebhookForged,

    /// <summary>PG: the webhook never comes.</summary>
    PgWebhookNever,

    /// <summary>Carrier: its circuit is open.</summary>
    CarrierDown,

    /// <summary>Carrier: the call never arrives.</summary>
    CarrierTimeout,

    /// <summary>Carrier: carried out, the response lost, so that it is registered twice.</summary>
    CarrierResponseLost,

    /// <summary>Carrier: carried out after its caller has given up.</summary>
    CarrierLateSuccess,

    /// <summary>Carrier: a registration reaches it twice.</summary>
    CarrierRegistersTwice,

    /// <summary>Carrier: it does not go to a parcel's new address.</summary>
    CarrierRefusesAddress,

    /// <summary>Carrier: a parcel cannot be delivered.</summary>
    CarrierGivesUp,

    /// <summary>Carrier: a parcel is lost on its way back.</summary>
    CarrierLosesParcel,

    /// <summary>Carrier: a callback is late.</summary>
    CallbackLate,

    /// <summary>Carrier: a callback comes after one that tells of what happened later.</summary>
    CallbackOvertaken,

    /// <summary>Carrier: a callback is repeated.</summary>
    CallbackRepeated,

    /// <summary>Carrier: a callback never comes.</summary>
    CallbackLost,

    /// <summary>A notification is deferred.</summary>
    NoticeDeferred,

    /// <summary>A notification is refused, at times since the address is gone.</summary>
    NoticeRefused,

    /// <summary>A notification is sent, and the answer lost.</summary>
    NoticeResponseLost,

    /// <summary>A channel's circuit is open.</summary>
    NoticeCircuitOpen,

    /// <summary>Time jumps, and timers are due in a burst.</summary>
    TimeJump,

    /// <summary>A customer cancels.</summary>
    Cancel,

    /// <summary>A customer cancels some lines.</summary>
    CancelItems,

    /// <summary>A customer has the parcel sent elsewhere.</summary>
    ChangeAddress,

    /// <summary>A customer submits twice.</summary>
    SubmitTwice,

    /// <summary>An operator redrives a dead letter, at times twice.</summary>
    Redrive,

    /// <summary>An operator redrives a letter once more, when it has long been handled.</summary>
    RedriveLate,

    /// <summary>An operator redrives an order's letters while another has its undo tried again.</summary>
    RedriveRacingRetry,

    /// <summary>An operator gives a part of a payment back, at times asking twice.</summary>
    OperatorRefund,

    /// <summary>An operator wakes a document that is parked.</summary>
    WakeParked,

    /// <summary>An operator has an undo tried again.</summary>
    OperatorRetry,

    /// <summary>An operator settles a step by hand.</summary>
    OperatorResolve,

    /// <summary>An operator corrects the stock.</summary>
    StockAdjusted,
}

/// <summary>The step of the order's flow in which something happens; each is one service's.</summary>
public enum FlowStep
{
    /// <summary>`create_order`: Orders.</summary>
    Create,

    /// <summary>`reserve_inventory`: Inventory.</summary>
    Reserve,

    /// <summary>`process_payment`: Payments.</summary>
    Pay,

    /// <summary>`prepare_shipping`: Shipping.</summary>
    Ship,

    /// <summary>`send_notifications`: Notifications.</summary>
    Notify,
}

/// <summary>Which steps each fault can hit: the cells that every run must have hit.</summary>
public static class FaultCells
{
    private static readonly FlowStep[] Everywhere = Enum.GetValues<FlowStep>();
    /// <summary>
    /// Faults that are not drawn: they come of others, people do it whenever there is occasion, or it happens in each plan.
    /// </summary>
    public static IReadOnlyList<Fault> NotDrawn { get; } =
    [
        Fault.TwoWorkers, Fault.CarrierLosesParcel, Fault.CallbackOvertaken, Fault.Redrive, Fault.RedriveLate, Fault.RedriveRacingRetry, Fault.WakeParked,
    ];

    private static readonly FlowStep[] Outside = [FlowStep.Pay, FlowStep.Ship, FlowStep.Notify];

    /// <summary>The step of a service.</summary>
    public static FlowStep StepOf(string service) => service switch
    {
        ShopTopology.Orders => FlowStep.Create,
        ShopTopology.Inventory => FlowStep.Reserve,
        ShopTopology.Payments => FlowStep.Pay,
        ShopTopology.Shipping => FlowStep.Ship,
        _ => FlowStep.Notify,
    };

    /// <summary>The step of a message's sender.</summary>
    public static FlowStep OfSource(string source) =>
        StepOf(ShopTopology.Topology.Queues.First(q => q.Source == source).Service);

    /// <summary>The steps that a fault can hit.</summary>
    public static IReadOnlyList<FlowStep> Of(Fault fault) => fault switch
    {
        <= Fault.CrashAfterPublishBeforeAck or Fault.Kill => Everywhere,
        Fault.CrashBeforeEffect or Fault.CrashAfterEffect => Outside,
        <= Fault.DiskFull => Everywhere,
        <= Fault.PgWebhookNever => [FlowStep.Pay],
        <= Fault.CallbackLost => [FlowStep.Ship],
        <= Fault.NoticeCircuitOpen => [FlowStep.Notify],
        Fault.TimeJump or Fault.SubmitTwice => [FlowStep.Create],
        Fault.CancelItems => [FlowStep.Notify],
        Fault.Cancel or Fault.ChangeAddress => [FlowStep.Reserve, FlowStep.Pay, FlowStep.Ship, FlowStep.Notify],
        Fault.Redrive or Fault.RedriveLate => Everywhere,

        // A reservation's only timer is the end of its hold: it seldom fires, and hardly ever fails so often.
        Fault.WakeParked => [FlowStep.Create, FlowStep.Pay, FlowStep.Ship, FlowStep.Notify],
        Fault.RedriveRacingRetry or Fault.OperatorRefund or Fault.OperatorRetry or Fault.OperatorResolve => [FlowStep.Pay],
        _ => [FlowStep.Reserve],
    };
}
