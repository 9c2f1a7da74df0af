using System.Globalization;
using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>The process is killed while parts are given back and the ledger is compared: both go on where they were.</summary>
public sealed class RefundCrashTests
{
    private const int Orders = 40, Clients = 8, KilledAfter = 12;
    private const long Part = 1_000;

    private static readonly TimeSpan EverythingWithin = TimeSpan.FromMinutes(3);

    private static readonly Settings Pace = Harness.Pace.Enduring.With(
        ("Shipping:HoldBeforeDispatch", "01:00:00"), ("Payments:ReconcileYoung", "00:00:00"),
        ("Payments:ReconcileEvery", "00:00:00"));

    [Fact]
    public async Task Every_part_goes_back_once_and_the_reconciliation_ends_though_the_process_was_killed()
    {
        await using var shop = await Shop.Open(Pace);
        using var giveUp = new CancellationTokenSource(EverythingWithin);
        var customer = await shop.Customer();
        var person = await shop.Operator();
        var payments = await Prepared(customer);

        // Everything takes long enough to be under way when the process is killed.
        await shop.Sandbox.Slow("pg", "cancel", TimeSpan.FromMilliseconds(300));
        var endless = await shop.Sandbox.Fault("pg", "query", "slow", delayMs: 30_000); // the PG's list does not come
        var run = (await person.Post("ops/reconciliations", new JsonObject())).Expect(202).Data.Text("reconciliationId");
        var (accepted, cutOff) = (0, 0); // counted roughly: clients count at once
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var killing = Kill();
        await Parallel.ForEachAsync(
            payments.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = giveUp.Token },
            async (p, stop) => await RefundUntilDone(person, p.Item.Payment, p.Index, Accepted, () => cutOff++, stop));
        await killing;
        Assert.True(cutOff > 0, "No client was cut off: the kill came when nothing was under way.");

        var compared = await Eventually.Is(
            "the reconciliation to end",
            async () => (await person.Get($"ops/reconciliations/{run}")).Expect(200).Data,
            r => r.Text("status") is "completed" or "failed");
        Assert.Equal(("completed", 0), (compared.Text("status"), compared.List("differences").Count));
        foreach (var (order, payment) in payments)
        {
            Assert.Equal(new PgBooks(Captures: 1, Cancels: 1, Net: order.Total - Part), await shop.Sandbox.Pg(order));
            var shown = (await customer.Get($"payments/{payment}")).Expect(200).Data;
            Assert.Equal(("completed", Part), (shown["payment"].Text("status"), shown["payment"].Won("refunded")));
        }

        var after = await DoaProcess.Run(shop.Data, Pace, "reconcile", "--url", shop.Url);
        Assert.True(after.Code == 0, after.Output + after.Errors);
        await shop.AssertAudited();

        void Accepted()
        {
            if (++accepted >= KilledAfter)
            {
                killed.TrySetResult();
            }
        }

        async Task Kill()
        {
            await killed.Task.WaitAsync(giveUp.Token);
            await shop.Kill();
            Assert.Equal(1, shop.Database.Count("payments", "reconciliations", r => r.Text("status") == "reading_pg"));
            await shop.Start();
            await endless.DisposeAsync();
        }
    }

    private static async Task<IReadOnlyList<(Placed Order, string Payment)>> Prepared(Person customer)
    {
        var orders = new List<Placed>();
        for (var i = 0; i < Orders; i++)
        {
            orders.Add(await customer.Place(new OrderForm()));
        }

        foreach (var order in orders)
        {
            await customer.Until(order, "preparing");
        }

        var payments = (await customer.Get("payments?limit=100")).Expect(200).List
            .ToDictionary(p => p.Text("orderId"), p => p.Text("paymentId"), StringComparer.Ordinal);
        return [.. orders.Select(o => (o, payments[o.OrderId]))];
    }

    /// <summary>A client that does not know whether its refund was taken asks again under the same key.</summary>
    private static async Task RefundUntilDone(
        Person person, string payment, int number, Action accepted, Action cutOff, CancellationToken stop)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"refund-{number}");
        for (var isAccepted = false; ;)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                var answer = await Person.Patiently(() => person.Post(
                    $"payments/{payment}/refund", new JsonObject { ["amount"] = Part, ["reason"] = "파손" },
                    ("Idempotency-Key", key)));
                if (answer.Status == 200)
                {
                    return;
                }

                answer.Expect(202);
                if (!isAccepted)
                {
                    accepted();
                    isAccepted = true;
                }
            }
            catch (HttpRequestException)
            {
                cutOff(); // killed: it comes back
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
        }
    }
}
