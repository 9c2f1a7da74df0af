using System.Globalization;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Payments;

namespace DoaMarket.Simulation;

/// <summary>Operators who give parts of payments back, and see to those that the PG refuses.</summary>
internal sealed class Accounting(World world)
{
    private static readonly UserId Operator = new("operator-1");
    private int _wishes;

    /// <summary>Something may be wrong with an order.</summary>
    public void MayGiveBack(OrderId order)
    {
        if (!world.Chance.PerMille(world.Plan.Rate(Fault.OperatorRefund)))
        {
            return;
        }

        var patience = world.Chance.Of([TimeSpan.FromSeconds(10), TimeSpan.FromHours(3), TimeSpan.FromDays(5)]);
        world.At(world.Clock.Now + world.Chance.UpTo(patience), () => GiveBack(order));
    }

    /// <summary>Has what the PG refused tried again, or settles it by hand.</summary>
    public void Look()
    {
        foreach (var payment in world.Guard.RefusedParts.ToList())
        {
            var part = payment.Refund!.Id;
            Request<RefundPartReply> wish = world.IsBroken && world.Chance.OneIn(3)
                ? new SettleRefund(payment.Id, part, "settled by hand")
                : new RetryRefund(payment.Id, part, "tried again");
            world.Tell(payment.OrderId, $"an operator: {wish}");
            world.Ask(ShopTopology.Payments, wish, static _ => { }, static () => { });
        }
    }

    private void GiveBack(OrderId order)
    {
        if (world.Guard.PaymentOf(order) is not { Refundable.Won: > 0 and var rest } payment)
        {
            return;
        }

        var won = world.Chance.OneIn(5) ? rest : 1 + world.Chance.Below((int)rest);
        var number = (++_wishes).ToString(CultureInfo.InvariantCulture);
        var wish = new RefundPart(
            payment.Id, new RefundId(DerivedId.From(order.Value, $"operator/{number}")), new Money(won), "흠집", Operator,
            world.Guard.IsDispatched(order));
        Ask(order, wish);
        if (world.Chance.OneIn(3))
        {
            world.At(world.Clock.Now + world.Chance.UpTo(TimeSpan.FromMinutes(2)), () => Ask(order, wish));
        }
    }

    private void Ask(OrderId order, RefundPart wish)
    {
        world.Hit(Fault.OperatorRefund, FlowStep.Pay);
        world.Tell(order, $"an operator gives {wish.Amount} back");
        world.Ask(ShopTopology.Payments, wish, static _ => { }, static () => { });
    }
}
