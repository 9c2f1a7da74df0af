using DoaMarket.Contracts;
using DoaMarket.Orders;

namespace DoaMarket.Audit;

/// <summary>I1, X1: once per key, and nothing that was promised is missing.</summary>
internal static class RequestInvariants
{
    public static IEnumerable<AuditResult> Of(ShopRecords shop, IReadOnlyCollection<OrderId>? promised) =>
        [Keyed(shop), Promised(shop, promised)];

    private static AuditResult Keyed(ShopRecords shop)
    {
        var check = new Check("I1", "one Idempotency-Key of one user has made one order");
        var byOrder = new Dictionary<OrderId, string>();
        foreach (var (key, record) in shop.IdempotencyKeys)
        {
            check.Look();
            if (record.Answer is not { } answer)
            {
                check.LookAt(Amended(shop, key, record.Amend));
                continue;
            }

            var placed = shop.Find(answer.OrderId)?.Placed;
            if (placed is null || placed.Number != answer.OrderNumber)
            {
                check.Break(
                    $"key {key}: answered with order {answer.OrderId} ({answer.OrderNumber}), which there is not");
            }
            else if (!key.StartsWith(Uri.EscapeDataString(placed.UserId.Value) + "/", StringComparison.Ordinal))
            {
                check.Break($"key {key}: answered with order {answer.OrderId}, which belongs to {placed.UserId}");
            }

            if (!byOrder.TryAdd(answer.OrderId, key))
            {
                check.Break($"key {key}: answered with order {answer.OrderId}, as was {byOrder[answer.OrderId]}");
            }
        }

        return check.Result;
    }

    private static IEnumerable<string> Amended(ShopRecords shop, string key, AmendAccepted? answer)
    {
        if (answer is null || shop.Find(answer.OrderId)?.Amends.Any(a => a.State.Amend.AmendId == answer.AmendId) != true)
        {
            yield return $"key {key}: answered with partial cancel {answer?.AmendId.ToString() ?? "none"}, "
                + "which there is not";
        }
    }

    /// <summary>X1: those a client was promised, if it kept a list; and as many orders as numbers were given.</summary>
    private static AuditResult Promised(ShopRecords shop, IReadOnlyCollection<OrderId>? promised)
    {
        var check = new Check(
            "X1", "every order that was answered with 2xx is there"
                + (promised is null ? " (by the order numbers given: no client's list is at hand)" : ""));
        var days = shop.Orders.Select(o => o.Placed?.Number).OfType<string>().Select(DayOf).CountBy(day => day)
            .ToDictionary(StringComparer.Ordinal);
        foreach (var numbers in shop.Numbers)
        {
            check.Look();
            var there = days.GetValueOrDefault(numbers.Day);
            check.Expect(
                there == numbers.Last,
                () => $"day {numbers.Day}: {numbers.Last} numbers given, but {there} orders are there");
        }

        foreach (var (day, there) in days.Where(d => shop.Numbers.All(n => n.Day != d.Key)))
        {
            check.Break($"day {day}: {there} orders are there, but no numbers were given");
        }

        foreach (var (number, times) in shop.Orders.Select(o => o.Placed?.Number).OfType<string>()
            .CountBy(n => n, StringComparer.Ordinal).Where(n => n.Value > 1))
        {
            check.Break($"{times} orders have the number {number}");
        }

        foreach (var id in promised ?? [])
        {
            check.Look();
            check.Expect(
                shop.Find(id) is { Placed: not null, Saga: not null },
                () => $"order {id}: was promised, but there is none");
        }

        return check.Result;
    }

    private static string DayOf(string number) => number.Split('-') is [_, var day, _] ? day : number;
}
