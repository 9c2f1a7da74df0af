using System.Text.Json;
using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Host.Server;
using DoaMarket.Inventory;
using DoaMarket.Journal;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Sagas;
using DoaMarket.Shipping;

namespace DoaMarket.Host.Ops;

/// <summary>An order's whole story in one list, out of what every service has on record.</summary>
public sealed class TimelineApi(Shop shop, IReadOnlyList<SagaOutline> outlines)
{
    private const int RowsPerSource = 200;

    private readonly Dictionary<string, string> _steps = StepsOf(outlines);

    /// <summary>Adds the endpoint.</summary>
    public void Map(IEndpointRouteBuilder ops) => ops.MapGet("/orders/{orderId:guid}/timeline", Show)
        .WithSummary("An order's story: messages, drops, timers, outside calls, notifications, people, alerts, dead letters")
        .Produces<ApiSuccess<TimelineView>>().Produces<ApiFailure>(404);

    private async Task<IResult> Show(Guid orderId, HttpContext http)
    {
        var (id, stop) = (new OrderId(orderId), http.RequestAborted);
        if ((await shop.Store.Find(OrderKinds.Sagas.Key(id), stop))?.State is not OrderSaga saga)
        {
            return ApiAnswers.Fail(http, ApiError.NotFound, new { orderId }, orderId);
        }

        var story = await Story.OfOrder(shop.Journal, orderId, stop);
        var lines = new List<TimelineEntry>(story.Messages.Select(m => TimelineLines.Of(m, shop.Topology, _steps)));
        TimelineLines.Merge(lines, story.Remarks.Select(TimelineLines.Of));
        TimelineLines.Merge(lines, await Money(id, stop));
        TimelineLines.Merge(lines, await Parcel(id, stop));
        TimelineLines.Merge(lines, await Notices(id, stop));
        TimelineLines.Merge(lines, await People(saga, stop));
        TimelineLines.Merge(lines, await Acknowledged(story.Messages, stop));
        TimelineLines.Merge(lines, await DeadLetters(story.Messages, stop));
        return ApiAnswers.Ok(http, new TimelineView(lines, await Timers(id, saga, stop)));
    }

    private static Dictionary<string, string> StepsOf(IReadOnlyList<SagaOutline> outlines)
    {
        var steps = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var step in outlines.SelectMany(o => o.Steps))
        {
            string?[] messages =
            [
                step.Asks, step.DoneOn, step.FailedOn, step.StuckOn, step.UndoneBy, .. step.UndoneOn, step.UndoFailedOn,
                step.RefusedOn, step.CameBackOn,
            ];
            foreach (var message in messages.OfType<string>())
            {
                steps.TryAdd(message, step.Name);
            }
        }

