using DoaMarket.Host.Cli;

namespace DoaMarket.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData()]
    [InlineData("serve")]
    public async Task Without_a_word_the_embedded_shop_serves_on_the_usual_port(params string[] args)
    {
        var doa = new Doa();

        Assert.Equal(0, await doa.Run(args));

        var settings = Assert.Single(doa.Served);
        Assert.Equal("embedded", settings.Mode);
        Assert.Equal("http://127.0.0.1:5080", settings.Urls);
        Assert.Equal(Path.GetFullPath("./.doa"), settings.DataFolder);
        Assert.Null(settings.Services);
        Assert.Null(settings.Sandbox);
        Assert.Empty(settings.Configuration);
    }

    [Fact]
    public async Task Serve_hands_over_everything_that_was_said()
    {
        var doa = new Doa();

        await doa.Run(
            "serve", "--services", "orders,payments", "--urls", "http://*:8080;http://127.0.0.1:8081",
            "--data", "/tmp/shop", "--sandbox", "off",
            "--set", "Shipping:HoldBeforeDispatch=00:01:00", "--set", "A=b=c");

        var settings = Assert.Single(doa.Served);
        Assert.Equal("orders,payments", settings.Services);
        Assert.Equal("http://*:8080;http://127.0.0.1:8081", settings.Urls);
        Assert.Equal("/tmp/shop", settings.DataFolder);
        Assert.Equal(SandboxPlace.Off, settings.Sandbox);
        Assert.Equal("00:01:00", settings.Configuration["Shipping:HoldBeforeDispatch"]);
        Assert.Equal("b=c", settings.Configuration["A"]);
    }

    [Fact]
    public async Task The_sandbox_alone_is_told_where_its_books_are_and_whom_it_calls()
    {
        var doa = new Doa();

        Assert.Equal(0, await doa.Run("sandbox", "--data", "/tmp/shop", "--set", "Sandbox:AutoMove=false"));
        await doa.Run("serve", "--data", "/tmp/shop", "--sandbox", "apart");

        var settings = Assert.Single(doa.Sandboxes);
        Assert.Equal(("/tmp/shop", "http://127.0.0.1:5080"), (settings.DataFolder, settings.ShopUrl));
        Assert.Equal("false", settings.Configuration["Sandbox:AutoMove"]);
        Assert.Equal(SandboxPlace.Apart, Assert.Single(doa.Served).Sandbox);
    }

    [Theory]
    [InlineData("does not exist in this version yet", "serve", "--mode", "aws")]
    [InlineData("There is no mode 'mongo'", "serve", "--mode", "mongo")]
    [InlineData("no place to listen", "serve", "--urls", "5080")]
    [InlineData("write Name=value", "serve", "--set", "Loud")]
    [InlineData("is set twice", "serve", "--set", "A=1", "--set", "a=2")]
    [InlineData("--orders must be 1 to 10000, not 0", "demo", "--orders", "0")]
    [InlineData("--quantity must be", "order", "place", "--product", "P-1", "--quantity", "-1")]
    [InlineData("'--product' is required", "order", "place")]
    [InlineData("'--reason' is required", "order", "cancel", "o-1")]
    [InlineData("'--step' is required", "saga", "resolve", "s-1", "--reason", "paid by hand")]
    [InlineData("'--reason' is required", "saga", "cancel", "s-1")]
    [InlineData("'--reason' is required", "dlq", "discard", "d-1")]
    [InlineData("Name a dead letter, or all of a queue", "dlq", "redrive")]
    [InlineData("not both", "dlq", "redrive", "d-1", "--queue", "order-service-dlq")]
    [InlineData("--rate must be 1 to 1000, not 0", "dlq", "redrive", "--queue", "order-service-dlq", "--rate", "0")]
    [InlineData("'--reason' is required", "alerts", "resolve", "a-1")]
    [InlineData("'P9'", "alerts", "list", "--severity", "P9")]
    [InlineData("--every must be 1 to 3600, not 0", "queues", "--watch", "--every", "0")]
    [InlineData("no address of a shop", "sandbox", "--shop", "127.0.0.1:5080")]
    [InlineData("no address of a shop", "saga", "list", "--url", "localhost:5080")]
    [InlineData("'king'", "token", "--user", "u-1", "--role", "king")]
    [InlineData("'srve'", "srve")]
    public async Task A_wrong_line_is_told_what_is_wrong_and_nothing_runs(string sentence, params string[] args)
    {
        var doa = new Doa();

        Assert.Equal(1, await doa.Run(args));

        Assert.Contains(sentence, doa.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Usage:", doa.Output, StringComparison.Ordinal);
        Assert.Empty(doa.Served);
        Assert.Empty(doa.Started);
    }

    [Theory]
    [InlineData("doa demo", "--help")]
    [InlineData("doa serve --urls", "serve", "--help")]
    [InlineData("doa demo --orders 1000", "demo", "--help")]
    [InlineData("doa order place --product", "order", "place", "--help")]
    [InlineData("doa order show ", "order", "show", "--help")]
    [InlineData("doa order cancel ", "order", "cancel", "--help")]
    [InlineData("doa saga list --status needs_attention", "saga", "list", "--help")]
    [InlineData("doa saga show ", "saga", "show", "--help")]
    [InlineData("doa saga retry ", "saga", "retry", "--help")]
    [InlineData("doa saga resolve ", "saga", "resolve", "--help")]
    [InlineData("doa saga cancel ", "saga", "cancel", "--help")]
    [InlineData("doa dlq list --by-reason", "dlq", "list", "--help")]
    [InlineData("doa dlq show ", "dlq", "show", "--help")]
    [InlineData("doa dlq dry-run ", "dlq", "dry-run", "--help")]
    [InlineData("doa dlq redrive --queue order-service-dlq --rate 20", "dlq", "redrive", "--help")]
    [InlineData("doa dlq discard ", "dlq", "discard", "--help")]
    [InlineData("doa alerts list --severity P1", "alerts", "list", "--help")]
    [InlineData("doa alerts show ", "alerts", "show", "--help")]
    [InlineData("doa alerts acknowledge ", "alerts", "acknowledge", "--help")]
    [InlineData("doa alerts resolve ", "alerts", "resolve", "--help")]
    [InlineData("doa alerts wake ", "alerts", "wake", "--help")]
    [InlineData("doa queues --watch", "queues", "--help")]
    [InlineData("doa breakers", "breakers", "--help")]
    [InlineData("doa audit --data", "audit", "--help")]
    [InlineData("$(doa token --user", "token", "--help")]
    public async Task Every_help_teaches_with_an_example(string example, params string[] args)
    {
        var doa = new Doa();

        Assert.Equal(0, await doa.Run(args));

        Assert.Contains(example, doa.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ko_KR.UTF-8", "ko-KR,ko;q=0.9,en;q=0.5")]
    [InlineData("ko", "ko,ko;q=0.9,en;q=0.5")]
    [InlineData("en_US.UTF-8", "en")]
    [InlineData("C.UTF-8", "en")]
    [InlineData("POSIX", "en")]
    [InlineData("x\r\ny: z", "en")]
    [InlineData(null, "en")]
    public void The_environments_language_is_asked_for(string? lang, string header) =>
        Assert.Equal(header, Surroundings.LanguageOf(lang));
}
