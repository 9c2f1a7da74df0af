using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Sagas;

namespace DoaMarket.Simulation;

/// <summary>Operators: they look now and then, and set right what waits for a person.</summary>
internal sealed class Operators(World world)
{
    /// <summary>
    /// Tries with one letter or one saga while the world is broken. What does not help so often they leave until it is
    /// healed: days of trying again show nothing new, and would be most of a world's life.
    /// </summary>
    private const int MaxTriesWhileBroken = 6;

    /// <summary>Tries with one parked document. What sleeps on then will be told of by the audit.</summary>
    private const int MaxWakes = 50;

    private static readonly TimeSpan LongestBreak = TimeSpan.FromMinutes(20);
    private readonly Dictionary<(Guid Id, string Service), int> _deadLetters = [];
    private readonly Dictionary<Guid, int> _tries = [];
    private readonly Dictionary<(string Service, string Document), int> _wakes = [];
    private bool _comesAgain;

    /// <summary>A message was given up, once more if its redrive did not help.</summary>
    public void Notice(Settlement.Dead dead, string service)
    {
        var letter = (DerivedId.From(dead.Delivery.EventId.Value, dead.Delivery.Queue), service);
        _deadLetters[letter] = _deadLetters.GetValueOrDefault(letter) + 1;
    }

    /// <summary>Looks once; while the world is broken, again and again.</summary>
    public void Look()
    {
        foreach (var letter in _deadLetters.Keys.ToList())
        {
            if (!MayTry(letter.Id) || (world.IsBroken && world.Chance.OneIn(2)))
            {
                continue;
            }

            Redrive(letter);
            if (world.Chance.OneIn(4))
            {
                Redrive(letter);
            }
        }

        foreach (var saga in world.Guard.InNeed.Where(s => MayTry(s.Saga.SagaId.Value)).ToList())
        {
            Intervene(saga);
        }

        foreach (var parked in world.Guard.Parked.Where(p => _wakes.GetValueOrDefault(p) < MaxWakes).ToList())
        {
            Wake(parked.Service, parked.Document);
        }

        world.Accounting.Look();
        if (world.Hits(Fault.StockAdjusted, FlowStep.Reserve))
        {
            var adjust = new AdjustStock(Customers.Scarce, null, world.Chance.Below(9) - 3, "counted again");
            world.Ask(ShopTopology.Inventory, adjust, static _ => { }, static () => { });
        }

        if (world.IsBroken || _deadLetters.Count > 0 || world.Guard.Parked.Any(p => _wakes.GetValueOrDefault(p) < MaxWakes))
        {
            Again();
        }
    }

    /// <summary>Comes back after a break. They come once, however often they are called meanwhile.</summary>
    public void Again()
    {
        if (_comesAgain)
        {
            return;
        }

        _comesAgain = true;
        world.At(world.Clock.Now + world.Chance.Between(TimeSpan.FromSeconds(30), LongestBreak), () =>
        {
            _comesAgain = false;
            Look();
        });
    }

    private void Count(Guid tried) => _tries[tried] = _tries.GetValueOrDefault(tried) + 1;

    private bool MayTry(Guid what) => !world.IsBroken || _tries.GetValueOrDefault(what) < MaxTriesWhileBroken;

    // Until it is durable the letter stays on the list: the process may end before. It stays, too, when it has died again
    // before anybody could say that it was sent.
    private void Redrive((Guid Id, string Service) letter)
    {
        var deaths = _deadLetters[letter];
        Count(letter.Id);
        world.Hit(Fault.Redrive, FaultCells.StepOf(letter.Service));
        world.Redrive(letter.Id, letter.Service, () =>
        {
            if (_deadLetters.GetValueOrDefault(letter) == deaths)
            {
                _deadLetters.Remove(letter);
            }

            if (world.Chance.OneIn(3))
            {
                world.At(world.Clock.Now + world.Chance.Between(TimeSpan.FromSeconds(1), LongestBreak), () =>
                {
                    world.Hit(Fault.RedriveLate, FaultCells.StepOf(letter.Service));
                    world.Redrive(letter.Id, letter.Service, static () => { });
                });
            }
        });
    }

    private void Wake(string service, string document)
    {
        _wakes[(service, document)] = _wakes.GetValueOrDefault((service, document)) + 1;
        world.Hit(Fault.WakeParked, FaultCells.StepOf(service));
        world.Tell(document, "an operator wakes it");
        world.Ask(service, new WakeDocument(document, "mended"), static _ => { }, static () => { });
    }

    // Whoever has one list before them does not see what a colleague does from the other.
    private void RedriveLettersOf(OrderId order)
    {
        var letters = world.Bench.Database.Read(session => session.Query(
            """
            SELECT l.id, l.source_queue FROM failed_messages l JOIN messages m ON m.event_id = l.event_id
            WHERE m.subject = $1 ORDER BY l.id
            """,
            row => (Id: row.Id(0), Queue: row.Text(1)), order.ToString()));
        foreach (var letter in letters)
        {
            world.Hit(Fault.RedriveRacingRetry, FlowStep.Pay);
            world.Redrive(
                letter.Id, ShopTopology.Topology.Queues.First(q => q.Queue == letter.Queue).Service, static () => { });
        }
    }

    // Another amount at the PG is not mended by trying again, nor is a parcel that is lost. Operators at times believe it
    // lost when it is not.
    private void Intervene(InNeed saga)
    {
        var step = saga.Saga.CurrentStep!;
        Count(saga.Saga.SagaId.Value);
        var isOtherAmount = step == OrderFlow.ProcessPayment
            && world.Guard.PaymentOf(saga.OrderId) is { AmountAtPg: not null };
        var isLost = step == OrderFlow.PrepareShipping && world.Carriers.HasLost(saga.OrderId);
        if (isOtherAmount || isLost || world.Hits(Fault.OperatorResolve, FlowStep.Pay))
        {
            isLost |= step == OrderFlow.PrepareShipping && world.Chance.OneIn(2);
            var settlement = new ManualSettlement("settled by hand", Restock: !isLost);
            world.Tell(saga.OrderId, $"an operator settles {step} by hand{(isLost ? ": the goods are lost" : "")}");
            world.Ask(
                ShopTopology.Orders, new SagaResolve(saga.Saga.SagaId, step, settlement), static _ => { },
                static () => { });
        }
        else if (!world.IsBroken || world.Hits(Fault.OperatorRetry, FlowStep.Pay))
        {
            world.Hit(Fault.OperatorRetry, FlowStep.Pay);
            world.Tell(saga.OrderId, $"an operator has {step} tried again");
            world.Ask(
                ShopTopology.Orders, new SagaRetry(saga.Saga.SagaId, "tried again"), static _ => { }, static () => { });
            RedriveLettersOf(saga.OrderId);
        }
    }
}
