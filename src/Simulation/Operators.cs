using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Orders;

namespace DoaMarket.Simulation;

/// <summary>Operators: they look now and then, and set right what waits for a person.</summary>
internal sealed class Operators(World world)
{
    private static readonly TimeSpan LongestBreak = TimeSpan.FromMinutes(20);
    private readonly List<(Guid Id, string Service)> _deadLetters = [];

    /// <summary>A message was given up.</summary>
    public void Notice(Settlement.Dead dead, string service) => _deadLetters.Add(
        (DerivedId.From(dead.Delivery.EventId.Value, dead.Delivery.Queue), service));

    /// <summary>Whether something waits for them.</summary>
    public bool HasWork => _deadLetters.Count > 0 || world.Guard.InNeed.Any();

    /// <summary>Looks once; while the world is broken, again and again.</summary>
    public void Look()
    {
        foreach (var letter in _deadLetters.ToList())
        {
            if (world.IsBroken && world.Chance.OneIn(2))
            {
                continue;
            }

            Redrive(letter);
            if (world.Chance.OneIn(4))
            {
                Redrive(letter);
            }
        }

        foreach (var saga in world.Guard.InNeed.ToList())
        {
            Intervene(saga);
        }

        if (world.Hits(Fault.StockAdjusted, FlowStep.Reserve))
        {
            var adjust = new AdjustStock(Customers.Scarce, null, world.Chance.Below(9) - 3, "counted again");
            world.Ask(ShopTopology.Inventory, adjust, static _ => { }, static () => { });
        }

        if (world.IsBroken || _deadLetters.Count > 0)
        {
            Again();
        }
    }

    /// <summary>Comes back after a break.</summary>
    public void Again() => world.At(
        world.Clock.Now + world.Chance.Between(TimeSpan.FromSeconds(30), LongestBreak), Look);

    // Until it is durable the letter stays on the list: the process may end before.
    private void Redrive((Guid Id, string Service) letter)
    {
        world.Hit(Fault.Redrive, FaultCells.StepOf(letter.Service));
        world.Redrive(letter.Id, letter.Service, () => _deadLetters.Remove(letter));
    }

    private void Intervene(OrderSaga saga)
    {
        var step = saga.Saga.CurrentStep!;
        if (world.Hits(Fault.OperatorResolve, FlowStep.Pay))
        {
            world.Tell(saga.OrderId, $"an operator settles {step} by hand");
            world.Ask(
                ShopTopology.Orders, new SagaResolve(saga.Saga.SagaId, step, "settled by hand"), static _ => { },
                static () => { });
        }
        else if (!world.IsBroken || world.Hits(Fault.OperatorRetry, FlowStep.Pay))
        {
            world.Hit(Fault.OperatorRetry, FlowStep.Pay);
            world.Tell(saga.OrderId, $"an operator has {step} tried again");
            world.Ask(
                ShopTopology.Orders, new SagaRetry(saga.Saga.SagaId, "tried again"), static _ => { }, static () => { });
        }
    }
}
