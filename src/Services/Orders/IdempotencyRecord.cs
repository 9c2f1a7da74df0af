using System.Text.Json.Serialization;
using DoaMarket.Kernel;

namespace DoaMarket.Orders;

/// <summary>
/// What was answered under a customer's Idempotency-Key: the same key with the same body is answered the same.
/// </summary>
/// <param name="BodyHash">Hash of the body that came with it.</param>
/// <param name="Answer">The answer to a new order; null when the key was used for something else.</param>
/// <param name="At">When.</param>
/// <param name="Retention">How long the answer is kept; null on records from before there was a limit.</param>
public sealed record IdempotencyRecord(
    string BodyHash, OrderPlaced? Answer, DateTimeOffset At, TimeSpan? Retention = null)
{
    /// <summary>The answer to a partial cancel; null when the key was used for something else.</summary>
    public AmendAccepted? Amend { get; init; }

    /// <summary>When it is removed, so that the key may be used anew.</summary>
    [JsonIgnore]
    public DateTimeOffset? ForgetAt => At + Retention;

    /// <summary>Its time is over.</summary>
    internal static Decision Forget(Documents documents, Due<IdempotencyRecord> due) =>
        due.State.ForgetAt is { } at && at <= due.Now
            ? Decision.On(due).Remove(OrderKinds.IdempotencyKeys, due.Key)
            : Decision.On(due);

    /// <summary>Scoped to the user: a slash inside a user's id cannot reach another user's keys.</summary>
    public static string Key(UserId user, string key) => $"{Uri.EscapeDataString(user.Value)}/{key}";
}
