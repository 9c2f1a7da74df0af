using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>Puts messages into a running shop's data that nobody sent, and mends them there.</summary>
internal static class PoisonedQueue
{
    /// <summary>Puts a message before the receiver of a queue; with an order it belongs to its story.</summary>
    public static Guid Put(Shop shop, string queue, string type, string body, string? personal = null,
        string? traceparent = null, Placed? order = null) =>
        shop.Database.Put(queue, type, body, personal, traceparent, order);

    /// <summary>Replaces the body of a message, as a deployed fix would read it otherwise.</summary>
    public static void Mend(Shop shop, Guid message, string body) => shop.Database.Mend(message, body);

    /// <summary>Nothing can be committed until it is disposed of.</summary>
    public static IDisposable HoldWriting(Shop shop) => shop.Database.HoldWriting();
}
