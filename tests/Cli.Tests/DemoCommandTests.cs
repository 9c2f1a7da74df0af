using System.Text.Json;
using DoaMarket.Host.Cli;
using Microsoft.AspNetCore.Http;

namespace DoaMarket.Cli.Tests;

public sealed class DemoCommandTests : IDisposable
{
    private const string NobodyThere = "http://127.0.0.1:1";
    private readonly string _folder = Directory.CreateTempSubdirectory("doa-demo-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_demo_on_a_running_shop_ends_as_expected_and_audits_it()
    {
        await using var shop = await PretendShop.Open();
        var doa = new Doa();

        var exitCode = await doa.Run("demo", "--orders", "40", "--url", shop.Url, "--data", _folder);

        Assert.True(exitCode == 0, doa.Output + doa.Error);
        Assert.Equal(40, shop.Orders.Count);
        Assert.DoesNotContain("differs", doa.Output);
        Assert.Contains(doa.Lines, line => line.Contains("orders placed") && line.Contains("40 of 40"));
        Assert.Contains(doa.Lines, line => line.Contains("median time to the end") && line.Contains("0.25 s"));
        Assert.Equal(_folder, Assert.Single(doa.Audited).DataFolder);
        Assert.Empty(doa.Started);
    }

    [Fact]
    public async Task A_demo_without_a_shop_starts_one_and_cleans_up_behind_it()
    {
        await using var shop = await PretendShop.Open();
        var doa = new Doa { Start = _ => Task.FromResult(shop.AsRunning()) };

        var exitCode = await doa.Run("demo", "--orders", "16", "--url", NobodyThere);

        Assert.True(exitCode == 0, doa.Output + doa.Error);
        var settings = Assert.Single(doa.Started);
        Assert.Equal(NobodyThere, settings.Urls);
        Assert.Equal(SandboxPlace.On, settings.Sandbox);
        Assert.Equal(settings.DataFolder, Assert.Single(doa.Audited).DataFolder);
        Assert.False(Directory.Exists(settings.DataFolder));
    }

    [Fact]
    public async Task A_demo_on_a_shop_whose_database_is_not_here_says_how_to_audit_it()
    {
        await using var shop = await PretendShop.Open();
        var doa = new Doa();

        var exitCode = await doa.Run("demo", "--orders", "16", "--url", shop.Url);

        Assert.True(exitCode == 0, doa.Output + doa.Error);
        Assert.Contains("'doa audit --mode postgres'", doa.Output.ReplaceLineEndings(" "));
        Assert.Empty(doa.Audited);
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("rabbitmq")]
    public async Task A_demo_in_another_mode_starts_a_shop_in_it_audits_it_there_and_keeps_its_folder(string mode)
    {
        await using var shop = await PretendShop.Open();
        var doa = new Doa { Start = _ => Task.FromResult(shop.AsRunning()) };

        var exitCode = await doa.Run(
            "demo", "--orders", "16", "--mode", mode, "--url", NobodyThere, "--data", _folder);

        Assert.True(exitCode == 0, doa.Output + doa.Error);
        var settings = Assert.Single(doa.Started);
        Assert.Equal((mode, SandboxPlace.On, _folder), (settings.Mode, settings.Sandbox, settings.DataFolder));
        var audit = Assert.Single(doa.Audited);
        Assert.Equal((mode, _folder), (audit.Mode, audit.DataFolder));
        Assert.True(Directory.Exists(_folder));
    }

    [Fact]
    public async Task A_demo_in_a_mode_at_an_address_that_is_taken_says_what_to_write()
    {
        await using var shop = await PretendShop.Open();
        var doa = new Doa();

        Assert.Equal(1, await doa.Run("demo", "--mode", "postgres", "--url", shop.Url));

        Assert.Contains("Leave --mode out to show that one, or write --url", doa.Error);
        Assert.Empty(shop.Orders);
        Assert.Empty(doa.Audited);
    }

    [Fact]
    public async Task An_outcome_that_differs_is_shown_with_its_saga_and_exits_with_1()
    {
        await using var shop = await PretendShop.Open();
        shop.EndOf = order => order.GetProperty("paymentMethod").GetProperty("billingKey").GetString() == "bk_declined"
            ? "completed"
            : "";
        var doa = new Doa();

        Assert.Equal(1, await doa.Run("demo", "--orders", "16", "--url", shop.Url, "--data", _folder));

        Assert.Contains(doa.Lines, line => line.Contains("card declined") && line.Contains("differs"));
        Assert.Single(doa.Lines, line => line.Contains("differs"));
        Assert.Matches(@"card declined: completed \(.*\)\s+order order-\d+  saga saga-\d+", doa.Output);
    }

    [Fact]
    public async Task A_violation_in_the_audit_exits_with_1_and_keeps_the_data()
    {
        await using var shop = await PretendShop.Open();
        var doa = new Doa
        {
            Start = _ => Task.FromResult(shop.AsRunning()),
            Report = new([new("M1", "refunded ≤ captured", 1, ["payment p-1"])]),
        };

        Assert.Equal(1, await doa.Run("demo", "--orders", "1", "--url", NobodyThere));

        var folder = doa.Started[0].DataFolder;
        Assert.Contains($"The data stays in {folder}", string.Concat(doa.Lines));
        Assert.True(Directory.Exists(folder));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_saga_that_hangs_ends_the_demo_in_time_with_a_sentence()
    {
        await using var shop = await PretendShop.Open();
        shop.EndOf = _ => "compensating";
        var doa = new Doa();

        Assert.Equal(1, await doa.Run("demo", "--orders", "2", "--within", "1", "--url", shop.Url, "--data", _folder));

        Assert.Contains("Not all orders were over within 1 s", doa.Error);
        Assert.Contains("in progress (compensating at prepare_shipping)", doa.Output);
    }

    [Fact]
    public async Task A_shop_that_refuses_orders_is_told_and_fails_the_demo()
    {
        await using var shop = await PretendShop.Open();
        shop.Instead = http => http.Request.Path == "/api/v1/orders"
            ? PretendShop.Error(422, "INVALID_ADDRESS", "No such place.")
            : null;
        var doa = new Doa();

        Assert.Equal(1, await doa.Run("demo", "--orders", "2", "--url", shop.Url, "--data", _folder));

        Assert.Contains("refused (INVALID_ADDRESS: No such place.)", doa.Output);
    }
}
