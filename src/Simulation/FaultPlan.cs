using System.Globalization;

namespace DoaMarket.Simulation;

/// <summary>
/// What one seed lets go wrong, and how often: each seed its own mix, so that rare combinations meet often.
/// </summary>
internal sealed class FaultPlan
{
    private static readonly Fault[] All = Enum.GetValues<Fault>();
    private static readonly int[] Rates = [4, 15, 50, 150]; // in a thousand
    private static readonly int[] CrashRates = [1, 3, 8];
    private static readonly int[] EffectCrashRates = [3, 10, 30];
    private const int ParcelLossRate = 400; // few parcels come back while the world is broken
    private static readonly int[] RareRates = [50, 150, 400]; // where there are few occasions
    private readonly int[] _perMille = new int[All.Length];

    private FaultPlan()
    {
    }

    /// <summary>Whether everything is healed at some moment and must then come to its end.</summary>
    public bool Heals { get; private init; }

    /// <summary>Whether nothing goes wrong from the beginning.</summary>
    public bool IsQuiet { get; private init; }

    /// <summary>Whether messages travel through a broker, or in the store's own database.</summary>
    public bool HasBroker { get; private init; }

    /// <summary>Workers of each service that run side by side.</summary>
    public int Workers { get; private init; } = 1;

    /// <summary>Messages taken into one batch.</summary>
    public int BatchSize { get; private init; } = 256;

    /// <summary>Documents and messages that one commit may hold.</summary>
    public int CommitSize { get; private init; } = 20_000;

    /// <summary>Calls that run at once at one gateway, and that wait.</summary>
    public (int AtOnce, int Waiting) Lanes { get; private init; } = (64, 64);

    /// <summary>Over which time customers come.</summary>
    public TimeSpan Arrivals { get; private init; } = TimeSpan.FromSeconds(30);

    /// <summary>Nothing goes wrong.</summary>
    public static FaultPlan None(bool hasBroker = false) =>
        new() { Heals = true, IsQuiet = true, HasBroker = hasBroker, Arrivals = TimeSpan.Zero };

    /// <summary>Draws a plan.</summary>
    public static FaultPlan Draw(Chance chance)
    {
        var plan = new FaultPlan
        {
            Heals = chance.OneIn(2),
            HasBroker = chance.OneIn(2),
            Workers = chance.OneIn(2) ? 1 : 2 + chance.Below(2),
            BatchSize = chance.Of([1, 4, 32, 256, 256, 256]),
            CommitSize = chance.OneIn(10) ? 12 : 20_000,
            Lanes = chance.OneIn(6) ? (2, 2) : (64, 64),
            Arrivals = chance.Of(
                [TimeSpan.Zero, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(20)]),
        };
        foreach (var fault in All.Except(FaultCells.NotDrawn))
        {
            if (chance.Below(100) < 30)
            {
                plan._perMille[(int)fault] = chance.Of(RatesOf(fault));
            }
        }

        // Without these there is little to see: people always act.
        plan._perMille[(int)Fault.Cancel] = chance.Of([0, 100, 300]);
        plan._perMille[(int)Fault.CancelItems] = chance.Of([0, 50, 200]);
        plan._perMille[(int)Fault.ChangeAddress] = chance.Of([0, 50, 200]);
        plan._perMille[(int)Fault.OperatorRefund] = chance.Of([0, 50, 200]);
        plan._perMille[(int)Fault.SubmitTwice] = chance.Of([0, 50, 200]);
        plan._perMille[(int)Fault.CarrierLosesParcel] = ParcelLossRate;
        return plan;
    }

    private static int[] RatesOf(Fault fault) => fault switch
    {
        Fault.CrashBeforeEffect or Fault.CrashAfterEffect => EffectCrashRates,
        >= Fault.CrashBeforeCommit and <= Fault.Kill or Fault.DiskFull or Fault.BrokerRestart => CrashRates,
        Fault.PgNoDeposit or Fault.PgTooLate or Fault.PgRefundRefused or Fault.PgRefundNever or Fault.PgWebhookForged
            or Fault.PgDepositReversed or Fault.CarrierGivesUp or Fault.CarrierRefusesAddress => RareRates,
        _ => Rates,
    };

    /// <summary>How often in a thousand.</summary>
    public int Rate(Fault fault) => _perMille[(int)fault];

    /// <summary>Sets how often, for tests of one fault.</summary>
    public FaultPlan With(Fault fault, int perMille)
    {
        _perMille[(int)fault] = perMille;
        return this;
    }

    /// <summary>From now on nothing goes wrong any more; people still act.</summary>
    public void Heal()
    {
        foreach (var fault in All.Where(f => f < Fault.TimeJump || f == Fault.TimeJump))
        {
            _perMille[(int)fault] = 0;
        }
    }

    /// <inheritdoc />
    public override string ToString()
    {
        var faults = All.Where(f => Rate(f) > 0)
            .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f} {Rate(f)}‰"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(Heals ? "heals" : "never heals")}, {(HasBroker ? "a broker" : "one database")}, {Workers} workers, batches of {BatchSize}, commits of {CommitSize}, "
            + $"lanes {Lanes.AtOnce}+{Lanes.Waiting}, arrivals over {Arrivals.TotalSeconds:0} s; ")
            + string.Join(", ", faults);
    }
}
