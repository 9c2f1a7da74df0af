using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>The process is killed in the middle of its work: after each restart it goes on where it was.</summary>
public sealed class CrashTests
{
    private const int Orders = 500, Clients = 8;

    private static readonly int[] KilledAfter = [100, 250, 400]; // orders accepted
    private static readonly TimeSpan EverythingWithin = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Five_hundred_orders_survive_three_kills_and_every_accepted_one_comes_to_its_end()
    {
        await using var shop = await Shop.Open(Pace.Enduring);
        var customer = await shop.Customer();
        var ledger = new ClientLedger(Path.Combine(shop.Data, "client.txt"));
        using var giveUp = new CancellationTokenSource(EverythingWithin);
        var cutOff = 0; // counted roughly: clients count at once
        var killing = KillAndRestart(shop, ledger, giveUp.Token);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Orders),
            new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = giveUp.Token },
            async (number, stop) => ledger.Write(number,
                await PlaceUntilAnswered(customer, number, () => cutOff++, stop)));
        await killing;
        Assert.True(cutOff > 0, "No client was cut off: the kills came when nothing was under way.");

        var promised = ledger.Read();
        Assert.Equal(Orders, promised.Count);
        Assert.Equal(Orders, promised.Select(p => p.OrderId).Distinct(StringComparer.Ordinal).Count());
        foreach (var (_, orderId) in promised)
        {
            await Eventually.Is(
                $"the end of order {orderId}",
                async () => (await customer.Get($"orders/{orderId}")).Expect(200).Data.Text("status"),
                status => status is "delivered" or "cancelled");
        }

        Assert.Equal(Orders, await CountOrders(customer));
        await AssertNothingOpen(shop);
        await AssertMoneyIsRight(shop, customer, promised);
        await shop.AssertAudited();
    }

    private static async Task KillAndRestart(Shop shop, ClientLedger ledger, CancellationToken stop)
    {
        foreach (var count in KilledAfter)
        {
            await ledger.Reached(count).WaitAsync(stop);
            await shop.Kill();
            await shop.Start();
        }
    }

    /// <summary>A client that does not know whether its order was taken asks again under the same key.</summary>
    private static async Task<string> PlaceUntilAnswered(Person customer, int number, Action cutOff,
        CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                var answer = await Person.Patiently(
                    () => customer.Post("orders", FormOf(number).Json(), ("Idempotency-Key", $"crash-{number}")));
                return answer.Expect(201).Data.Text("orderId");
            }
            catch (HttpRequestException)
            {
                cutOff();
                await Task.Delay(TimeSpan.FromMilliseconds(100), stop); // killed: it comes back
            }
        }
    }

    private static OrderForm FormOf(int number) => (number % 10) switch
    {
        0 => new OrderForm("bk_declined"),
        1 => new OrderForm { PostalCode = "00001" },
        2 => new OrderForm { ProductId = "P-2001" },
        3 => new OrderForm("bk_refund_fails_twice") { PostalCode = "00001" },
        4 when number % 50 == 4 => new OrderForm("bk_timeout_then_success"),
        // surely under way when the process is killed
        _ => new OrderForm(),
    };

    private static bool IsToBeDelivered(int number) => number % 10 > 3;

    private static async Task<int> CountOrders(Person customer)
    {
        var count = 0;
        string? cursor = "";
        while (cursor is not null)
        {
            var page = (await customer.Get($"orders?limit=100&cursor={Uri.EscapeDataString(cursor)}")).Expect(200);
            count += page.List.Count;
            cursor = page.Json!["meta"]!["nextCursor"]?.GetValue<string>();
        }

        return count;
    }

    private static async Task AssertNothingOpen(Shop shop)
    {
        var person = await shop.Operator();
        foreach (var status in new[] { "in_progress", "compensating", "needs_attention" })
        {
            Assert.Empty((await person.Get($"ops/sagas?status={status}")).Expect(200).List);
        }

        Assert.Empty((await person.Get("ops/dead-letters")).Expect(200).List);
        await Eventually.IsTrue("the queues to be empty", async () =>
            (await person.Get("ops/queues")).Expect(200).List.All(q => q.Int("waiting") == 0));
    }

    private static async Task AssertMoneyIsRight(Shop shop, Person customer,
        IReadOnlyList<(int Number, string OrderId)> promised)
    {
        foreach (var (number, orderId) in promised)
        {
            var order = (await customer.Get($"orders/{orderId}")).Expect(200).Data;
            var placed = new Placed(orderId, "", "", order.Won("totalAmount"));
            var expected = IsToBeDelivered(number) ? ("delivered", placed.Total) : ("cancelled", 0);
            var pg = await shop.Sandbox.Pg(placed);
            Assert.Equal((number, expected), (number, (order.Text("status"), pg.Net)));
            Assert.InRange(pg.Captures, 0, 1);
            Assert.InRange((await shop.Sandbox.Carriers(placed)).Waybills, 0, 1);
        }
    }

    /// <summary>What the client was promised: each line is on the disk before the next order is placed.</summary>
    private sealed class ClientLedger(string path)
    {
        private readonly Lock _gate = new();
        private readonly ConcurrentDictionary<int, TaskCompletionSource> _reached = new();
        private int _count;

        public Task Reached(int count)
        {
            lock (_gate)
            {
                var reached = _reached.GetOrAdd(count, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
                if (_count >= count)
                {
                    reached.TrySetResult();
                }

                return reached.Task;
            }
        }

        public void Write(int number, string orderId)
        {
            lock (_gate)
            {
                using (var file = new FileStream(path, FileMode.Append))
                {
                    file.Write(Encoding.UTF8.GetBytes($"{number} {orderId}\n"));
                    file.Flush(flushToDisk: true);
                }

                if (_reached.TryGetValue(++_count, out var reached))
                {
                    reached.TrySetResult();
                }
            }
        }

        public IReadOnlyList<(int Number, string OrderId)> Read() =>
            [.. File.ReadAllLines(path).Select(line => line.Split(' ')).Select(
                parts => (int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]))];
    }
}
