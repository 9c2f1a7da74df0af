using System.Text.Json;

namespace DoaMarket.Host.Cli.Api;

/// <summary>Everything that happened under one correlation id.</summary>
/// <param name="Messages">Messages, causes before effects.</param>
/// <param name="Remarks">What was dropped, ignored, retried or called outside, and on which message.</param>
internal sealed record Story(IReadOnlyList<JsonElement> Messages, IReadOnlyList<JsonElement> Remarks)
{
    /// <summary>Reads it from the journal.</summary>
    public static async Task<Story> Of(ApiClient api, string correlationId, CancellationToken stop)
    {
        var path = $"ops/journal?correlationId={Uri.EscapeDataString(correlationId)}";
        var answer = await api.Get(path, Caller.Operator, stop);
        return new Story([.. answer.Data.Entries("messages")], [.. answer.Data.Entries("remarks")]);
    }
}
