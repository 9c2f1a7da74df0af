using DoaMarket.Host.Cli;
using DoaMarket.Host.Server;

namespace DoaMarket.Reference;

/// <summary>Settings whose default follows another one.</summary>
public sealed class DerivedDefaultTests
{
    [Theory]
    [InlineData(null, null, 512)]
    [InlineData("1000", null, 2_000)]
    [InlineData("5000", null, 10_000)]
    [InlineData("1000", "300", 300)]
    public async Task A_process_holds_two_batches_of_a_queue_unless_it_is_told_otherwise(
        string? batch, string? prefetch, int expected)
    {
        var folder = Directory.CreateTempSubdirectory("doa-options-");
        try
        {
            var stop = TestContext.Current.CancellationToken;
            var given = new Dictionary<string, string?> { ["Kernel:MaxDeliveriesPerBatch"] = batch, ["RabbitMq:Prefetch"] = prefetch };
            var configuration = ShopConfiguration.Load(given.Where(g => g.Value is not null).ToDictionary());
            var data = DataFolder.Of(folder.FullName);
            await using var outside = await OutsideWorld.Start(SandboxPlace.Apart, configuration, data, stop);
            Assert.Equal(expected, ShopOptions.Read(configuration, "rabbitmq", data, outside).RabbitMq.Prefetch);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
