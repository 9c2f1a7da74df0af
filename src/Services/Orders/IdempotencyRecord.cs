using DoaMarket.Kernel;

namespace DoaMarket.Orders;

/// <summary>
/// What was answered under a customer's Idempotency-Key: the same key with the same body is answered the same.
/// </summary>
/// <param name="BodyHash">Hash of the body that came with it.</param>
/// <param name="Answer">The answer.</param>
/// <param name="At">When.</param>
public sealed record IdempotencyRecord(string BodyHash, OrderPlaced Answer, DateTimeOffset At)
{
    /// <summary>Scoped to the user: a slash inside a user's id cannot reach another user's keys.</summary>
    public static string Key(UserId user, string key) => $"{Uri.EscapeDataString(user.Value)}/{key}";
}
