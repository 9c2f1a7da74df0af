using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>An order that was answered with 201.</summary>
internal sealed record Placed(string OrderId, string SagaId, string CorrelationId, long Total);

/// <summary>Somebody who is signed in and talks to the API.</summary>
internal sealed class Person(Shop shop, string userId, string? token, Node? node = null)
{
    private const int BusyAnswersAtMost = 60;

    public string UserId => userId;

    public string? Token => token;

    /// <summary>The same person, who talks to this process.</summary>
    public Person At(Node place) => new(shop, userId, token, place);

    /// <summary>Nobody in particular.</summary>
    public static Person Anonymous(Shop shop) => new(shop, "", null);

    /// <summary>Takes a development token.</summary>
    public static async Task<Person> SignIn(Shop shop, string userId, string role)
    {
        var answer = await Anonymous(shop).Post("/dev/token", new JsonObject { ["userId"] = userId, ["role"] = role });
        return new(shop, userId, answer.Expect(200).Data.Text("token"));
    }

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Get, path, null, headers);

    public Task<Answer> Post(string path, JsonNode body, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, Content(body.ToJsonString()), headers);

    public Task<Answer> Patch(string path, JsonNode body) =>
        Send(HttpMethod.Patch, path, Content(body.ToJsonString()));

    /// <summary>Sends a request; paths that do not begin with a slash are below /api/v1.</summary>
    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? content,
        params (string Name, string Value)[] headers)
    {
        var url = (node?.Url ?? shop.Url) + (path.StartsWith('/') ? path : "/api/v1/" + path);
        using var request = new HttpRequestMessage(method, url) { Content = content };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Answer.Of(await shop.Http.SendAsync(request));
    }

    /// <summary>Places an order; while the shop says that it is busy, it is asked again as it says.</summary>
    public async Task<Placed> Place(OrderForm form, TimeSpan? waitForItsEnd = null)
    {
        (string, string)[] headers = waitForItsEnd is { } wait
            ? [("Prefer", string.Create(CultureInfo.InvariantCulture, $"wait={wait.TotalSeconds:0}"))]
            : [];
        var answer = await Patiently(() => Post("orders", form.Json(), headers));
        return Of(answer.Expect(201));
    }

    /// <summary>Places an order of several lines.</summary>
    public async Task<Placed> PlaceLines(params (string Product, string? Variant, int Quantity)[] lines) =>
        await PlaceLines(new OrderForm(), lines);

    /// <summary>Places an order of several lines; the form says the rest.</summary>
    public async Task<Placed> PlaceLines(
        OrderForm form, params (string Product, string? Variant, int Quantity)[] lines)
    {
        var body = form.Json();
        body["items"] = LinesOf(lines);
        return Of((await Patiently(() => Post("orders", body.DeepClone()))).Expect(201));
    }

    /// <summary>Cancels some lines.</summary>
    public Task<Answer> CancelItems(Placed order, params (string Product, string? Variant, int Quantity)[] lines) =>
        Post($"orders/{order.OrderId}/cancel-items", CancelItemsBody(lines));

    /// <summary>The body of POST /orders/{id}/cancel-items.</summary>
    public static JsonObject CancelItemsBody(params (string Product, string? Variant, int Quantity)[] lines) =>
        new() { ["items"] = LinesOf(lines), ["reason"] = "색상이 달라요" };

    /// <summary>Lines of an order, or of a partial cancel.</summary>
    public static JsonArray LinesOf(params (string Product, string? Variant, int Quantity)[] lines) =>
        [.. lines.Select(l =>
        {
            var line = new JsonObject { ["productId"] = l.Product, ["quantity"] = l.Quantity };
            if (l.Variant is not null)
            {
                line["variantId"] = l.Variant;
            }

            return line;
        })];

    /// <summary>Repeats a request while the answer is 503, or 502: a process of the shop broke off.</summary>
    public static async Task<Answer> Patiently(Func<Task<Answer>> ask)
    {
        for (var i = 0; ; i++)
        {
            var answer = await ask();
            if (answer.Status is not (503 or 502) || i == BusyAnswersAtMost)
            {
                return answer;
            }

            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Reads a 201.</summary>
    public Placed Of(Answer answer)
    {
        var order = answer.Data;
        var placed = new Placed(
            order.Text("orderId"), order.Text("sagaId"), order.Text("correlationId"),
            order.Won("totalAmount"));
        Witness.Note(shop, placed);
        return placed;
    }

    public async Task<JsonNode> Order(Placed order) => (await Get($"orders/{order.OrderId}")).Expect(200).Data;

    public async Task<string> StatusOf(Placed order) => (await Order(order)).Text("status");

    /// <summary>Waits until an order has this status.</summary>
    public Task Until(Placed order, string status) =>
        Eventually.Is($"order {order.OrderId} to be {status}", () => StatusOf(order), s => s == status);

    /// <summary>Waits until the order shows these steps of its parcel, in whatever order they were heard.</summary>
    public Task UntilSteps(Placed order, params string[] steps) => Eventually.Is(
        $"the steps {string.Join(", ", steps)} of order {order.OrderId}",
        async () => string.Join(", ", (await Order(order))["shipment"].List("steps")
            .Select(s => s.Text("status")).Order(StringComparer.Ordinal)),
        shown => shown == string.Join(", ", steps.Order(StringComparer.Ordinal)));

    public Task<Answer> Cancel(Placed order) =>
        Post($"orders/{order.OrderId}/cancel", new JsonObject { ["reason"] = "단순 변심" });

    /// <summary>Wants an order's parcel sent elsewhere.</summary>
    public async Task<Answer> Readdress(Placed order, string postalCode) =>
        await Patch($"shipping/{(await Order(order))["shipment"].Text("shippingId")}/address", Elsewhere(postalCode));

    /// <summary>Another address.</summary>
    public static JsonObject Elsewhere(string postalCode) => new()
    {
        ["recipientName"] = "김영희",
        ["phone"] = "010-9876-5432",
        ["postalCode"] = postalCode,
        ["address"] = "서울시 강남구 테헤란로 427",
        ["addressDetail"] = "위워크 12층",
    };

    /// <summary>JSON as a request body.</summary>
    public static StringContent Content(string json, string mediaType = "application/json") =>
        new(json, Encoding.UTF8, mediaType);
}
