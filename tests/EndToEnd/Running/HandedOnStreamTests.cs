using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Event streams that one process of a shop hands on from another.</summary>
[Trait("Run", "long")]
public sealed class HandedOnStreamTests
{
    [Fact]
    public async Task A_stop_does_not_wait_for_a_stream_that_is_handed_on_and_whoever_follows_it_takes_it_up_again()
    {
        await using var shop = await Shop.Open(new Plan(Pace.Enduring)
        {
            Mode = Ground.Postgres,
            Nodes = [new("payments,inventory"), new("orders,shipping,notifications,stats")],
        });
        var customer = await shop.Customer();
        var still = await shop.Sandbox.ParcelsStandStill(); // so that the stream has no end of its own
        var order = await customer.Place(new OrderForm());
        await using var stream = await EventStream.Open(shop, customer, order);
        var last = (await stream.Next())!;

        var ended = await shop.Nodes[0].Process.Terminate();
        Assert.True(ended.Code == 0, $"Exit code {ended.Code}:\n{ended.Output}\n{ended.Errors}");
        try
        {
            while (await stream.Next() is { } next)
            {
                last = next;
            }
        }
        catch (IOException)
        {
            // It breaks off; a browser comes back by itself.
        }

        await shop.Nodes[0].Start();
        await still.DisposeAsync();
        await using var again = await EventStream.Open(shop, customer, order, $"{last.Id}");
        Assert.Equal(last.Id + 1, (await again.Next())!.Id);
        await customer.Until(order, "delivered");
        await shop.AssertAudited();
    }
}
