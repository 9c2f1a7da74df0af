using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Orders;

/// <summary>What a product costs from now on, and why.</summary>
public sealed record PriceBody(long Price, string Reason, string? VariantId = null);

/// <summary>Tells how many of a product's variants are available. Inventory knows; the host connects the two.</summary>
public delegate Task<IReadOnlyDictionary<(ProductId, VariantId?), int>> AvailabilityOf(
    IReadOnlyList<ProductId> products, CancellationToken stop);

/// <summary>The API of the price list.</summary>
public sealed class ProductsApi(IStore store, AvailabilityOf availability)
{
    private const int MaxReasonLength = 200;
    private const long MaxPriceWon = 1_000_000_000;

    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/products", (Delegate)Products).AllowAnonymous().WithTags("Products")
            .WithSummary("The price list, page by page; ?limit= &cursor=").Produces<ApiSuccess<IReadOnlyList<ProductView>>>();
        api.MapPatch("/products/{productId}", ChangePrice).RequireAuthorization(Roles.Seller).WithTags("Products")
            .WithSummary("Change a price from now on: operators, and the product's seller (audited)")
            .WithDescription("Orders that are placed keep their prices.")
            .Accepts<PriceBody>("application/json").Produces<ApiSuccess<ProductView>>()
            .Produces<ApiFailure>(400).Produces<ApiFailure>(404);
    }

    private async Task<IResult> Products(HttpContext http)
    {
        var paging = ApiPaging.Of(http.Request);
        var page = await store.Query(
            new(OrderKinds.Products, "by_product", [], paging.Limit, Cursor: paging.Cursor), http.RequestAborted);
        return ApiAnswers.Page(
            http, await Views([.. page.Documents.Select(d => (Product)d.State)], http), page.NextCursor);
    }

    private async Task<IResult> ChangePrice(string productId, HttpContext http)
    {
        var body = await ApiBody.Read<PriceBody>(http.Request, http.RequestAborted);
        if (body.Price is < 0 or > MaxPriceWon)
        {
            throw ApiException.Field(
                "price", $"0원 이상 {MaxPriceWon}원 이하여야 합니다.", $"it must be from 0 to {MaxPriceWon} won.");
        }

        if (body.Reason.Trim().Length is 0 or > MaxReasonLength)
        {
            throw ApiException.Field(
                "reason", $"1자 이상 {MaxReasonLength}자 이하로 적어 주세요.", $"write 1 to {MaxReasonLength} characters.");
        }

        var caller = Caller.Of(http);
        var wish = new ChangePrice(
            new(productId), body.VariantId is { } variant ? new VariantId(variant) : null, new Money(body.Price),
            caller.UserId, caller.IsOperator, body.Reason.Trim());
        return (await http.Ask(ShopTopology.Orders, wish, caller.UserId)).Product is { } product
            ? ApiAnswers.Ok(http, (await Views([product], http))[0])
            : ApiAnswers.Fail(http, ApiError.NotFound, new { productId, body.VariantId }, productId);
    }

    private async Task<IReadOnlyList<ProductView>> Views(IReadOnlyList<Product> products, HttpContext http)
    {
        var available = await availability([.. products.Select(p => p.ProductId).Distinct()], http.RequestAborted);
        return
        [
            .. products.Select(p => new ProductView(
                p.ProductId, p.VariantId, p.Name, p.Price, available.GetValueOrDefault((p.ProductId, p.VariantId)))),
        ];
    }
}
