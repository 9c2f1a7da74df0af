using DoaMarket.Kernel;
using DoaMarket.RabbitMq;
using DoaMarket.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoaMarket.Conformance;

/// <summary>What cannot work is refused at the start, with what to write instead.</summary>
public sealed class RabbitMqRefusalTests
{
    private static readonly RabbitMqOptions Quick = new() { ConnectTimeout = TimeSpan.FromSeconds(5) };

    [Theory]
    [InlineData("rabbit.example.com")]
    [InlineData("http://rabbit.example.com/")]
    [InlineData("")]
    public async Task An_address_that_is_none(string url) =>
        Assert.Contains("amqp://user:password@host:5672", await Refused(url), StringComparison.Ordinal);

    [Fact]
    public async Task Nobody_is_there() =>
        Assert.Contains("Is the server running", await Refused("amqp://guest:guest@127.0.0.1:1"), StringComparison.Ordinal);

    [Fact]
    public async Task A_password_that_is_wrong_and_does_not_appear()
    {
        var refusal = await Refused(await Url(user: "guest", password: "opensesame"));
        Assert.Contains("user 'guest'", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("opensesame", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_virtual_host_that_is_missing() => Assert.Contains(
        "rabbitmqctl add_vhost nowhere", await Refused(await Url(virtualHost: "nowhere")), StringComparison.Ordinal);

    [Fact]
    public async Task A_queue_with_other_arguments()
    {
        await using var rig = await RabbitMqRig.First((await RabbitMqServer.Shared).Url);
        var refusal = await Refused(
            (await RabbitMqServer.Shared).Url, Quick with { Prefix = rig.Prefix, DeliveryLimit = 7 });
        Assert.Contains("x-delivery-limit", refusal, StringComparison.Ordinal);
        Assert.Contains("DOA__RabbitMq__Prefix", refusal, StringComparison.Ordinal);
        Assert.Contains(Shelf.Queue.Queue, refusal, StringComparison.Ordinal);
    }

    private static async Task<string> Url(string? user = null, string? password = null, string? virtualHost = null)
    {
        var url = new UriBuilder((await RabbitMqServer.Shared).Url);
        (url.UserName, url.Password) = (user ?? url.UserName, password ?? url.Password);
        url.Path = virtualHost ?? url.Path;
        return url.Uri.ToString().TrimEnd('/');
    }

    private static async Task<string> Refused(string url, RabbitMqOptions? options = null) =>
        (await Assert.ThrowsAsync<InvalidOperationException>(() => RabbitMqBroker.Open(
            url, "test", options ?? Quick, Shelf.Topology, Shelf.Catalog, TimeProvider.System,
            NullLogger<RabbitMqBroker>.Instance, TestContext.Current.CancellationToken))).Message;
}
