using System.Globalization;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>A configuration that cannot work ends the start with a sentence that says what to write.</summary>
public sealed class ConfigurationTests
{
    private const int WrongConfiguration = 2;

    [Theory]
    [InlineData("Orders:UndoAttempts", "1", "UndoAttempts")]
    [InlineData("Shipping:HoldBeforeDispatch", "soon", "HoldBeforeDispatch")]
    [InlineData("Orders:ReserveInventoryWithn", "00:00:20", "ReserveInventoryWithn")]
    [InlineData("Payments:CallTimeout", "00:00:00.5", "Payments:CallTimeout")]
    [InlineData("Orders:ProcessPaymentWithin", "00:00:01", "process_payment")]
    [InlineData("Payments:SettleAfter", "00:10:00", "process_payment")]
    [InlineData("Sandbox:SmtpPort", "70000", "SmtpPort")]
    [InlineData("Notifications:TemplateFolder", "no-such-folder", "no-such-folder")]
    [InlineData("Fcm:PrivateKey", "half an account", "ProjectId")]
    public async Task A_wrong_option_stops_the_start_and_is_named(string key, string value, string named)
    {
        await using var folder = new Folder();
        var ended = await DoaProcess.Run(
            folder.Path, Pace.Fast.With((key, value)), "serve", "--urls", "http://127.0.0.1:0", "--data", folder.Path);

        Assert.Equal((WrongConfiguration, ""), (ended.Code, ended.Output));
        Assert.Contains(named, ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal); // a sentence, no stack trace
    }

    [Fact]
    public async Task A_second_process_on_the_same_data_is_refused_and_the_first_works_on()
    {
        Ground.OnlyEmbedded("any number of processes may work on the same data.");
        await using var shop = await Shop.Open(Pace.Fast);
        var customer = await shop.Customer();
        var order = await customer.Place(new OrderForm());

        var second = await DoaProcess.Run(shop.Data, Pace.Fast, "serve", "--urls", "http://127.0.0.1:0", "--data",
            shop.Data);
        Assert.Equal(WrongConfiguration, second.Code);
        Assert.Contains("in use", second.Errors, StringComparison.Ordinal);
        Assert.Contains(shop.Data, second.Errors, StringComparison.Ordinal);

        await customer.Until(order, "delivered");

        var port = new Uri(shop.Url).Port.ToString(CultureInfo.InvariantCulture);
        await using var folder = new Folder();
        var third = await DoaProcess.Run(folder.Path, Pace.Fast, "serve", "--urls", $"http://127.0.0.1:{port}",
            "--data", folder.Path);
        Assert.Equal(WrongConfiguration, third.Code);
        Assert.Contains("--urls", third.Errors, StringComparison.Ordinal);
    }

    private sealed class Folder : IAsyncDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("doa-e2e-").FullName;

        public ValueTask DisposeAsync()
        {
            Directory.Delete(Path, recursive: true);
            return default;
        }
    }
}
