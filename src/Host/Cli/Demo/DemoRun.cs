using System.Diagnostics;
using System.Text.Json;
using DoaMarket.Host.Cli.Api;

namespace DoaMarket.Host.Cli.Demo;

/// <summary>Places the plan's orders and follows them to their end.</summary>
internal sealed class DemoRun(ApiClient api, DemoPlan plan)
{
    private const int AtOnceMax = 8;
    private const int PagesMax = 100;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly string[] Unfinished = ["in_progress", "compensating"];

    private readonly Stopwatch _watch = new();

    public DemoPlan Plan { get; } = plan;

    public TimeSpan Elapsed => _watch.Elapsed;

    /// <summary>How long the shop took to accept all orders; null until it has.</summary>
    public TimeSpan? PlacedWithin { get; private set; }

    /// <summary>How long it was until the last order was over; null until it was.</summary>
    public TimeSpan? OverWithin { get; private set; }

    /// <summary>Runs until every order is over, or until <paramref name="stop"/>.</summary>
    /// <param name="seen">Called after each look at the shop.</param>
    public async Task Go(Action seen, CancellationToken stop)
    {
        // Whatever ends this method also ends the placing, so that nothing goes on behind the report's back.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _watch.Start();
        var placing = PlaceAll(end.Token);
        try
        {
            while (!Plan.Orders.All(order => order.IsOver))
            {
                if (placing.IsFaulted)
                {
                    await placing;
                }

                await Look(end.Token);
                seen();
                await Task.Delay(LookEvery, end.Token);
            }

            OverWithin = _watch.Elapsed;
        }
        finally
        {
            await end.CancelAsync();
            // Its failure, if any, has been thrown above, or comes second to the one on its way.
            await placing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            seen();
        }
    }

    private async Task PlaceAll(CancellationToken stop)
    {
        await InParallel(Plan.Orders, Place, stop);
        PlacedWithin = _watch.Elapsed;
    }

    private async ValueTask Place(DemoOrder order, CancellationToken stop)
    {
        var body = OrderBody.Of(order.Lines, order.Scenario.BillingKey, order.Scenario.PostalCode);
        try
        {
            order.Placed(await api.Post(
                "orders", order.Customer, body, stop, ("Idempotency-Key", Guid.CreateVersion7().ToString())));
        }
        catch (ApiFailure failure)
        {
            order.Refused(failure);
            return;
        }

        if (order.Scenario.Cancel == CancelWhen.AtOnce)
        {
            await Cancel(order, stop);
        }
    }

    // Two short lists tell which sagas are at work; only those that left them are asked for one by one, once each.
    private async Task Look(CancellationToken stop)
    {
        var open = Plan.Orders.Where(order => order.Outcome == Outcome.InProgress).ToList();
        if (open.Count == 0)
        {
            return;
        }

        var atWork = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var status in Unfinished)
        {
            await Gather(status, atWork, stop);
        }

        await InParallel(open, (order, token) => Follow(order, atWork, token), stop);
    }

    private async Task Gather(string status, Dictionary<string, JsonElement> atWork, CancellationToken stop)
    {
        var first = $"ops/sagas?limit=100&status={status}";
        var path = first;
        for (var page = 0; page < PagesMax; page++)
        {
            var answer = await api.Get(path, Caller.Operator, stop);
            foreach (var saga in answer.Rows)
            {
                atWork[saga.Text("sagaId") ?? ""] = saga;
            }

            if (answer.NextCursor is not { } cursor)
            {
                return;
            }

            path = $"{first}&cursor={Uri.EscapeDataString(cursor)}";
        }
    }

    private async ValueTask Follow(DemoOrder order, Dictionary<string, JsonElement> atWork, CancellationToken stop)
    {
        var saga = atWork.TryGetValue(order.SagaId, out var listed)
            ? listed
            : (await api.Get($"ops/sagas/{order.SagaId}", Caller.Operator, stop)).Data;
        if (order.IsTimeToCancel(saga))
        {
            await Cancel(order, stop);
        }

        order.See(saga);
    }

    private async Task Cancel(DemoOrder order, CancellationToken stop)
    {
        try
        {
            await api.Post(
                $"orders/{order.OrderId}/cancel", order.Customer, new { reason = "changed my mind (demo)" }, stop);
            order.CancelAccepted();
        }
        catch (ApiFailure failure)
        {
            order.CancelRefused(failure);
        }
    }

    private static Task InParallel(
        IEnumerable<DemoOrder> orders, Func<DemoOrder, CancellationToken, ValueTask> work, CancellationToken stop) =>
        Parallel.ForEachAsync(
            orders, new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = stop }, work);
}
