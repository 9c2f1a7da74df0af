using System.Text.Json;

namespace DoaMarket.Host.Cli.Api;

/// <summary>Reads everything that happened under one correlation id.</summary>
internal static class Journal
{
    // An order makes some dozens of entries; a saga that was retried for days some hundreds.
    private const int PagesMax = 20;

    public static async Task<IReadOnlyList<JsonElement>> Of(ApiClient api, string correlationId, CancellationToken stop)
    {
        var entries = new List<JsonElement>();
        var first = $"ops/journal?limit=100&correlationId={Uri.EscapeDataString(correlationId)}";
        var path = first;
        for (var page = 0; page < PagesMax; page++)
        {
            var answer = await api.Get(path, Caller.Operator, stop);
            entries.AddRange(answer.Rows);
            if (answer.NextCursor is not { } cursor)
            {
                break;
            }

            path = $"{first}&cursor={Uri.EscapeDataString(cursor)}";
        }

        return entries;
    }
}
