using System.Text;
using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Host.Server;
using DoaMarket.Journal;
using DoaMarket.Kernel;
using DoaMarket.Orders;

namespace DoaMarket.Host.Ops;

/// <summary>An order's personal data in clear.</summary>
public sealed record RevealedOrder(OrderId OrderId, ShippingAddress ShippingAddress, string? DeliveryMemo);

/// <summary>
/// Personal data in clear, for a reason that is put on record first. The journal has it masked for ever: a message is
/// filled in from its order, which is the one place where it stays. Payment keys are secrets and shown to nobody.
/// </summary>
public sealed class RevealApi(Shop shop)
{
    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder ops)
    {
        ops.MapPost("/orders/{orderId:guid}/reveal", (Guid orderId, HttpContext http) => With(http, orderId, Show))
            .WithSummary("An order's address and memo in clear, for a reason (audited)")
            .Accepts<ReasonBody>("application/json").Produces<ApiSuccess<RevealedOrder>>().Produces<ApiFailure>(404);
        ops.MapPost(
                "/orders/{orderId:guid}/messages/{eventId:guid}/reveal",
                (Guid orderId, Guid eventId, HttpContext http) => With(
                    http, orderId, (_, order, reason) => ShowMessage(http, order, eventId, reason)))
            .WithSummary("One of an order's messages with personal data in clear, for a reason (audited)")
            .Accepts<ReasonBody>("application/json").Produces<ApiSuccess<JournalView>>().Produces<ApiFailure>(404);
    }

    private async Task<IResult> With(
        HttpContext http, Guid orderId, Func<HttpContext, Order, string, Task<IResult>> act)
    {
        var reason = (await ApiBody.Read<ReasonBody>(http.Request, http.RequestAborted)).Checked();
        return (await shop.Store.Find(OrderKinds.Orders.Key(new OrderId(orderId)), http.RequestAborted))?.State is Order order
            ? await act(http, order, reason)
            : ApiAnswers.Fail(http, ApiError.NotFound, new { orderId }, orderId);
    }

    private static async Task<IResult> Show(HttpContext http, Order order, string reason)
    {
        await Record(http, "order.reveal", order, reason);
        return ApiAnswers.Ok(http, new RevealedOrder(order.OrderId, order.ShippingAddress, order.DeliveryMemo));
    }

    private async Task<IResult> ShowMessage(HttpContext http, Order order, Guid eventId, string reason)
    {
        var story = await Story.OfOrder(shop.Journal, order.OrderId.Value, http.RequestAborted);
        if (story.Messages.FirstOrDefault(m => m.EventId.Value == eventId) is not { } entry)
        {
            return ApiAnswers.Fail(http, ApiError.NotFound, new { eventId }, eventId);
        }

        await Record(http, "message.reveal", order, $"{entry.EventType} {eventId}: {reason}");
        return ApiAnswers.Ok(http, JournalApi.View(entry with { Body = Revealed(entry, order) }));
    }

    private static Task<bool> Record(HttpContext http, string action, Order order, string reason) => http.Ask(
        ShopTopology.Orders, new RecordAction(new AuditEntry(action, order.OrderId.ToString(), reason)),
        Caller.Of(http).UserId);

    private static string Revealed(JournalEntry entry, Order order)
    {
        var catalog = ShopMessages.Catalog;
        return catalog.Read(entry.EventType, Encoding.UTF8.GetBytes(entry.Body)) switch
        {
            PrepareRequested asked => Written(asked with
            {
                ShippingAddress = order.ShippingAddress,
                DeliveryMemo = order.DeliveryMemo,
            }),
            PaymentRequested asked => Written(asked with
            {
                PaymentMethod = asked.PaymentMethod with
                {
                    RefundReceiveAccount = order.PaymentMethod.RefundReceiveAccount,
                },
            }),
            _ => entry.Body,
        };

        string Written(IMessage message) => Encoding.UTF8.GetString(catalog.Write(message));
    }
}
