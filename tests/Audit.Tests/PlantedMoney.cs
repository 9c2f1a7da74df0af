using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Payments;
using static DoaMarket.Audit.Tests.Stories;

namespace DoaMarket.Audit.Tests;

/// <summary>What can be wrong with parts that went back and with deposits.</summary>
internal static class PlantedMoney
{
    public static readonly IReadOnlyList<(string Code, string What, Action<Picture> Plant)> All =
    [
        .. Faults().Select(f => (f.Code, f.What, (Action<Picture>)(p => f.Plant(WithMoney(p))))),
    ];

    private static IEnumerable<(string Code, string What, Action<Picture> Plant)> Faults()
    {
        yield return ("M1", "more went back than partial cancel and operator approved", p => Approve(p, 4_949));
        yield return ("M2", "a partial cancel was approved and not all of it went back", p => Approve(p, 4_951));
        yield return ("M2", "an operator's refund was taken and never made", p => p.Change(
            PaymentKinds.Payments, PaymentOf(PartlyRefunded).ToString(), x => x with
            {
                Refunds =
                [
                    .. x.Refunds,
                    new(RefundOf(PartlyRefunded), RefundKind.Operator, new(500), "lost", 0, Picture.Noon),
                ],
            }));
        yield return ("M3", "the PG gave another part back than the ledger has", p =>
        {
            var i = p.PgBooks.FindIndex(r => r.OrderId == PartlyRefunded.ToString() && r.AmountWon == 1_000);
            p.PgBooks[i] = p.PgBooks[i] with { AmountWon = 1_001 };
        }
        );
        yield return ("M3", "the bank took a deposit back, and the ledger does not know", p =>
            p.PgBooks.Add(new(Delivered.ToString(), OraclePayment.Reversal, $"pk-{Delivered}", 12_900, null)));
        yield return ("M3", "the ledger has a deposit taken back that the PG still has", p =>
            p.PgBooks.RemoveAll(r => r.Kind == OraclePayment.Reversal));
        yield return ("O1", "a deposit was taken back and nobody was told", p =>
        {
            var told = p.Message(DepositTakenBack, "payment.deposit_reversed");
            p.Replace(DepositTakenBack, "order.cancelling", m => m with { CausationId = told.CausationId });
            p.Journal.Remove(told);
        }
        );
        yield return ("O1", "an account was announced twice", p => p.Tell(new AwaitingDeposit(
            DepositTakenBack, PaymentOf(DepositTakenBack), new(12_900), "우리", "1", Picture.Noon)));
    }

    private static void Approve(Picture p, long won) => p.Replace(
        PartlyRefunded, "payment.partial_refund_requested", m => m with
        {
            Body = m.Body.Replace("\"amount\":4950", $"\"amount\":{won}", StringComparison.Ordinal),
        });
}
