using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Stats;

/// <summary>Counting anew, for operators.</summary>
public static class RebuildApi
{
    /// <summary>Adds the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder api, IStore store)
    {
        var ops = api.MapGroup("/ops/stats").RequireAuthorization(Roles.Operator).WithTags("Operations");
        ops.MapPost("/rebuild", (Delegate)(async (HttpContext http) =>
            {
                var books = await http.Ask(ShopTopology.Stats, new BeginRebuild(), Caller.Of(http).UserId);
                return ApiAnswers.Ok(http, RebuildView.Of(books), StatusCodes.Status202Accepted);
            }))
            .WithSummary("Count the statistics anew from the journal; one that runs already is told of (audited)")
            .Produces<ApiSuccess<RebuildView>>(StatusCodes.Status202Accepted);
        ops.MapGet("/rebuild", (Delegate)(async (HttpContext http) =>
            {
                var books = (await store.Find(StatsKinds.BooksKey, http.RequestAborted))?.State as StatsBooks;
                return ApiAnswers.Ok(http, RebuildView.Of(books ?? StatsBooks.First));
            }))
            .WithSummary("How far a rebuild of the statistics is, and how the last one ended")
            .Produces<ApiSuccess<RebuildView>>();
    }
}
