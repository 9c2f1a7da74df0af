using System.Text.Json.Nodes;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>What the PG's own books say of an order.</summary>
internal sealed record PgBooks(int Captures, int Cancels, long Net);

/// <summary>What the carriers' own books say of an order.</summary>
internal sealed record CarrierBooks(int Waybills, int LiveWaybills, int Dispatches, int Returns);

/// <summary>The sandbox's own interfaces: faults, parcels, and the books that can contradict the shop.</summary>
internal sealed class Sandbox(Shop shop)
{
    /// <summary>Adds a fault; it ends when it is disposed of.</summary>
    public async Task<IAsyncDisposable> Fault(JsonObject rule)
    {
        var answer = await Send(HttpMethod.Post, "/faults", rule);
        var id = answer.Expect(201).Json!["id"]!.GetValue<int>();
        return new Ending(async () =>
            Assert.Contains((await Send(HttpMethod.Delete, $"/faults/{id}")).Status, new[] { 200, 404 })); // 404: its times are used up
    }

    /// <summary>Refunds of an order that fail "for ever" work from now on.</summary>
    public async Task HealRefunds(Placed order) =>
        (await Send(HttpMethod.Post, "/faults/heal-refunds", new JsonObject { ["orderId"] = order.OrderId })).Expect(200);

    /// <summary>Parcels stand still until it is disposed of.</summary>
    public async Task<IAsyncDisposable> ParcelsStandStill()
    {
        await Move(false);
        return new Ending(() => Move(true));

        async Task Move(bool auto) =>
            (await Send(HttpMethod.Put, "/movement", new JsonObject { ["autoMove"] = auto })).Expect(200);
    }

    public async Task<PgBooks> Pg(Placed order)
    {
        var row = (await Send(HttpMethod.Get, $"/oracle/payments?orderId={order.OrderId}")).Expect(200).Json!["items"]!.AsArray().SingleOrDefault();
        return row is null
            ? new(0, 0, 0)
            : new(row["captures"]!.AsArray().Count, row["cancels"]!.AsArray().Count, row["net"]!.GetValue<long>());
    }

    public async Task<CarrierBooks> Carriers(Placed order)
    {
        var rows = (await Send(HttpMethod.Get, $"/oracle/parcels?orderId={order.OrderId}")).Expect(200).Json!["items"]!.AsArray();
        return new(
            rows.Sum(r => r!["waybills"]!.AsArray().Count), rows.Sum(r => r!["liveWaybills"]!.GetValue<int>()),
            rows.Sum(r => r!["dispatches"]!.AsArray().Count), rows.Sum(r => r!["returns"]!.AsArray().Count));
    }

    /// <summary>Subjects of the mails that a customer has got.</summary>
    public async Task<IReadOnlyList<string>> MailsTo(Person customer)
    {
        var inbox = (await Send(HttpMethod.Get, $"/inbox?channel=email&to={customer.UserId}@sandbox.doamarket.example")).Expect(200);
        return [.. inbox.Json!["items"]!.AsArray().Select(m => m!["subject"]!.GetValue<string>())];
    }

    public async Task<Answer> Send(HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, shop.Process.SandboxUrl.TrimEnd('/') + path)
        {
            Content = body is null ? null : Person.Content(body.ToJsonString()),
        };
        return await Answer.Of(await shop.Http.SendAsync(request));
    }

    private sealed class Ending(Func<Task> end) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await end();
    }
}
