using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Host.Server;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Shipping;

namespace DoaMarket.Host.Ops;

/// <summary>An order that a search has found.</summary>
/// <param name="By">What the text was: order_number, order_id, saga_id, correlation_id, tracking_number, …</param>
/// <param name="Order">The order.</param>
public sealed record SearchHit(string By, OpsOrderView Order);

/// <summary>Finds the order behind whatever a person has at hand.</summary>
public sealed class SearchApi(Shop shop)
{
    private const int MaxLength = 100, JournalRowsRead = 200;

    /// <summary>Adds the endpoint.</summary>
    public void Map(IEndpointRouteBuilder ops) => ops.MapGet("/search", Find)
        .WithSummary("Orders by number, order id, saga id, correlation id, payment id, shipment id or tracking number")
        .Produces<ApiSuccess<IReadOnlyList<SearchHit>>>().Produces<ApiFailure>(400);

    private async Task<IResult> Find(string q, HttpContext http)
    {
        var text = q.Trim();
        if (text.Length is 0 or > MaxLength)
        {
            throw ApiException.Field(
                "q", $"1자 이상 {MaxLength}자 이하로 적어 주세요.", $"write 1 to {MaxLength} characters.");
        }

        var stop = http.RequestAborted;
        var hits = new List<SearchHit>();
        foreach (var (by, id) in Guid.TryParse(text, out var uuid) ? await ById(uuid, stop) : await ByText(text, stop))
        {
            if (!hits.Any(h => h.Order.OrderId == id) && await OpsOrdersApi.Find(shop.Store, id, stop) is { } order)
            {
                hits.Add(new(by, order));
            }
        }

        return ApiAnswers.Ok<IReadOnlyList<SearchHit>>(http, hits);
    }

    private async Task<List<(string By, OrderId Id)>> ByText(string text, CancellationToken stop)
    {
        var found = new List<(string, OrderId)>();
        if (await OpsOrdersApi.ByNumber(shop.Store, text.ToUpperInvariant(), stop) is { } order)
        {
            found.Add(("order_number", order));
        }

        var parcels = await shop.Store.Query(new(ShippingKinds.Shipments, "by_tracking_number", [text], 10), stop);
        found.AddRange(parcels.Documents.Select(d => ("tracking_number", ((Shipment)d.State).OrderId)));
        return found;
    }

    private async Task<List<(string By, OrderId Id)>> ById(Guid id, CancellationToken stop)
    {
        var found = new List<(string, OrderId)>
        {
            ("order_id", new OrderId(id)), ("saga_id", OrderSagaId.OrderOf(new SagaId(id))),
        };
        if ((await shop.Store.Find(OrderKinds.Amends.Key(AmendSagaId.AmendOf(new SagaId(id))), stop))?.State is AmendSaga a)
        {
            found.Add(("saga_id", a.Amend.OrderId));
        }

        if ((await shop.Store.Find(PaymentKinds.Payments.Key(new PaymentId(id)), stop))?.State is Payment payment)
        {
            found.Add(("payment_id", payment.OrderId));
        }

        if ((await shop.Store.Find(ShippingKinds.Shipments.Key(new ShipmentId(id)), stop))?.State is Shipment parcel)
        {
            found.Add(("shipment_id", parcel.OrderId));
        }

        var messages = await shop.Journal.ByCorrelation(new CorrelationId(id), JournalRowsRead, stop);
        found.AddRange(messages.Select(m => m.Subject).OfType<string>().Distinct(StringComparer.Ordinal)
            .Where(subject => Guid.TryParse(subject, out _))
            .Select(subject => ("correlation_id", new OrderId(Guid.Parse(subject)))));
        return found;
    }
}
