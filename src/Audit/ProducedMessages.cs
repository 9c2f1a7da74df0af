using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Shipping;
using ShipmentStatus = DoaMarket.Shipping.ShipmentStatus;

namespace DoaMarket.Audit;

/// <summary>
/// O1: every state has told its messages, and every message has its state. Each line stays within one service.
/// </summary>
internal static class ProducedMessages
{
    public static AuditResult Of(ShopRecords shop)
    {
        var check = new Check("O1", "what a state says was sent, and what was sent, the state says");
        foreach (var row in shop.Unreadable)
        {
            check.Break(row);
        }

        foreach (var order in shop.Orders)
        {
            check.LookAt(Miscounted(order).Concat(Unsent(order)).Concat(Payments(order)));
        }

        foreach (var fault in Alerts(shop))
        {
            check.Break(fault);
        }

        check.Look(shop.Alerts.Count);
        return check.Result;
    }

    /// <summary>What happens once, and how the state shows that it did.</summary>
    private static IEnumerable<(string Types, bool Happened)> Once(OrderFile order)
    {
        var (saga, reservation) = (order.Saga?.State, order.Reservation?.State);
        yield return ("order.created", order.Placed is not null);
        yield return ("order.completed", saga?.Saga.CompletedAt is not null);
        yield return ("order.cancelled order.returned", saga?.Saga.Compensated == true);
        yield return ("order.delivered", saga?.Was(OrderStatus.Delivered) == true);
        yield return ("inventory.reserved", reservation?.ReserveAnswer?.Reserved is not null);
        yield return ("inventory.reserve_failed", reservation?.ReserveAnswer?.Failed is not null);
        yield return ("inventory.released", reservation?.ReleaseAnswer is not null);
        yield return (
            "inventory.committed",
            reservation?.Status is ReservationStatus.Committed or ReservationStatus.Restocked
                or ReservationStatus.WrittenOff);
        yield return ("inventory.reservation_expired", reservation?.Status is ReservationStatus.Expired);
        yield return ("payment.awaiting_deposit", order.Payment?.State.DepositReply is not null);
        yield return ("payment.completed", order.Payment?.State.ChargeReply?.Completed is not null);
        yield return ("payment.failed", order.Payment?.State.ChargeReply?.Failed is not null);
        var (shipment, rank) = (
            order.Shipment?.State, order.Shipment is { } s ? ShippingInvariants.Rank(s.State.Status) : 0);
        yield return ("shipping.prepared", shipment?.Replies.Prepared is not null);
        yield return ("shipping.prepare_failed", shipment?.Replies.PrepareFailed is not null);
        yield return ("shipping.dispatched", rank >= ShippingInvariants.Rank(ShipmentStatus.Dispatched));
        yield return ("return.completed", shipment?.Status is ShipmentStatus.ReturnCompleted);
    }

    private static IEnumerable<string> Miscounted(OrderFile order)
    {
        var counts = order.Told.CountBy(t => t.Type).ToDictionary(StringComparer.Ordinal);
        foreach (var (types, happened) in Once(order))
        {
            var sent = types.Split(' ').Sum(type => counts.GetValueOrDefault(type));
            if (sent != (happened ? 1 : 0))
            {
                yield return $"order {order.Id}: {types.Replace(" ", " or ", StringComparison.Ordinal)} "
                    + $"was sent {sent} times, though by its state it {(happened ? "happened" : "did not happen")}";
            }
        }

        if (order.Saga?.State.Saga is { } saga && SagaPattern.IsReadable(saga))
        {
            var payment = saga.Step(OrderFlow.ProcessPayment);
            var shown = counts.ContainsKey("order.awaiting_deposit");
            if ((payment.WaitingSince is not null && !shown) || (shown && payment.WaitsUntil is null))
            {
                yield return $"order {order.Id}: order.awaiting_deposit was {(shown ? "" : "not ")}sent, "
                    + $"and its payment {(shown ? "never waited" : "waits")} for a deposit";
            }
        }

        var amends = order.Reservation?.State.LinesAnswers ?? [];
        var restocked = amends.Count(a => a is { WereSold: true, Lines.Count: > 0 })
            + (order.Reservation?.State is { Status: ReservationStatus.Restocked, Remaining.Count: > 0 } ? 1 : 0);
        if (counts.GetValueOrDefault("inventory.lines_released") != amends.Count
            || counts.GetValueOrDefault("inventory.restocked") != restocked)
        {
            yield return $"order {order.Id}: {amends.Count} partial cancels were answered and stock came back "
                + $"{restocked} times, but {counts.GetValueOrDefault("inventory.lines_released")} and "
                + $"{counts.GetValueOrDefault("inventory.restocked")} were told";
        }

        var (mailed, failed) = (
            counts.GetValueOrDefault("notification.sent"), counts.GetValueOrDefault("notification.failed"));
        if (mailed != order.MailsSent || failed < order.MailsFailed)
        {
            yield return $"order {order.Id}: {order.MailsSent} notifications sent and {order.MailsFailed} failed, "
                + $"but {mailed} and {failed} were told";
        }
    }

