using System.Globalization;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>What the shop does with more than it can or will take.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task Too_many_requests_of_one_user_are_refused_with_429_and_those_of_others_are_not()
    {
        await using var shop = await Shop.Open(Pace.Holding.With(
            ("RateLimits:UserBurst", "5"), ("RateLimits:UserPerSecond", "1"),
            ("RateLimits:WebhookBurst", "2"), ("RateLimits:WebhookPerSecond", "1")));
        var (greedy, other) = (await shop.Customer(), await shop.Customer());

        var first = (await greedy.Get("orders")).Expect(200);
        Assert.Equal((5, 4, 1), (Number(first, "Limit"), Number(first, "Remaining"), Number(first, "Reset")));
        var refused = await UntilRefused(() => greedy.Get("orders"), atMost: 30);
        Assert.Equal("RATE_LIMITED", refused.Code);
        Assert.NotEmpty(refused.Json!["error"].Text("traceId"));
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal((5, 0), (Number(refused, "Limit"), Number(refused, "Remaining")));
        Assert.NotEmpty(refused.Headers.GetValues("X-Correlation-Id"));
        (await other.Get("orders")).Expect(200);

        var service = await Person.SignIn(shop, "bench", "service");
        for (var i = 0; i < 20; i++)
        {
            Assert.False((await service.Get("orders")).Expect(200).Headers.Contains("X-RateLimit-Limit"));
        }

        var callback = await UntilRefused(
            () => Person.Anonymous(shop).Send(HttpMethod.Post, "webhooks/carriers/cj", Person.Content("{}")), atMost: 20);
        Assert.Equal(2, Number(callback, "Limit"));
        (await Person.Anonymous(shop).Get("products")).Expect(200); // counted apart from callbacks
        await Eventually.IsTrue("the greedy one to be let in again", async () => (await greedy.Get("orders")).Status == 200);
    }

    [Fact]
    public async Task More_requests_than_may_wait_are_refused_with_503_and_nothing_of_them_happens()
    {
        await using var shop = await Shop.Open(Pace.Holding.With(
            ("Kernel:MaxRequestsWaiting", "2"), ("Kernel:MaxRequestsPerBatch", "1")));
        var customer = await shop.Customer();
        List<Task<Answer>> asked = [];
        Answer refused;
        using (PoisonedQueue.HoldWriting(shop))
        {
            // One is in hand, two may wait: nothing can be committed meanwhile.
            do
            {
                asked.Add(customer.Post("orders", new OrderForm().Json()));
                await Task.WhenAny(asked.Append(Task.Delay(
                    TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken)));
            }
            while (asked.TrueForAll(a => !a.IsCompleted) && asked.Count < 20);
            refused = await await Task.WhenAny(asked);
        }

        Assert.Equal("BUSY", refused.Expect(503).Code);
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        var answers = await Task.WhenAll(asked);
        var taken = answers.Where(a => a.Status == 201).Select(customer.Of).ToList();
        Assert.Equal(answers.Length, taken.Count + answers.Count(a => a.Status == 503));
        Assert.NotEmpty(taken);
        var listed = (await customer.Get("orders?limit=100")).Expect(200).List;
        Assert.Equal(taken.Select(o => o.OrderId).Order(), listed.Select(o => o.Text("orderId")).Order());
    }

    private static async Task<Answer> UntilRefused(Func<Task<Answer>> ask, int atMost)
    {
        for (var i = 0; i < atMost; i++)
        {
            if (await ask() is { Status: 429 } refused)
            {
                return refused;
            }
        }

        throw new InvalidOperationException($"{atMost} requests were let in.");
    }

    private static int Number(Answer answer, string name) =>
        int.Parse(answer.Headers.GetValues("X-RateLimit-" + name).Single(), CultureInfo.InvariantCulture);
}
