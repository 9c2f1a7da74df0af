using System.Collections.Concurrent;
using System.Reflection;
using DoaMarket.EndToEnd.Harness;
using Xunit.v3;

[assembly: Witness]

namespace DoaMarket.EndToEnd.Harness;

/// <summary>When a test fails, its output shows the stories of its orders and the end of the shop's log.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class WitnessAttribute : BeforeAfterTestAttribute
{
    /// <inheritdoc />
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        var seen = Witness.Forget(test.UniqueID);
        var context = TestContext.Current;
        if (context.TestState?.Result != TestResult.Failed || context.TestOutputHelper is not { } output)
        {
            return;
        }

        foreach (var shop in seen.Select(s => s.Shop).Distinct())
        {
            output.WriteLine($"== log of the shop in {shop.Data}\n{shop.LogTail()}");
        }

        foreach (var (shop, order) in seen.Take(Witness.StoriesShown))
        {
            output.WriteLine($"== order {order.OrderId}\n{Told(shop, order).GetAwaiter().GetResult()}");
        }
    }

    // A shop that does not answer is part of what the failure is about: it must not hide the log.
    private static async Task<string> Told(Shop shop, Placed order)
    {
        try
        {
            return (await Story.Of(shop, order)).ToString();
        }
        catch (Exception gone) when (gone is HttpRequestException or ObjectDisposedException)
        {
            return gone.Message;
        }
    }
}

/// <summary>Remembers which orders the running tests have placed.</summary>
internal static class Witness
{
    public const int StoriesShown = 3;

    private static readonly ConcurrentDictionary<string,
    ConcurrentQueue<(Shop Shop, Placed Order)>> Seen = new(StringComparer.Ordinal);

    public static void Note(Shop shop, Placed order)
    {
        if (TestContext.Current.Test is { } test)
        {
            Seen.GetOrAdd(test.UniqueID, _ => new()).Enqueue((shop, order));
        }
    }

    public static IReadOnlyList<(Shop Shop, Placed Order)> Forget(string test) =>
        Seen.TryRemove(test, out var seen) ? [.. seen] : [];
}
