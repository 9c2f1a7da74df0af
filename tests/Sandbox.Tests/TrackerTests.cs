using System.Net.Http.Headers;
using System.Text;

namespace DoaMarket.Sandbox.Tests;

/// <summary>tracker.delivery as the documented GraphQL shows it, and the carrier that is followed through it.</summary>
public sealed class TrackerTests
{
    private const string Track = """
        query Track($carrierId: ID!, $trackingNumber: String!) {
          track(carrierId: $carrierId, trackingNumber: $trackingNumber) { lastEvent { time status { code } description } }
        }
        """;

    private const string Watch = """
        mutation M($input: RegisterTrackWebhookInput!) { registerTrackWebhook(input: $input) }
        """;

    [Fact]
    public async Task The_last_event_is_told_in_the_trackers_words()
    {
        await using World world = await World.StartAsync(options => options with { AutoMove = false });
        string number = (await world.RegisterAsync("ship-1", carrier: "kr.logen"))["trackingNumber"];
        Assert.Equal("INFORMATION_RECEIVED", await CodeAsync(world, number));
        await AskAsync(world, number, "dispatch");
        Assert.Equal("AT_PICKUP", await CodeAsync(world, number));
        await AskAsync(world, number, "return");
        Assert.Equal("UNKNOWN", await CodeAsync(world, number));
    }

    [Theory]
    [InlineData("TRACKQL-API-KEY id:wrong", "UNAUTHENTICATED")]
    [InlineData("Bearer id:secret", "UNAUTHENTICATED")]
    [InlineData("TRACKQL-API-KEY id:secret", "NOT_FOUND")]
    public async Task Without_the_key_or_the_parcel_there_is_an_error_in_GraphQLs_form(string authorization, string code)
    {
        await using World world = await World.StartAsync();
        Reply reply = await QueryAsync(world, Track, new { carrierId = "kr.logen", trackingNumber = "1" }, authorization);
        Assert.Equal((200, code), (reply.Status, Code(reply)));
    }

    [Theory]
    [InlineData("not a url", 1)]
    [InlineData("ftp://127.0.0.1/x", 1)]
    [InlineData("http://127.0.0.1/x", 72)]
    public async Task A_watch_that_the_tracker_would_not_take_is_refused(string callbackUrl, int hours)
    {
        await using World world = await World.StartAsync();
        Reply reply = await RegisterAsync(world, "1", callbackUrl, DateTimeOffset.UtcNow.AddHours(hours));
        Assert.Equal("BAD_REQUEST", Code(reply));
        Assert.Equal("BAD_REQUEST", Code(await QueryAsync(world, "query { carriers { id } }", new { })));
    }

    [Fact]
    public async Task Whoever_watches_a_parcel_is_called_without_a_signature_and_nobody_else_is()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using World world = await World.StartAsync(options => options with { AutoMove = false });
        string number = (await world.RegisterAsync("ship-1", carrier: "kr.logen"))["trackingNumber"];
        await RegisterAsync(world, number, $"{receiver.Url}/secret", DateTimeOffset.UtcNow.AddHours(48));
        await RegisterAsync(world, number, $"{receiver.Url}/over", DateTimeOffset.UtcNow.AddSeconds(-1));
        await AskAsync(world, number, "dispatch");
        await AskAsync(world, number, "return");
        List<Received> calls = await receiver.TakenAsync(2);
        Assert.All(calls, call =>
        {
            Assert.Equal("/secret", call.Path);
            Assert.Equal($$"""{"carrierId":"kr.logen","trackingNumber":"{{number}}"}""", Encoding.UTF8.GetString(call.Body));
            Assert.False(call.Headers.ContainsKey("webhook-signature"));
        });
    }

    private static Task<Reply> AskAsync(World world, string number, string what) => world.CarrierAsync(
        HttpMethod.Post, $"/{number}/{what}", new { clientReference = "operation-1" }, "kr.logen");

    private static Task<Reply> RegisterAsync(World world, string number, string callbackUrl, DateTimeOffset until) =>
        QueryAsync(world, Watch, new
        {
            input = new { carrierId = "kr.logen", trackingNumber = number, callbackUrl, expirationTime = until },
        });

    private static async Task<string?> CodeAsync(World world, string number)
    {
        Reply reply = await QueryAsync(world, Track, new { carrierId = "kr.logen", trackingNumber = number });
        return reply.Json.GetProperty("data").GetProperty("track").GetProperty("lastEvent").GetProperty("status")
            .GetProperty("code").GetString();
    }

    private static Task<Reply> QueryAsync(
        World world, string query, object variables, string authorization = "TRACKQL-API-KEY id:secret") =>
        world.SendAsync(HttpMethod.Post, "tracker/graphql", new { query, variables }, request =>
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization));

    private static string? Code(Reply reply) =>
        reply.Json.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString();
}
