using System.Text;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Properties;
using FsCheck;
using FsCheck.Fluent;

namespace DoaMarket.Inventory.Tests;

/// <summary>
/// Whatever comes, in whatever order, once or again: the stock is what it is on paper, and S1 to S5 hold after every step
/// (the warehouse of these tests checks them itself).
/// </summary>
public sealed class StockClaimTests
{
    private const int Cases = 800, MostSteps = 50, Orders = 4;
    private static readonly string[] Items = ["P-1", "P-2", "P-unknown"];

    internal enum What
    {
        Reserve,
        Pay,
        Release,
        ReleaseLines,
        Extend,
        Timer,
        Wait,
        Adjust,
        Duplicate,
        AskAgain,
    }

    [Fact]
    public void The_stock_is_what_it_is_on_paper_whatever_comes()
    {
        var quantity = Gen.Choose(-1, 4);
        var step =
            from what in Gen.Frequency(
                (4, Gen.Constant(What.Reserve)), (7, Gen.Elements(Enum.GetValues<What>().Except([What.Reserve]))))
            from order in Gen.Choose(0, Orders - 1)
            from number in Gen.Choose(-3, 45)
            from first in quantity
            from second in quantity
            from unknown in Gen.Frequency((9, Gen.Constant(0)), (1, Gen.Choose(0, 2)))
            select new Step(what, order, number, first, second, unknown);
        var story = from steps in Gen.Choose(1, MostSteps) from all in step.ArrayOf(steps) select new Story(all);

        Claim.HoldsForAll(
            story, s => Claim.Smaller(s.Steps, m => m.Smaller()).Select(steps => new Story(steps)), Tell, Cases);
    }

    private static void Tell(Story story)
    {
        var warehouse = new Warehouse().With("P-1", 6, threshold: 2).With("P-2", 3);
        var model = new StockModel(warehouse.Now, warehouse.Options) { OnHand = { ["P-1"] = 6, ["P-2"] = 3 } };
        var both = new Both(warehouse, model, [.. Enumerable.Range(0, Orders).Select(_ => warehouse.NewOrder())]);
        for (var i = 0; i < story.Steps.Count; i++)
        {
            both.Make(story.Steps[i]);
            both.Compare($"after step {i + 1}, {story.Steps[i]}");
        }

        warehouse.Now += warehouse.Options.LongestHold;
        warehouse.FireDue();
        Assert.All(warehouse.Items, item => Assert.Equal(0, item.Reserved));
        EachOrderIsToldOneStory(warehouse);
    }

    // Each answer has one id and one content, however often it is sent, and no two answers contradict each other.
    private static void EachOrderIsToldOneStory(Warehouse warehouse)
    {
        foreach (var sameId in warehouse.Sent.GroupBy(sent => sent.EventId))
        {
            Assert.Single(sameId.Select(sent => Written(sent.Message)).Distinct(StringComparer.Ordinal));
            Assert.Single(sameId, sent => !sent.Again);
        }

        var news = warehouse.Sent.Where(sent => !sent.Again).Select(sent => sent.Message).OfType<IOrderMessage>();
        foreach (var order in news.GroupBy(message => message.OrderId))
        {
            var reserved = order.Count(m => m is InventoryReserved);
            Assert.True(reserved + order.Count(m => m is ReserveFailed) <= 1, "reserved and refused");
            Assert.True(order.Count(m => m is InventoryReleased) <= 1, "released twice");
            Assert.True(order.Count(m => m is InventoryCommitted or ReservationExpired) <= reserved, "sold and expired");
            var amends = order.OfType<LinesReleased>().ToList();
            Assert.Equal(amends.Count, amends.Select(m => m.AmendId).Distinct().Count());
            Assert.True(
                order.Count(m => m is InventoryRestocked)
                    <= amends.Count + order.Count(m => m is InventoryCommitted), "restocked too often");
        }
    }

    private static string Written(IMessage message) => Encoding.UTF8.GetString(ShopMessages.Catalog.Write(message));

    /// <summary>One step. What its numbers mean depends on what it is; all of them are smallest at zero.</summary>
    internal sealed record Step(What What, int Order, int Number, int First, int Second, int Unknown)
    {
        public StockLine[] Lines =>
        [
            .. new[] { ("P-1", First), ("P-2", Second), ("P-unknown", Unknown), ("P-1", First > 2 ? 1 : 0) }
                .Where(l => l.Item2 != 0).Select(l => Warehouse.Line(l.Item1, l.Item2)),
        ];

        public Dictionary<string, int> Wanted => Lines.GroupBy(l => l.ProductId.Value, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Any(l => l.Quantity < 1) ? -1 : g.Sum(l => l.Quantity), StringComparer.Ordinal);

