using DoaMarket.Sandbox.Callbacks;
using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Sandbox.Carriers;

/// <summary>Lets a person or a test play the carrier's drivers, and look at callbacks not yet delivered.</summary>
internal sealed class MovementRoutes(SandboxStore store, ParcelMover mover)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/movement", http => Shown().SendAsync(http));
        routes.MapPut("/movement", SwitchAsync);
        routes.MapPost("/parcels/{trackingNumber}/advance", AdvanceAsync);
        routes.MapGet("/callbacks", async http =>
            await Answer.Json(200, await store.ReadAsync(CallbackOutbox.Listing)).SendAsync(http));
    }

    private Answer Shown() => Answer.Json(200, new { autoMove = mover.Enabled });

    private async Task SwitchAsync(HttpContext http)
    {
        RequestFields fields = await RequestFields.ReadAsync(http.Request);
        fields.AllowOnly("autoMove");
        bool? autoMove = fields.OptionalFlag("autoMove");
        if (autoMove is null)
        {
            fields.Blame("autoMove", "is required");
        }

        if (fields.Problem is { } problem)
        {
            await problem.ToAnswer().SendAsync(http);
            return;
        }

        mover.Enabled = autoMove == true;
        await Shown().SendAsync(http);
    }

    private async Task AdvanceAsync(HttpContext http)
    {
        Answer answer = await mover.AdvanceAsync(http.GetRouteValue("trackingNumber")!.ToString()!) is { } moved
            ? Answer.Json(200, await store.ReadAsync(moved.Shown))
            : Answer.Error(409, "STAYS", "The parcel is unknown or stays where it is.");
        await answer.SendAsync(http);
    }
}
