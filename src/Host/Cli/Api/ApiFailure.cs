namespace DoaMarket.Host.Cli.Api;

/// <summary>The shop answered, and the answer is no.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">The shop's own code.</param>
/// <param name="message">Why, in the wanted language.</param>
internal sealed class ApiFailure(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>What exactly, as JSON; null when there is no more to say.</summary>
    public string? Details { get; init; }

    /// <summary>What to look for in the shop's log.</summary>
    public string? TraceId { get; init; }
}

/// <summary>The shop did not answer at all.</summary>
internal sealed class ShopUnreachable(Uri shop, string why, Exception? cause) : Exception(why, cause)
{
    public Uri Shop { get; } = shop;
}
