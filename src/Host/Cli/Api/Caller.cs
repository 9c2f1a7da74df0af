namespace DoaMarket.Host.Cli.Api;

/// <summary>In whose name a request is made.</summary>
/// <param name="UserId">The person.</param>
/// <param name="Role">customer, seller or operator.</param>
internal sealed record Caller(string UserId, string Role)
{
    /// <summary>The operator of this command line.</summary>
    public static Caller Operator { get; } = new("doa-cli", "operator");

    public static Caller Customer(string userId) => new(userId, "customer");
}
