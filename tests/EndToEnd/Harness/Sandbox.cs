using System.Text.Json.Nodes;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>What the PG's own books say of an order.</summary>
internal sealed record PgBooks(int Captures, int Cancels, long Net);

/// <summary>What the carriers' own books say of an order.</summary>
internal sealed record CarrierBooks(int Waybills, int LiveWaybills, int Dispatches, int Returns);

/// <summary>What the carriers' own books say of where a parcel goes.</summary>
internal sealed record AddressBooks(string PostalCode, IReadOnlyList<(string PostalCode, bool Taken)> Changes);

/// <summary>The sandbox's own interfaces: faults, parcels, and the books that can contradict the shop.</summary>
internal sealed class Sandbox(Shop shop)
{
    /// <summary>Adds a fault; it ends when it is disposed of.</summary>
    /// <param name="match">Part of an order id, key or address; null hits every call.</param>
    /// <param name="times">How many calls it hits; null hits all.</param>
    /// <param name="effect">Whether a call that times out is carried out.</param>
    /// <param name="probability">How likely a call is hit; null hits every one.</param>
    /// <param name="delayMs">How long a slow call takes.</param>
    public async Task<IAsyncDisposable> Fault(
        string target, string operation, string mode, string? match = null, int? times = null, bool? effect = null,
        double? probability = null, int? delayMs = null)
    {
        var rule = new JsonObject { ["target"] = target, ["operation"] = operation, ["mode"] = mode };
        rule.Add("match", match);
        rule.Add("times", times);
        rule.Add("effect", effect);
        rule.Add("probability", probability);
        rule.Add("delayMs", delayMs);
        foreach (var left in rule.Where(member => member.Value is null).ToList())
        {
            rule.Remove(left.Key);
        }

        var answer = await Send(HttpMethod.Post, "/faults", rule);
        var id = answer.Expect(201).Json.Int("id");
        return new Ending(async () =>
        {
            var ended = await Send(HttpMethod.Delete, $"/faults/{id}");
            Assert.Contains(ended.Status, new[] { 200, 404 }); // 404: its times are used up
        });
    }

    /// <summary>Refunds of an order that fail "for ever" work from now on.</summary>
    public async Task HealRefunds(Placed order) =>
        (await Send(HttpMethod.Post, "/faults/heal-refunds", new JsonObject { ["orderId"] = order.OrderId }))
            .Expect(200);

    /// <summary>Pays into an order's virtual account, lets the bank take it back, or ends its time.</summary>
    public async Task Account(Placed order, string deed) =>
        (await Send(HttpMethod.Post, $"/accounts/{order.OrderId}/{deed}")).Expect(200);

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
        var row = (await Get($"/oracle/payments?orderId={order.OrderId}")).List("items").SingleOrDefault();
        return row is null
            ? new(0, 0, 0)
            : new(row.List("captures").Count, row.List("cancels").Count, row.Won("net"));
    }

    public async Task<CarrierBooks> Carriers(Placed order)
    {
        var rows = (await Get($"/oracle/parcels?orderId={order.OrderId}")).List("items");
        return new(
            rows.Sum(r => r.List("waybills").Count), rows.Sum(r => r.Int("liveWaybills")),
            rows.Sum(r => r.List("dispatches").Count), rows.Sum(r => r.List("returns").Count));
    }

    /// <summary>Where the carriers take an order's parcel, and the changes that they were asked for.</summary>
    public async Task<AddressBooks> Addresses(Placed order)
    {
        var row = (await Get($"/oracle/parcels?orderId={order.OrderId}")).List("items").Single();
        return new(
            row.List("waybills").Single().Text("postalCode"),
            [.. row.List("addressChanges").Select(c => (c.Text("postalCode"), c!["taken"]!.GetValue<bool>()))]);
    }

    /// <summary>How often an operation was called, whatever came of it.</summary>
    public async Task<int> Calls(string target, string operation) =>
        (await Get("/oracle/calls")).List("items")
            .Where(c => c.Text("target") == target && c.Text("operation") == operation).Sum(c => c.Int("count"));

    /// <summary>Subjects of the mails that a customer has got.</summary>
    public async Task<IReadOnlyList<string>> MailsTo(Person customer)
    {
        var inbox = await Get($"/inbox?channel=email&to={customer.UserId}@sandbox.doamarket.example");
        return [.. inbox.List("items").Select(m => m.Text("subject"))];
    }

    /// <summary>What a person has got on a channel: subject and text, the newest first.</summary>
    public async Task<IReadOnlyList<string>> Inbox(string channel, string to)
    {
        var inbox = await Get($"/inbox?channel={channel}&to={Uri.EscapeDataString(to)}");
        return [.. inbox.List("items").Select(m => m.Text("subject") + "\n" + m.Text("preview"))];
    }

    /// <summary>What the mail, push and SMS servers took under a notification's id: "delivered", "repeated", …</summary>
    public async Task<IReadOnlyList<string>> Taken(string notificationId, string channel)
    {
        var reference = channel == "email" ? $"{notificationId}@doamarket.example" : notificationId;
        var rows = (await Get($"/oracle/messages?reference={reference}")).List("items");
        return [.. rows.SelectMany(r => r.List("messages")).Select(m => m.Text("kind"))];
    }

    /// <summary>Does something that people do in the outside world: pay in, take back, act at the PG's console.</summary>
    public Task<Answer> Do(string path, JsonObject? body = null) => Send(HttpMethod.Post, path, body);

    /// <summary>Calls of this kind take so much longer, as long as the sandbox lives.</summary>
    public async Task Slow(string target, string operation, TimeSpan delay) => (await Send(
        HttpMethod.Post, "/faults", new JsonObject
        {
            ["target"] = target,
            ["operation"] = operation,
            ["mode"] = "slow",
            ["delayMs"] = (int)delay.TotalMilliseconds,
        })).Expect(201);

    /// <summary>A page of its books.</summary>
    public async Task<JsonNode> Books(string path) => (await Get(path))!;

    private async Task<JsonNode?> Get(string path) => (await Send(HttpMethod.Get, path)).Expect(200).Json;

    private async Task<Answer> Send(HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, shop.SandboxUrl.TrimEnd('/') + path)
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
