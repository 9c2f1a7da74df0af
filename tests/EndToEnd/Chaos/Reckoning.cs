using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd.Chaos;

/// <summary>How many orders came to which end, and what is wrong.</summary>
internal sealed record Reckoned(int Placed, int Delivered, int Cancelled, int Compensated, int Returned, int PartlyCancelled,
    IReadOnlyList<string> Lost, IReadOnlyList<string> Violations)
{
    public override string ToString() =>
        $"orders {Placed}: delivered {Delivered}, cancelled by customers {Cancelled}, compensated {Compensated}, "
        + $"returned {Returned}, in part cancelled {PartlyCancelled}; lost {Lost.Count}, violations {Violations.Count}";
}

/// <summary>The end of a run: waits until nothing moves any more, and compares it with what clients were promised.</summary>
internal sealed class Reckoning(Shop shop, bool deadlinesPass)
{
    private const string Stock = "STOCK"; // LOW_STOCK and OUT_OF_STOCK tell of the demo's own shelf

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly string[] Ends = ["delivered", "cancelled", "returned"];
    private static readonly string[] MoneyMoves = ["pending", "awaiting_deposit", "refunding"];

    /// <summary>Waits until every order has come to its end and nothing waits anywhere.</summary>
    public async Task Rest(IEnumerable<string> users, TimeSpan within)
    {
        var until = DateTimeOffset.UtcNow + within;
        while (await Moving(users) is { } moving)
        {
            Assert.True(
                DateTimeOffset.UtcNow < until, $"After {within.TotalMinutes:0} minutes something still moves: {moving}");
            await Task.Delay(LookAgainAfter);
        }
    }

    /// <summary>Compares the shop, and the PG's own books, with the journal.</summary>
    public async Task<Reckoned> Of(IReadOnlyList<Promise> promises)
    {
        var (lost, violations) = (new List<string>(), new List<string>());
        var placed = promises.Where(p => p.What == "placed").ToLookup(p => p.OrderId, StringComparer.Ordinal);
        var later = promises.Where(p => p.What != "placed").ToLookup(p => p.OrderId, StringComparer.Ordinal);
        foreach (var twice in promises.Where(p => p.What == "placed").GroupBy(p => (p.UserId, p.Key))
            .Where(g => g.Select(p => p.OrderId).Distinct(StringComparer.Ordinal).Skip(1).Any()))
        {
            violations.Add($"{twice.Key} made {string.Join(" and ", twice.Select(p => p.OrderId).Distinct())}");
        }

        var orders = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var user in promises.Select(p => p.UserId).Distinct(StringComparer.Ordinal))
        {
            foreach (var order in await All(await shop.Customer(user), "orders"))
            {
                orders.Add(order.Text("orderId"), order);
            }
        }

        violations.AddRange(orders.Keys.Where(id => !placed.Contains(id)).Select(id => $"{id} was promised to nobody"));
        var (net, ends) = (await NetAtPg(), new List<(bool IsAsked, string Status)>());
        foreach (var promise in placed.Select(p => p.First()))
        {
            if (orders.GetValueOrDefault(promise.OrderId) is not { } order)
            {
                lost.Add(promise.ToString());
                continue;
            }

            var kept = later[promise.OrderId].ToList();
            ends.Add((kept.Exists(p => p.What == "cancel"), order.Text("status")));
            violations.AddRange(Wrong(promise, order, kept.Exists(p => p.What == "cancel")));
            var back = await Refunds(promise, kept, violations);
            var due = order.Text("status") == "delivered" ? promise.Won - back : 0;
            if (net.GetValueOrDefault(promise.OrderId) != due)
            {
                violations.Add($"{promise.OrderId}: the PG holds {net.GetValueOrDefault(promise.OrderId)}, not {due}");
            }
        }