        return steps;
    }

    private async Task<IEnumerable<TimelineEntry>> Money(OrderId order, CancellationToken stop)
    {
        var rows = await shop.Store.Query(
            new(PaymentKinds.Ledger, "by_payment", [PaymentId.Of(order).ToString()], RowsPerSource), stop);
        return rows.Documents.Select(d => (PaymentLedgerRow)d.State).Select(r => new TimelineEntry(
            r.At, r.TransactionKey is null ? TimelineKind.Operator : TimelineKind.Outside, ShopTopology.Payments,
            $"pg_{Words.Of(r.Reason)}", $"{r.Amount} · {r.TransactionKey ?? r.Remark}",
            Step: OrderFlow.ProcessPayment));
    }

    private async Task<IEnumerable<TimelineEntry>> Parcel(OrderId order, CancellationToken stop) =>
        (await shop.Store.Find(ShippingKinds.Shipments.Key(ShipmentId.Of(order)), stop))?.State is Shipment parcel
            ? parcel.History.Select(h => new TimelineEntry(
                h.OccurredAt, TimelineKind.Outside, ShopTopology.Shipping, "carrier_report",
                $"{parcel.Waybill?.CarrierName}: {h.Status}{(h.Description is null ? "" : $" ({h.Description})")}",
                Step: OrderFlow.PrepareShipping))
            : [];

    // Sent and failed ones are told by their messages.
    private async Task<IEnumerable<TimelineEntry>> Notices(OrderId order, CancellationToken stop)
    {
        var page = await shop.Store.Query(
            new(NotificationKinds.Notifications, "by_order", [order.ToString()], RowsPerSource), stop);
        return page.Documents.Select(d => (Notification)d.State)
            .Where(n => n.Status is not (NotificationStatus.Sent or NotificationStatus.Failed))
            .Select(n => new TimelineEntry(
                n.CreatedAt, TimelineKind.Notification, ShopTopology.Notifications,
                $"notification.{Words.Of(n.Status)}", $"{n.Type} · {n.Channel}{(n.Reason is null ? "" : $" · {n.Reason}")}"));
    }

    // What was done within the order's own request, and what was done to the order or its saga from elsewhere.
    private async Task<IEnumerable<TimelineEntry>> People(OrderSaga saga, CancellationToken stop)
    {
        (string Index, string Value)[] about =
        [
            ("by_request", saga.Saga.CorrelationId.ToString()), ("by_subject", saga.OrderId.ToString()),
            ("by_subject", saga.Saga.SagaId.ToString()),
        ];
        var found = new Dictionary<DocumentKey, TimelineEntry>();
        foreach (var module in shop.Modules)
        {
            foreach (var (index, value) in about)
            {
                foreach (var (key, entry) in await Audited(module.Service, index, value, stop))
                {
                    found[key] = entry;
                }
            }
        }

        return found.Values;
    }

    private async Task<IEnumerable<(DocumentKey Key, TimelineEntry Entry)>> Audited(
        string service, string index, string value, CancellationToken stop)
    {
        var module = shop.Modules.Single(m => m.Service == service);
        var page = await shop.Store.Query(new(module.Audits, index, [value], RowsPerSource), stop);
        return page.Documents.Select(d => (d.Key, (AuditState)d.State)).Select(row => (row.Key, new TimelineEntry(
            row.Item2.At, TimelineKind.Operator, service, row.Item2.Action, row.Item2.Reason, Actor: row.Item2.Actor)));
    }

    private async Task<List<TimelineEntry>> Acknowledged(IReadOnlyList<JournalEntry> messages, CancellationToken stop)
    {
        var found = new List<TimelineEntry>();
        foreach (var raised in messages.Where(m => m.EventType == "alert.raised").DistinctBy(m => (m.Source, m.Body)))
        {
            using var body = JsonDocument.Parse(raised.Body);
            var (type, about) = (
                body.RootElement.GetProperty("type").GetString()!, body.RootElement.GetProperty("about").GetString()!);
            var service = shop.Topology.Queues.FirstOrDefault(q => q.Source == raised.Source)?.Service;
            if (shop.Modules.SingleOrDefault(m => m.Service == service) is { } module
                && (await shop.Store.Find(module.Alerts.Key(KernelKinds.AlertKey(type, about)), stop))?.State
                    is AlertState { AcknowledgedAt: { } at } alert)
            {
                found.Add(new(
                    at, TimelineKind.Operator, module.Service, "alert.acknowledge", type, Actor: alert.AcknowledgedBy));
            }
        }

        return found;
    }

    // A dead letter's id follows from its message and the queue in which it failed.
    private async Task<List<TimelineEntry>> DeadLetters(IReadOnlyList<JournalEntry> messages, CancellationToken stop)
    {
        var found = new List<TimelineEntry>();
        foreach (var message in messages)
        {
            foreach (var queue in shop.Topology.Route(message.EventType))
            {
                if (await shop.DeadLetters.Find(DeadLetter.IdOf(message.EventId, queue.Queue), stop) is { } dead)
                {
                    found.Add(new(
                        dead.DeadAt, TimelineKind.DeadLetter, queue.Service, message.EventType,
                        $"{dead.Reason} ({dead.Status})", dead.EventId, Link: dead.Id.ToString("D")));
                    found.AddRange(
                        (await Audited(queue.Service, "by_subject", dead.Id.ToString("D"), stop)).Select(a => a.Entry));
                }
            }
        }

        return found;
    }

    private async Task<List<TimelineTimer>> Timers(OrderId order, OrderSaga saga, CancellationToken stop)
    {
        var timers = new List<TimelineTimer>();
        Add(saga.Saga.WakeAt, ShopTopology.Orders, "saga_deadline");
        Add(await DueAt(InventoryKinds.Reservations.Key(order), stop), ShopTopology.Inventory, "hold_expires");
        Add(
            await DueAt(PaymentKinds.Payments.Key(PaymentId.Of(order)), stop), ShopTopology.Payments,
            "payment_looked_at");
        Add(
            await DueAt(ShippingKinds.Shipments.Key(ShipmentId.Of(order)), stop), ShopTopology.Shipping,
            "parcel_looked_at");
        return [.. timers.OrderBy(t => t.At)];

        void Add(DateTimeOffset? at, string service, string name)
        {
            if (at is { } due)
            {
                timers.Add(new(due, service, name));
            }
        }
    }

    private async Task<DateTimeOffset?> DueAt(DocumentKey key, CancellationToken stop) =>
        (await shop.Store.Find(key, stop))?.State is { } state ? key.Kind.WakeAt(state) : null;
}
