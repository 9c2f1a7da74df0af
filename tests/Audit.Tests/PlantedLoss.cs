using System.Text;
using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Sagas;
using DoaMarket.Shipping;

namespace DoaMarket.Audit.Tests;

/// <summary>What can go wrong with goods that are lost on their way back, and with a settlement for less than is owed.</summary>
internal static class PlantedLoss
{
    private static readonly OrderId Order = Stories.Returned;
    private static readonly ReleaseRequested Release = new(Order, "undo");

    public static readonly IReadOnlyList<(string Code, string What, Action<Picture> Plant)> All =
    [
        ("S5", "goods that are lost were put back", p => Told(p, Release with { Restock = false })),
        ("S5", "goods that nobody called lost were written off", p =>
        {
            Lose(p);
            Told(p, Release);
        }),
        ("S5", "an operator said that the goods are lost, and they were put back", Settle),
        ("S5", "goods were written off and the ledger does not say so", p =>
        {
            Lose(p);
            p.Remove(InventoryKinds.StockLedger, $"{Order}/{StockReason.WrittenOff}");
        }),
        ("S4", "goods that are lost lie in stock", p =>
        {
            Lose(p);
            p.Change(InventoryKinds.StockItems, Stories.Item, item => item with { OnHand = 16 });
            p.Put(InventoryKinds.StockLedger, "found", new(
                new(Stories.Item), null, StockReason.Restocked, 2, 0, null, Picture.Noon));
        }),
        ("M1", "money stays with the shop and no operator decided that", p => Retain(p, 1, 12_899)),
        ("M1", "more stays with the shop than was not given back", p =>
        {
            SettleForLess(p);
            Retain(p, 7_901, 0);
        }),
        ("M2", "an operator settled for less, and even that did not go back", p =>
        {
            SettleForLess(p);
            Retain(p, 7_899, 0);
        }),
    ];

    /// <summary>The parcel of the returned order was lost on its way back: nothing of it is in stock.</summary>
    public static void Lose(Picture p)
    {
        Settle(p);
        Told(p, Release with { Restock = false });
        var released = new InventoryReleased(Order, []);
        Told(p, released);
        var restocked = p.Message(Order, "inventory.restocked");
        p.Journal.Remove(restocked);
        p.Replace(Order, "order.returned", m => m with { CausationId = restocked.CausationId });
        p.Remove(InventoryKinds.StockLedger, $"{Order}/{StockReason.Restocked}");
        p.Put(InventoryKinds.StockLedger, $"{Order}/{StockReason.WrittenOff}", new(
            new(Stories.Item), null, StockReason.WrittenOff, 0, 0, Order, Picture.Noon));
        p.Change(InventoryKinds.StockItems, Stories.Item, item => item with { OnHand = 14 });
        p.Change(InventoryKinds.Reservations, Order, r => r with
        {
            Status = ReservationStatus.WrittenOff,
            ReleaseAnswer = r.ReleaseAnswer! with { Released = released },
        });
    }

    /// <summary>Of the cancelled order an operator gave back 5,000 by hand, and that was all.</summary>
    public static void SettleForLess(Picture p)
    {
        var (id, key) = (Stories.Cancelled, Stories.PaymentOf(Stories.Cancelled));
        p.Tell(new PaymentResolveRequested(id, "agreed by phone", new(5_000), RefundId: null), begins: true);
        p.PgBooks.RemoveAll(r => r.OrderId == id.ToString() && r.Kind == OraclePayment.Cancel);
        p.Change(PaymentKinds.Ledger, $"{key}/{Stories.RefundOf(id)}", r => r with
        {
            Reason = LedgerReason.SettledByHand,
            Amount = new(-5_000),
        });
        Told(p, new PaymentRefunded(id, key, Stories.RefundOf(id), new(5_000), new(12_900), SettledByHand: true));
        p.Change(PaymentKinds.Payments, key.ToString(), x => x with
        {
            Refunded = Money.Zero,
            SettledByHand = new(5_000),
            SettlementReason = "agreed by phone",
            Retained = new(7_900),
        });
    }

    // Before the parcel's end was told, an operator settled it as lost.
    private static void Settle(Picture p)
    {
        p.Tell(new ShippingResolveRequested(Order, "lost by the carrier", Restock: false), begins: true);
        var received = p.Message(Order, "return.received");
        p.Replace(Order, "shipping.resolve_requested", m => m with
        {
            Sequence = received.Sequence - 5,
            Timestamp = received.Timestamp.AddSeconds(-5),
        });
        p.Change(ShippingKinds.Shipments, ShipmentId.Of(Order).ToString(), s => s with { SettledByHand = "lost by the carrier" });
        p.Change(OrderKinds.Sagas, Order, s => s with
        {
            Saga = s.Saga with
            {
                Steps =
                [
                    .. s.Saga.Steps.Select(step => step.Name == OrderFlow.PrepareShipping
                        ? step with { Settlement = new("lost by the carrier", Restock: false) }
                        : step),
                ],
            },
        });
    }

    private static void Retain(Picture p, long won, long refunded)
    {
        var (id, key) = (Stories.Cancelled, Stories.PaymentOf(Stories.Cancelled).ToString());
        p.Change(PaymentKinds.Payments, key, x => x with { Retained = new(won) });
        if (refunded > 0)
        {
            p.PgBooks.RemoveAll(r => r.OrderId == id.ToString() && r.Kind == OraclePayment.Cancel);
            p.PgBooks.Add(new(id.ToString(), OraclePayment.Cancel, $"pk-{id}", refunded, "another"));
            p.Change(PaymentKinds.Ledger, $"{key}/{Stories.RefundOf(id)}", r => r with { Amount = new(-refunded) });
            p.Change(PaymentKinds.Payments, key, x => x with { Refunded = new(refunded) });
            Told(p, new PaymentRefunded(
                id, Stories.PaymentOf(id), Stories.RefundOf(id), new(refunded), new(12_900), SettledByHand: false));
        }
    }

    private static void Told(Picture p, IOrderMessage message) => p.Replace(
        message.OrderId, ShopMessages.Catalog.Of(message).WireName,
        m => m with { Body = Encoding.UTF8.GetString(ShopMessages.Catalog.Write(message)) });
}