        return new(
            ends.Count + lost.Count,
            ends.Count(e => e.Status == "delivered"),
            ends.Count(e => e is { IsAsked: true, Status: "cancelled" }),
            ends.Count(e => e is { IsAsked: false, Status: "cancelled" }),
            ends.Count(e => e.Status == "returned"),
            promises.Count(p => p.What == "amend"), lost, violations);
    }

    /// <summary>What still moves; null when nothing does.</summary>
    private async Task<string?> Moving(IEnumerable<string> users)
    {
        var person = await shop.Operator();
        foreach (var user in users)
        {
            var customer = await shop.Customer(user);
            if ((await All(customer, "orders")).FirstOrDefault(o => !Ends.Contains(o.Text("status"))) is { } order)
            {
                return order.ToJsonString();
            }

            if ((await All(customer, "payments")).FirstOrDefault(p => MoneyMoves.Contains(p.Text("status"))) is { } payment)
            {
                return payment.ToJsonString();
            }
        }

        foreach (var status in new[] { "in_progress", "compensating", "needs_attention" })
        {
            if ((await person.Get($"ops/sagas?status={status}")).Expect(200).List is [{ } saga, ..])
            {
                return saga.ToJsonString();
            }
        }

        if ((await person.Get("ops/dead-letters")).Expect(200).List is [{ } letter, ..])
        {
            return letter.ToJsonString();
        }

        var queue = (await person.Get("ops/queues")).Expect(200).List.FirstOrDefault(q => q.Int("waiting") > 0);
        var alert = (await AlertSeen.All(shop)).FirstOrDefault(
            a => a.Status == "open" && !a.Type.Contains(Stock, StringComparison.Ordinal));
        return queue?.ToJsonString() ?? alert?.ToString();
    }

    private IEnumerable<string> Wrong(Promise promise, JsonNode order, bool isCancelled)
    {
        var (status, total) = (order.Text("status"), order.Won("totalAmount"));
        var wish = Wish.Of(int.Parse(promise.Key.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture));
        var isGood = isCancelled
            ? status is "cancelled" or "returned"
            : wish.Ends.Contains(status) || (deadlinesPass && status == "cancelled");
        if (!isGood)
        {
            yield return $"{promise.OrderId} ({wish.Name}, {(isCancelled ? "cancel accepted" : "not cancelled")}) is {status}";
        }

        if (total != promise.Won)
        {
            yield return $"{promise.OrderId} comes to {total}, and {promise.Won} were promised";
        }

        if (promise.BodyHash != Promise.HashOf(wish.Body))
        {
            yield return $"{promise.OrderId} was promised for another body than was sent";
        }
    }

    /// <summary>What partial cancels gave back; those that were promised have come to an end.</summary>
    private async Task<long> Refunds(Promise promise, IReadOnlyList<Promise> kept, List<string> violations)
    {
        if (kept.FirstOrDefault(p => p.What == "amend") is not { } amend)
        {
            return 0;
        }

        var amends = (await (await shop.Customer(promise.UserId)).Get($"orders/{promise.OrderId}"))
            .Expect(200).Data.List("amends");
        var known = amends.SingleOrDefault(a => a.Text("amendId") == amend.Key);
        if (known is null || known.Text("status") is not ("completed" or "refused" or "covered_by_cancel")
            || known.Won("refundAmount") != amend.Won)
        {
            violations.Add($"{promise.OrderId}: partial cancel {amend.Key} is {known?.ToJsonString() ?? "gone"}");
        }

        return known?.Text("status") == "completed" ? amend.Won : 0;
    }

    private async Task<Dictionary<string, long>> NetAtPg()
    {
        var net = new Dictionary<string, long>(StringComparer.Ordinal);
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await shop.Sandbox.Books($"/oracle/payments?limit=1000&cursor={Uri.EscapeDataString(cursor)}");
            foreach (var row in page.List("items"))
            {
                net.Add(row.Text("orderId"), row.Won("net"));
            }

            cursor = page["nextCursor"]?.GetValue<string>();
        }

        return net;
    }

    private static async Task<IReadOnlyList<JsonNode>> All(Person person, string path)
    {
        var all = new List<JsonNode>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await person.Get($"{path}?limit=100&cursor={Uri.EscapeDataString(cursor)}")).Expect(200);
            all.AddRange(page.List.Select(row => row!));
            cursor = page.Json!["meta"]?["nextCursor"]?.GetValue<string>();
        }

        return all;
    }
}
