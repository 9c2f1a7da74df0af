using System.Globalization;
using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Sandbox.Oracle;

/// <summary>What really happened to money, parcels and messages, from the journal tables alone.</summary>
internal sealed class OracleRoutes(SandboxStore store, CallCounters counters)
{
    private const int PageDefault = 100;
    private const int PageMax = 1_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/oracle/payments", http => PageAsync(http, PaymentsOracle.Page));
        routes.MapGet("/oracle/parcels", http => PageAsync(http, ParcelsOracle.Page));
        routes.MapGet("/oracle/messages", http => PageAsync(http, MessagesOracle.Page));
        routes.MapGet("/oracle/calls", http =>
            Answer.Json(200, new { items = counters.Listing() }).SendAsync(http));
    }

    private async Task PageAsync(
        HttpContext http, Func<SqlSession, OraclePage, IReadOnlyList<(string Key, object Shown)>> read) =>
        await (await PageAsync(http.Request.Query, read)).SendAsync(http);

    private async Task<Answer> PageAsync(
        IQueryCollection query, Func<SqlSession, OraclePage, IReadOnlyList<(string Key, object Shown)>> read)
    {
        int limit = PageDefault;
        if (query.TryGetValue("limit", out var text)
            && (!int.TryParse(text, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > PageMax))
        {
            return Answer.Error(400, "INVALID_REQUEST", $"limit must be 1 to {PageMax}.", "limit");
        }

        OraclePage page = new(query["orderId"], query["cursor"].ToString(), limit, query["reference"]);
        IReadOnlyList<(string Key, object Shown)> found = await store.ReadAsync(sql => read(sql, page));
        return Answer.Json(200, new
        {
            items = found.Select(entry => entry.Shown),
            nextCursor = found.Count == limit ? found[^1].Key : null,
        });
    }
}

/// <summary>Which part of the journal is asked for.</summary>
/// <param name="OrderId">One order only, or null for all.</param>
/// <param name="After">The last key of the page before; empty for the first page.</param>
/// <param name="Limit">Entries per page.</param>
/// <param name="Reference">One message only, or null for all.</param>
internal sealed record OraclePage(string? OrderId, string After, int Limit, string? Reference = null);
