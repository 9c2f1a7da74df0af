using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Several processes that are all the same: what one does, another neither repeats nor undoes.</summary>
[Trait("Run", "long")]
public sealed class CopiesTests
{
    [Fact]
    public async Task The_alert_of_a_circuit_belongs_to_its_process_and_ends_with_it()
    {
        await using var shop = await Shop.Open(new Plan(
            Pace.Enduring.With(("Pg:MinimumCalls", "2"), ("Pg:Break", "00:00:29")))
        {
            Mode = Ground.Postgres,
            Nodes = Ground.Copies,
        });
        var customer = await shop.Customer();
        var fault = await shop.Sandbox.Fault("pg", "charge", "down");
        await Eventually.IsTrue("alerts of every process", async () =>
        {
            await Task.WhenAll(shop.Nodes.Select(n => customer.At(n).Place(new OrderForm("bk_declined"))));
            return await Open(shop) == shop.Nodes.Count;
        });

        // A process that starts has its own circuit closed, and resolves none of the others'.
        await shop.Nodes[2].Process.Kill();
        await shop.Nodes[2].Start();
        await Eventually.IsTrue("only the alert of the killed process to end", async () => await Open(shop) == 2);
        await Eventually.IsTrue(
            "a reason", async () => (await AlertSeen.All(shop)).Count(a => a.IsCircuitOf("pg") && a.Status == "resolved") == 1);
        await fault.DisposeAsync();
    }

    private static async Task<int> Open(Shop shop) =>
        (await AlertSeen.All(shop)).Count(a => a.IsCircuitOf("pg") && a.Status == "open");
}