        public override string ToString() =>
            $"{What} of order {Order}: {First} P-1, {Second} P-2, {Unknown} P-unknown; number {Number}";

        public IEnumerable<Step> Smaller()
        {
            if (Order != 0) { yield return this with { Order = 0 }; }
            if (Number != 0) { yield return this with { Number = Number / 2 }; }
            if (First != 0) { yield return this with { First = First / 2 }; }
            if (Second != 0) { yield return this with { Second = Second / 2 }; }
            if (Unknown != 0) { yield return this with { Unknown = 0 }; }
        }
    }

    internal sealed record Story(IReadOnlyList<Step> Steps)
    {
        public override string ToString() => string.Join('\n', Steps);
    }

    /// <summary>Makes each step in the service and on paper.</summary>
    private sealed class Both(Warehouse warehouse, StockModel model, OrderId[] orders)
    {
        private readonly List<(IOrderMessage Message, EventId Id, Action OnPaper)> _sent = [];

        public void Make(Step step)
        {
            var (order, number) = (orders[step.Order], step.Number);
            switch (step.What)
            {
                case What.Reserve:
                    var deadline = warehouse.Now.AddSeconds(number);
                    Send(
                        new ReserveRequested(order, step.Lines, deadline),
                        () => model.Reserve(step.Order, step.Wanted, isLate: model.Now > deadline));
                    break;
                case What.Pay:
                    Send(new PaymentCompleted(order, PaymentId.Of(order), "tx", new(1)), () => model.Pay(step.Order));
                    break;
                case What.Release:
                    var restock = step.Unknown == 0 || number >= 0; // lost now and then
                    Send(new ReleaseRequested(order, "r", restock), () => model.Release(step.Order, restock));
                    break;
                case What.ReleaseLines:
                    var amend = number & 1;
                    Send(
                        new ReleaseLinesRequested(order, new(DerivedId.From(order.Value, amend)), step.Lines, "r"),
                        () => model.ReleaseLines(step.Order, amend, GivenBack(step)));
                    break;
                case What.Extend:
                    var until = step.Unknown == 0 ? warehouse.Now.AddMinutes(number) : warehouse.Now.AddDays(number);
                    Send(new ExtendRequested(order, until), () => model.Extend(step.Order, until));
                    break;
                case What.Timer when warehouse.Reservation(order) is not null:
                    warehouse.Fire(order);
                    model.LookAtTimer(step.Order);
                    break;
                case What.Wait:
                    warehouse.Now += TimeSpan.FromMinutes(Math.Abs(number));
                    model.Now = warehouse.Now;
                    break;
                case What.Adjust:
                    var item = Items[step.Order % Items.Length];
                    warehouse.Adjust(item, number / 8);
                    model.Adjust(item, number / 8);
                    break;
                case What.Duplicate when _sent.Count > 0: // the very same message: nothing changes
                    var known = Earlier(number);
                    warehouse.Receive(known.Message, known.Id);
                    break;
                case What.AskAgain when _sent.Count > 0: // the same wish under another id
                    var again = Earlier(number);
                    Send(again.Message, again.OnPaper);
                    break;
            }
        }

        public void Compare(string when)
        {
            foreach (var item in warehouse.Items.Select(i => i.ProductId.Value))
            {
                var (onHand, reserved) = warehouse.Units(item);
                Assert.True(
                    (onHand, reserved) == (model.OnHand[item], model.ReservedOf(item)),
                    $"{item} is {onHand}/{reserved}, on paper {model.OnHand[item]}/{model.ReservedOf(item)}, {when}");
            }

            for (var order = 0; order < orders.Length; order++)
            {
                var reservation = warehouse.Reservation(orders[order]);
                Assert.True(
                    reservation?.Status == model.StatusOf(order),
                    $"order {order} is {reservation?.Status}, on paper {model.StatusOf(order)}, {when}");
                foreach (var item in Items)
                {
                    var left = reservation?.Remaining.Where(l => l.ProductId.Value == item).Sum(l => l.Reserved) ?? 0;
                    Assert.True(
                        left == model.LeftOf(order, item),
                        $"order {order} has {left} of {item}, on paper {model.LeftOf(order, item)}, {when}");
                }
            }
        }

        private static Dictionary<string, int> GivenBack(Step step) => step.Lines.Where(l => l.Quantity > 0)
            .GroupBy(l => l.ProductId.Value, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Sum(l => l.Quantity), StringComparer.Ordinal);

        private (IOrderMessage Message, EventId Id, Action OnPaper) Earlier(int back) =>
            _sent[^(1 + (Math.Abs(back) % _sent.Count))];

        private void Send(IOrderMessage message, Action onPaper)
        {
            var id = new EventId(warehouse.NextId());
            _sent.Add((message, id, onPaper));
            warehouse.Receive(message, id);
            onPaper();
        }
    }
}
