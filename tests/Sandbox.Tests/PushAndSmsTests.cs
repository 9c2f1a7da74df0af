using System.Security.Cryptography;

namespace DoaMarket.Sandbox.Tests;

public sealed class PushAndSmsTests
{
    [Fact]
    public async Task A_push_needs_a_token_that_the_service_account_got()
    {
        await using World world = await World.StartAsync();
        Assert.Equal(401, (await PushAsync(world, "guessed")).Status);

        Reply granted = await world.ExchangeAsync(world.Assertion());
        Assert.Equal(200, granted.Status);
        Assert.Equal(3_600, granted.Json.GetProperty("expires_in").GetInt32());
        Reply sent = await PushAsync(world, granted["access_token"]);
        Assert.StartsWith("projects/doamarket/messages/", sent["name"], StringComparison.Ordinal);
        Assert.Equal(403, (await PushAsync(world, granted["access_token"], project: "another")).Status);

        Reply inbox = await world.GetAsync("inbox?channel=push&to=device-1");
        Assert.Equal("배송 시작", inbox.Json.GetProperty("items")[0].GetProperty("subject").GetString());
    }

    [Fact]
    public async Task A_wrong_assertion_gets_no_token()
    {
        await using World world = await World.StartAsync();
        using RSA another = RSA.Create(2_048);
        foreach (string wrong in new[]
        {
            "", "a.b.c", world.Assertion(alg: "none"), world.Assertion(key: another),
            world.Assertion(claims => claims["iss"] = "somebody"), world.Assertion(claims => claims["aud"] = "elsewhere"),
            world.Assertion(claims => claims["scope"] = "everything"), world.Assertion(claims => claims["exp"] = 1),
            world.Assertion(claims => claims.Remove("iat")),
        })
        {
            Reply refused = await world.ExchangeAsync(wrong);
            Assert.Equal((400, "invalid_grant"), (refused.Status, refused["error"]));
        }

        Assert.Equal("unsupported_grant_type", (await world.ExchangeAsync(world.Assertion(), "password"))["error"]);
    }

    [Fact]
    public async Task A_push_with_a_known_tag_takes_the_place_of_the_first()
    {
        await using World world = await World.StartAsync();
        string access = (await world.ExchangeAsync(world.Assertion()))["access_token"];
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(200, (await PushAsync(world, access, tag: "n-1")).Status);
        }

        Assert.Equal(1, (await world.GetAsync("inbox?channel=push")).Json.GetProperty("items").GetArrayLength());
        Assert.Equal("delivered repeated", await world.TakenAsync("n-1"));
    }

    [Fact]
    public async Task A_device_that_is_gone_is_told_as_FCM_does()
    {
        await using World world = await World.StartAsync();
        string access = (await world.ExchangeAsync(world.Assertion()))["access_token"];
        Reply gone = await PushAsync(world, access, token: "unregistered-1");
        Assert.Equal(404, gone.Status);
        Assert.Equal(
            "UNREGISTERED",
            gone.Json.GetProperty("error").GetProperty("details")[0].GetProperty("errorCode").GetString());
    }

    [Fact]
    public async Task A_text_is_sent_once_per_client_reference()
    {
        await using World world = await World.StartAsync();
        Reply first = await TextAsync(world, "01012345678", "배송 완료", "n-1");
        Reply again = await TextAsync(world, "01012345678", "배송 완료", "n-1");
        Assert.Equal((201, 200), (first.Status, again.Status));
        Assert.Equal(first["messageId"], again["messageId"]);
        Assert.Equal("REFERENCE_REUSED", (await TextAsync(world, "01012345678", "다른 글", "n-1"))["code"]);
        Assert.Equal("REFERENCE_REUSED", (await TextAsync(world, "01099999999", "배송 완료", "n-1"))["code"]);
        Assert.Equal(422, (await TextAsync(world, "01012340000", "배송 완료", "n-2")).Status);
        Assert.Equal(1, (await world.GetAsync("inbox?channel=sms")).Json.GetProperty("items").GetArrayLength());
        Assert.Equal("", await world.TakenAsync("n-2"));
    }

    [Theory]
    [InlineData("down", 503)]
    [InlineData("error", 500)]
    [InlineData("decline", 422)]
    [InlineData("slow", 201)]
    public async Task A_text_fault_is_felt_and_passes(string mode, int status)
    {
        await using World world = await World.StartAsync();
        await world.FaultAsync(mode == "slow"
            ? new { target = "sms", operation = "send", mode, times = 1, delayMs = 1 }
            : new { target = "sms", operation = "send", mode, times = 1 });
        Assert.Equal(status, (await TextAsync(world, "01012345678", "글", "n-1")).Status);
        Assert.InRange((await TextAsync(world, "01012345678", "글", "n-1")).Status, 200, 201);
        Assert.Equal(1, (await world.GetAsync("inbox?channel=sms")).Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_message_whose_answer_is_lost_was_taken()
    {
        await using World world = await World.StartAsync();
        await world.FaultAsync(new { target = "sms", operation = "send", mode = "lose_response", times = 1 });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => TextAsync(world, "01012345678", "글", "n-1"));
        Assert.Equal(200, (await TextAsync(world, "01012345678", "글", "n-1")).Status);
        Assert.Equal("delivered repeated", await world.TakenAsync("n-1"));
    }

    private static Task<Reply> PushAsync(
        World world, string access, string project = "doamarket", string token = "device-1", string? tag = null) =>
        world.SendAsync(
            HttpMethod.Post, $"fcm/v1/projects/{project}/messages:send",
            new
            {
                message = new
                {
                    token,
                    notification = new { title = "배송 시작", body = "출발" },
                    data = new { orderId = "o" },
                    android = tag is null ? null : new { notification = new { tag } },
                },
            },
            request => request.Headers.Authorization = new("Bearer", access));

    private static Task<Reply> TextAsync(World world, string to, string text, string clientReference) =>
        world.SendAsync(
            HttpMethod.Post, "sms/v1/messages", new { from = "15880000", to, text, clientReference },
            request => request.Headers.Authorization = new("Bearer", World.CarrierKey));
}
