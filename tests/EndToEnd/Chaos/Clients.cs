using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd.Chaos;

/// <summary>
/// Customers who place orders at a bounded rate, repeat what was cut off under the same key, and change their minds. What
/// they are promised goes into the journal; an answer that no fault excuses is a violation.
/// </summary>
internal sealed class Clients(Shop shop, ClientJournal journal, int seed)
{
    private const int People = 20, AtOnceMax = 16, LooksMax = 200;
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, Person> _people = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly Random _random = new(seed);
    private int _cutOff, _busy;

    /// <summary>Requests that were cut off: by the process's end, or because no answer came in time.</summary>
    public int CutOff => Volatile.Read(ref _cutOff);

    /// <summary>Requests that were answered 503.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>Answers that must not be.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>Places orders until stopped, then finishes what has begun.</summary>
    public async Task Run(CancellationToken stop)
    {
        using var free = new SemaphoreSlim(AtOnceMax);
        using var timer = new PeriodicTimer(Between);
        var visits = new List<Task>();
        for (var number = 0; await Ticks(timer, stop);)
        {
            if (free.Wait(0, CancellationToken.None))
            {
                visits.Add(Visit(number++, free));
            }
        }

        await Task.WhenAll(visits);
    }

    private static async Task<bool> Ticks(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task Visit(int number, SemaphoreSlim free)
    {
        var (wish, user, key) = (Wish.Of(number), $"chaos-u{number % People}", $"chaos-{number}");
        try
        {
            var order = await Place(user, key, wish);
            await Do(wish.Deed, user, key, order, wish);
        }
        catch (Exception wrong)
        {
            _violations.Enqueue($"client {number} ({wish.Name}): {wrong.Message}");
        }
        finally
        {
            free.Release();
        }
    }

    private async Task<string> Place(string user, string key, Wish wish)
    {
        var answer = await Ask(user, p => p.Post("orders", wish.Body.DeepClone(), ("Idempotency-Key", key)));
        var order = answer.Expect(201).Data;
        journal.Write(new(
            order.Text("orderId"), "placed", user, key, Promise.HashOf(wish.Body), order.Won("totalAmount")));
        return order.Text("orderId");
    }

    private async Task Do(Deed deed, string user, string key, string order, Wish wish)
    {
        switch (deed)
        {
            case Deed.SubmitTwice:
                var again = await Task.WhenAll(Place(user, key, wish), Place(user, key, wish));
                Assert.Equal([order, order], again);
                break;
            case Deed.SubmitChanged:
                var changed = wish.Body.DeepClone();
                changed["deliveryMemo"] = "문 앞";
                (await Ask(user, p => p.Post("orders", changed.DeepClone(), ("Idempotency-Key", key)))).Expect(422);
                break;
            case Deed.CancelAtOnce:
                await Cancel(user, order);
                break;
            case Deed.CancelSoon:
                await Task.Delay(Next(1_500));
                await Cancel(user, order);
                break;
            case Deed.CancelLines:
                if (await Reaches(user, order, "preparing"))
                {
                    await CancelLines(user, key, order);
                }

                break;
            case Deed.SendBack:
                if (await Reaches(user, order, "shipped"))
                {
                    await Cancel(user, order);
                }

                break;
        }
    }

    private async Task Cancel(string user, string order)
    {
        var body = new JsonObject { ["reason"] = "단순 변심" };
        var answer = await Ask(user, p => p.Post($"orders/{order}/cancel", body.DeepClone()));
        if (answer.Status is 200 or 202)
        {
            journal.Write(new(order, "cancel", user, "-", Promise.HashOf(body), 0));
            return;
        }

        Assert.Equal((409, "ALREADY_DELIVERED"), (answer.Status, answer.Code));
    }

    private async Task CancelLines(string user, string key, string order)
    {
        var body = Person.CancelItemsBody(Wish.GivenUp);
        var answer = await Ask(
            user, p => p.Post($"orders/{order}/cancel-items", body.DeepClone(), ("Idempotency-Key", key + "-lines")));
        if (answer.Status != 202)
        {
            Assert.Equal((409, "ALREADY_DISPATCHED"), (answer.Status, answer.Code));
            return;
        }

        journal.Write(new(
            order, "amend", user, answer.Data.Text("amendId"), Promise.HashOf(body), answer.Data.Won("refundAmount")));
    }

    private async Task<bool> Reaches(string user, string order, string status)
    {
        for (var i = 0; i < LooksMax; i++)
        {
            var now = (await Ask(user, p => p.Get($"orders/{order}"))).Expect(200).Data.Text("status");
            if (now == status || now is "delivered" or "cancelled" or "returned")
            {
                return now == status;
            }

            await Task.Delay(LookAgainAfter);
        }

        return false;
    }

    /// <summary>Asks until there is an answer: what was cut off may have been taken, and is asked for again.</summary>
    private async Task<Answer> Ask(string user, Func<Person, Task<Answer>> ask)
    {
        while (true)
        {
            try
            {
                var person = _people.GetValueOrDefault(user) ?? (_people[user] = await shop.Customer(user));
                var answer = await ask(person.At(AnyNode()));
                switch (answer.Status)
                {
                    case 503:
                        Interlocked.Increment(ref _busy);
                        Assert.NotNull(answer.Code);
                        break;
                    case 502: // one process was asked by another, and ended
                        Assert.Equal("OUTCOME_UNKNOWN", answer.Code);
                        Interlocked.Increment(ref _cutOff);
                        break;
                    case 401:
                        _people.TryRemove(user, out _); // by the shop's clock the token is too old, or too young
                        break;
                    default:
                        return answer;
                }
            }
            catch (Exception cut) when (cut is HttpRequestException or TaskCanceledException)
            {
                if (cut.InnerException is not SocketException { SocketErrorCode: SocketError.ConnectionRefused })
                {
                    Interlocked.Increment(ref _cutOff);
                }
            }

            await Task.Delay(AskAgainAfter);
        }
    }

    // As whatever spreads requests over processes would, that does not know which of them are there.
    private Node AnyNode()
    {
        lock (_random)
        {
            return shop.Nodes[_random.Next(shop.Nodes.Count)];
        }
    }

    private TimeSpan Next(int maxMs)
    {
        lock (_random)
        {
            return TimeSpan.FromMilliseconds(_random.Next(maxMs));
        }
    }
}