    /// <summary>Replies that documents remember having given are in the journal under their ids.</summary>
    private static IEnumerable<string> Unsent(OrderFile order)
    {
        var (reservation, payment, replies) = (
            order.Reservation?.State, order.Payment?.State, order.Shipment?.State.Replies);
        EventId?[] remembered =
        [
            reservation?.ReserveAnswer?.Sent.EventId, reservation?.ReleaseAnswer?.Sent.EventId,
            reservation?.ExtendAnswer?.Sent.EventId, payment?.ChargeReply?.Sent.EventId, payment?.RefundReply?.Sent.EventId,
            replies?.Prepared?.Sent.EventId, replies?.PrepareFailed?.Sent.EventId,
            replies?.Cancelled?.Sent.EventId, replies?.CancelRefused?.Sent.EventId, replies?.ReturnReceived?.Sent.EventId,
        ];
        var amends = (order.Shipment?.State.Amends ?? [])
            .SelectMany(a => new[] { a.Amended?.Sent.EventId, a.Refused?.Sent.EventId, a.Undone?.Sent.EventId });
        return remembered.Concat(amends).Concat((reservation?.LinesAnswers ?? []).Select(a => (EventId?)a.Sent.EventId))
            .Append(payment?.DepositReply?.Sent.EventId).Concat(payment?.Refunds.Select(r => r.Reply?.Sent.EventId) ?? [])
            .OfType<EventId>().Where(id => !order.Told.Any(t => t.Id == id.Value))
            .Select(id => $"order {order.Id}: a document remembers the reply {id}, which was never sent");
    }

    private static IEnumerable<string> Payments(OrderFile order)
    {
        var captured = order.Told.Select(t => t.Body).OfType<PaymentCompleted>().FirstOrDefault();
        var reversed = order.Told.Select(t => t.Body).OfType<DepositReversed>().ToList();
        var taken = order.MoneyRows.Where(r => r.Reason == LedgerReason.DepositReversed).ToList();
        if (!reversed.Select(m => m.Amount.Won).Order().SequenceEqual(taken.Select(r => -r.Amount.Won).Order()))
        {
            yield return $"order {order.Id}: {taken.Count} deposits were taken back by the ledger, "
                + $"but payment.deposit_reversed told of {reversed.Count}";
        }

        if (captured is not null && captured.Amount != order.FirstCaptured)
        {
            yield return $"order {order.Id}: payment.completed told {captured.Amount}, "
                + $"but the ledger says {order.FirstCaptured}";
        }

        if (captured is null && order.Captured > Money.Zero
            && order.Payment?.State is { Refunds.Count: 0, SettlementReason: null })
        {
            yield return $"order {order.Id}: {order.Captured} captured by the ledger, "
                + "but payment.completed was not sent, "
                + "and no refund is known";
        }

        var told = order.Told.Select(t => t.Body).OfType<PaymentRefunded>()
            .Select(m => (m.RefundId, Won: -m.Amount.Won));
        var rows = order.MoneyRows.Where(r => r.RefundId is not null)
            .Select(r => (RefundId: r.RefundId!.Value, r.Amount.Won));
        foreach (var (refund, won) in told.Except(rows))
        {
            yield return $"order {order.Id}: payment.refunded told {new Money(-won)} for {refund}, "
                + "but the ledger has no such row";
        }

        foreach (var (refund, won) in rows.Except(told))
        {
            yield return $"order {order.Id}: the ledger has {new Money(-won)} given back for {refund}, "
                + "but payment.refunded did not tell it";
        }
    }

    private static IEnumerable<string> Alerts(ShopRecords shop)
    {
        var told = shop.Orders.SelectMany(o => o.Told).Concat(shop.OtherTold).Select(t => t.Body).ToList();
        var raised = told.OfType<AlertRaised>().Select(a => KernelKinds.AlertKey(a.Type, a.About))
            .ToHashSet(StringComparer.Ordinal);
        var resolved = told.OfType<AlertResolved>().Select(a => KernelKinds.AlertKey(a.Type, a.About))
            .ToHashSet(StringComparer.Ordinal);
        var known = shop.Alerts.Select(a => a.Key).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. shop.Alerts.Where(a => !raised.Contains(a.Key))
                .Select(a => $"alert {a.Key}: alert.raised was not sent"),
            .. shop.Alerts.Where(a => !a.Alert.IsOpen && !resolved.Contains(a.Key))
                .Select(a => $"alert {a.Key}: resolved, but alert.resolved was not sent"),
            .. raised.Where(key => !known.Contains(key))
                .Select(key => $"alert.raised told of {key}, which there is not"),
        ];
    }
}
