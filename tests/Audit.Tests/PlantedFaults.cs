using DoaMarket.Contracts;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Sagas;
using DoaMarket.Shipping;
using static DoaMarket.Audit.Tests.Stories;
using PaymentStatus = DoaMarket.Payments.PaymentStatus;
using ShipmentStatus = DoaMarket.Shipping.ShipmentStatus;

namespace DoaMarket.Audit.Tests;

/// <summary>One thing wrong at a time, and the one invariant that must say so.</summary>
internal static class PlantedFaults
{
    public static readonly IReadOnlyList<(string Code, string What, Action<Picture> Plant)> All =
    [
        .. PlantedFigures.All,
        .. Stock(), .. PlantedStock.All, .. PlantedLoss.All, .. PlantedAmends.All, .. PlantedWaits.All, .. Money(),
        .. Sagas(), .. Parcels(), .. Messages(), .. Requests(),
    ];

    private static IEnumerable<(string Code, string What, Action<Picture> Plant)> Stock()
    {
        yield return ("S1", "more is reserved than is on hand, by all accounts", p =>
        {
            StockRow(p, "extra", new(new("P-2"), null, StockReason.Reserved, 0, 1, null, Picture.Noon));
            p.Put(InventoryKinds.StockItems, "P-2", new(new("P-2"), null, OnHand: 0, Reserved: 1, 0));
            p.Change(InventoryKinds.Reservations, PaidLate, r => r with { Status = ReservationStatus.Held, Lines = [new(new("P-2"), null, 1)] });
            p.Remove(InventoryKinds.StockLedger, $"{PaidLate}/{StockReason.Reserved}");
            p.Remove(InventoryKinds.StockLedger, $"{PaidLate}/{StockReason.Released}");
            StockRow(p, "extra", new(new("P-2"), null, StockReason.Reserved, 0, 1, PaidLate, Picture.Noon));
        }
        );
        yield return ("S2", "a reservation holds what is not reserved", p =>
        {
            p.Change(InventoryKinds.Reservations, PaidLate, r => r with { Status = ReservationStatus.Held });
            p.Remove(InventoryKinds.StockLedger, $"{PaidLate}/{StockReason.Released}");
            StockRow(p, $"{PaidLate}/{StockReason.Reserved}", new(new(Item), null, StockReason.Reserved, 0, 0, PaidLate, Picture.Noon));
        }
        );
        yield return ("S3", "a ledger row is missing its item's change", p =>
            StockRow(p, "extra", new(new(Item), null, StockReason.Reserved, 0, 1, null, Picture.Noon)));
        yield return ("S4", "more is sold than went out", p =>
            p.Change(InventoryKinds.Reservations, Delivered, r => r with { Lines = [new(new(Item), null, 3)] }));
        yield return ("S5", "a committed reservation was released too", p =>
            StockRow(p, "extra", new(new(Item), null, StockReason.Released, 0, 0, Delivered, Picture.Noon)));
        yield return ("S5", "stock was restocked twice", p =>
            StockRow(p, "extra", new(new(Item), null, StockReason.Restocked, 0, 0, Cancelled, Picture.Noon)));
    }

    private static IEnumerable<(string Code, string What, Action<Picture> Plant)> Money()
    {
        foreach (var fault in PlantedMoney.All)
        {
            yield return fault;
        }

        yield return ("M1", "a payment does not agree with its ledger", p => PaymentState(p, Delivered, x => x with { Captured = new(12_901) }));
        yield return ("M1", "more was asked of the PG than the order costs", p => PaymentState(p, Delivered, x => x with { Amount = new(99_000) }));
        yield return ("M2", "a cancelled order's money went back in part", p => RefundOnly(p, Cancelled, new(9_900)));
        yield return ("M1", "a completed order's money went back", p =>
        {
            var row = $"{PaymentOf(Delivered)}/{RefundOf(Delivered)}";
            p.Put(PaymentKinds.Ledger, row, new(
                PaymentOf(Delivered), Delivered, LedgerReason.Refunded, new(-900), Picture.Noon, RefundOf(Delivered)));
            p.Tell(new PaymentRefunded(Delivered, PaymentOf(Delivered), RefundOf(Delivered), new(900), new(12_900), SettledByHand: false));
            p.PgBooks.Add(new(Delivered.ToString(), OraclePayment.Cancel, $"pk-{Delivered}", 900, "refund"));
            PaymentState(p, Delivered, x => x with { Refunded = new(900) });
        }
        );
        yield return ("M3", "the PG knows nothing of a capture", p => p.PgBooks.RemoveAll(r => r.OrderId == Delivered.ToString()));
        yield return ("M3", "the PG refunded what the ledger still has", p =>
            p.PgBooks.Add(new(Delivered.ToString(), OraclePayment.Cancel, $"pk-{Delivered}", 12_900, "refund")));
        yield return ("M4", "the PG captured twice", p =>
        {
            p.PgBooks.RemoveAll(r => r.OrderId == Delivered.ToString());
            p.PgBooks.Add(new(Delivered.ToString(), OraclePayment.Capture, "pk-1", 6_450, "charge:1"));
            p.PgBooks.Add(new(Delivered.ToString(), OraclePayment.Capture, "pk-2", 6_450, "charge:2"));
        }
        );
        yield return ("M5", "a late capture went back in part", p => RefundOnly(p, PaidLate, new(9_900)));
        yield return ("M6", "a refund failed and nobody was told", p => p.Change(
            KernelKinds.Alerts(ShopTopology.Payments), KernelKinds.AlertKey("REFUND_FAILED", PaymentOf(RefundRefused).ToString()),
            a => Resolve(p, a)));
        yield return ("M6", "an alert is open for a refund that went through", p =>
            Alert(p, ShopTopology.Payments, "REFUND_FAILED", PaymentOf(Cancelled).ToString(), Cancelled));
    }

    private static IEnumerable<(string Code, string What, Action<Picture> Plant)> Sagas()
    {
        yield return ("G1", "a completed saga has a step that was never begun", p =>
            Step(p, Delivered, OrderFlow.PrepareShipping, s => s with { Status = StepStatus.Pending }));
        yield return ("G1", "a saga is another order's", p => p.Change(OrderKinds.Sagas, Delivered, s => s with
        {
            Saga = s.Saga with { SagaId = OrderSagaId.Of(Cancelled) },
        }));
        yield return ("G1", "an order's status is not its saga's", p => p.Change(OrderKinds.Sagas, Delivered, s => s with
        {
            History = [.. s.History, new(OrderStatus.Shipped, Picture.Noon.AddHours(1))],
        }));
        yield return ("G2", "a saga needs attention and nobody was told", p => p.Change(
            KernelKinds.Alerts(ShopTopology.Orders), KernelKinds.AlertKey(OrderAlerts.Attention, OrderSagaId.Of(RefundRefused).ToString()),
            a => Resolve(p, a)));
        yield return ("G3", "an undo was sent before its step", p => Swap(p, Cancelled, "payment.requested", "payment.refund_requested"));
        yield return ("G3", "a commanded step is not undone", p =>
        {
            // Says that it had been skipped, though it was commanded.
            Step(p, Cancelled, OrderFlow.PrepareShipping, s => s with { Status = StepStatus.Skipped });
        }
        );
        yield return ("G4", "stock is released before the refund is confirmed", p =>
            Swap(p, Cancelled, "payment.refunded", "inventory.release_requested"));
        yield return ("G5", "the carrier took the parcel twice", p =>
            p.CarrierBooks.Add(new(ClientReference.Of(Delivered), OracleParcel.Dispatch, "kr.hanjin", Waybill(p, Delivered))));
        yield return ("G5", "the PG refunded one key twice", p =>
        {
            var i = p.PgBooks.FindIndex(r => r.OrderId == Cancelled.ToString() && r.Kind == OraclePayment.Cancel);
            p.PgBooks[i] = p.PgBooks[i] with { AmountWon = 6_450 };
            p.PgBooks.Add(p.PgBooks[i]);
        }
        );
        yield return ("G6", "a dispatched waybill was cancelled", p =>
            p.CarrierBooks.Add(new(ClientReference.Of(Delivered), OracleParcel.Cancel, "kr.hanjin", Waybill(p, Delivered))));
        yield return ("G6", "an order whose parcel went out is said to be cancelled", p =>
            p.Replace(Returned, "order.returned", m => m with
            {
                EventType = "order.cancelled",
                Body = $"{m.Body[..^1]},\"cause\":\"{CancelCauses.Person}\"}}",
            }));
    }

    private static IEnumerable<(string Code, string What, Action<Picture> Plant)> Parcels()
    {
        yield return ("H1", "a parcel was dispatched before its stock was sold", p =>
            p.Change(ShippingKinds.Shipments, ShipmentOf(Delivered), s => s with { IsCommitted = false }));
        yield return ("H1", "a parcel holds other lines than the order", p => p.Change(ShippingKinds.Shipments, ShipmentOf(Delivered), s => s with
        {
            Consignment = s.Consignment! with { Items = [s.Consignment.Items[0] with { Quantity = 1 }] },
        }));
        yield return ("H1", "a parcel was dispatched before it was paid", p =>
            p.Replace(Delivered, "payment.completed", m => After(m, p.Message(Delivered, "shipping.dispatched"))));
        yield return ("H1", "a parcel holds a line that was cancelled", p =>
        {
            PlantedAmends.TakenOut(p);
            p.Change(ShippingKinds.Shipments, ShipmentOf(Delivered), s => s with
            {
                Consignment = s.Consignment! with { Items = [s.Consignment.Items[0] with { Quantity = 2 }] },
            });
        }
        );
        yield return ("H1", "a parcel was dispatched while a partial cancel was open", p =>
        {
            PlantedAmends.TakenOut(p);
            p.Change(ShippingKinds.Shipments, ShipmentOf(Delivered), s => s with
            {
                Amends = [s.Amends[0] with { Status = AmendStatus.Open }],
            });
        }
        );
        yield return ("H1", "the carrier takes a parcel elsewhere than its owner wants it", p =>
        {
            var i = p.CarrierBooks.FindIndex(
                r => r.ClientReference == ClientReference.Of(Delivered) && r.Kind == OracleParcel.Dispatch);
            p.CarrierBooks[i] = p.CarrierBooks[i] with { PostalCode = "06236" };
        }
        );
        yield return ("H2", "two waybills live at once", p =>
            p.CarrierBooks.Add(new(ClientReference.Of(Delivered), OracleParcel.Waybill, "kr.cjlogistics", "600000000001")));
        yield return ("H2", "a cancelled parcel's waybill lives on", p =>
            p.CarrierBooks.RemoveAll(r => r.ClientReference == ClientReference.Of(Cancelled) && r.Kind == OracleParcel.Cancel));
        yield return ("H3", "a delivered parcel is on its way again", p =>
            p.Change(ShippingKinds.Shipments, ShipmentOf(Delivered), s => s with { Status = ShipmentStatus.InTransit }));
        yield return ("H3", "a parcel was delivered before it went out", p => Swap(p, Delivered, "shipping.dispatched", "shipping.delivered"));
    }

    private static IEnumerable<(string Code, string What, Action<Picture> Plant)> Messages()
    {
        yield return ("O1", "a completed order never said so", p => Unsay(p, Delivered, "order.completed"));
        yield return ("O1", "a completed order said so twice", p => p.Tell(new OrderCompleted(Delivered, "ORD", new(12_900))));
        yield return ("O1", "a partial cancel's answer that the parcel remembers was never sent", p =>
        {
            PlantedAmends.TakenOut(p);
            Unsay(p, Delivered, "shipping.amended");
        }
        );
        yield return ("O1", "a reply that its document remembers was never sent", p => Unsay(p, RefundRefused, "payment.refund_failed"));
        yield return ("O1", "a capture was told with another amount", p => p.Replace(Delivered, "payment.completed", m => m with
        {
            Body = m.Body.Replace("\"amount\":12900", "\"amount\":1", StringComparison.Ordinal),
        }));
        yield return ("O1", "an alert nobody was told of", p => p.Put(
            KernelKinds.Alerts(ShopTopology.Shipping), "CARRIER_UNREACHABLE/x",
            new(new("CARRIER_UNREACHABLE", AlertSeverity.P2, "x", "text"), ShopTopology.Shipping, Picture.Noon, null, null, 1, null)));
        yield return ("O2", "a message still waits", p =>
            p.Waiting.Add(("notification-service-queue", p.Message(Delivered, "shipping.delivered").EventId)));
        yield return ("O2", "a message was lost on its way", p =>
            p.NeverTakenIn.Add((ShopTopology.Orders, p.Message(Delivered, "shipping.delivered").EventId)));
        yield return ("O3", "a message's cause is unknown", p => p.Replace(Delivered, "order.completed", m => m with
        {
            CausationId = new(Guid.Empty),
        }));
        yield return ("O3", "a reply that nothing caused", p => p.Replace(Delivered, "shipping.prepared", m => m with { CausationId = null }));
        yield return ("O4", "a message was taken in twice", p => p.TakenInTwice.Add(p.Message(Delivered, "inventory.reserved").EventId));
        yield return ("O5", "a dead letter lost its bytes", p => p.Dead.Add(DeadLetter(p) with { Body = "" }));
        yield return ("O5", "a dead letter lost its personal data", p =>
        {
            var m = p.Message(Delivered, "shipping.prepare_requested");
            var headers = $$"""{"eventId":"{{m.EventId}}","eventType":"{{m.EventType}}"}""";
            p.Dead.Add(DeadLetter(p) with
            {
                EventId = m.EventId,
                EventType = m.EventType,
                Headers = headers,
                Body = m.Body,
                MaskedBody = m.Body,
            });
        }
        );
        yield return ("O5", "a dead letter has another message's headers", p => p.Dead.Add(DeadLetter(p) with { Headers = "{}" }));
    }

    private static IEnumerable<(string Code, string What, Action<Picture> Plant)> Requests()
    {
        yield return ("N1", "a customer was told the same twice", p =>
        {
            var cause = p.Message(Delivered, "order.created").EventId;
            var key = Notification.IdOf(cause, "email", new("user-1")).ToString();
            var told = p.Get(NotificationKinds.Notifications, key);
            p.Put(NotificationKinds.Notifications, "another", told with { Status = NotificationStatus.Suppressed });
        }
        );
        yield return ("N1", "a channel was forgotten", p => p.NeverDecided.Add((p.Message(Delivered, "shipping.delivered").EventId, "sms")));
        yield return ("N1", "a mail is said to be sent that never came", p =>
        {
            Mail(p, Cancelled);
            p.MessageBooks.RemoveAt(p.MessageBooks.Count - 1);
        }
        );
        yield return ("N1", "a mail came twice", p => p.MessageBooks.Add(p.MessageBooks[0]));
        yield return ("N1", "a mail came to somebody else", p => p.MessageBooks[0] = p.MessageBooks[0] with { Recipient = "x@example.com" });
        yield return ("N1", "a push came that nobody decided", p => p.MessageBooks.Add(new("push", Guid.Empty.ToString(), "phone", IsRepeated: false)));
        yield return ("N1", "a text came that the customer had switched off", p => p.MessageBooks.Add(new(
            "sms", Notification.IdOf(p.Message(Delivered, "shipping.delivered").EventId, "sms", User).ToString(), "010", IsRepeated: false)));
        yield return ("I1", "two keys made one order", p =>
        {
            var answer = p.Get(OrderKinds.IdempotencyKeys, IdempotencyRecord.Key(new("user-1"), $"key-{Delivered}"));
            p.Put(OrderKinds.IdempotencyKeys, IdempotencyRecord.Key(new("user-1"), "another"), answer);
        }
        );
        yield return ("I1", "a key answers with another customer's order", p =>
        {
            var key = IdempotencyRecord.Key(new("user-1"), $"key-{Delivered}");
            var answer = p.Get(OrderKinds.IdempotencyKeys, key);
            p.Remove(OrderKinds.IdempotencyKeys, key);
            p.Put(OrderKinds.IdempotencyKeys, IdempotencyRecord.Key(new("user-2"), "theirs"), answer);
        }
        );
        yield return ("X1", "a promised order is not there", p => p.Promised.Add(new(Guid.Empty)));
        yield return ("X1", "orders are there that nobody numbered", p => p.Remove(OrderKinds.Numbers, "20260401"));
        yield return ("X1", "a number was given and its order is gone", p => p.Change(OrderKinds.Numbers, "20260401", n => n.Next()));
    }

    private static void StockRow(Picture p, string key, StockLedgerRow row) => p.Put(InventoryKinds.StockLedger, key, row);

    private static void PaymentState(Picture p, OrderId id, Func<Payment, Payment> change) =>
        p.Change(PaymentKinds.Payments, PaymentOf(id).ToString(), change);

    /// <summary>Everybody agrees that only this much went back.</summary>
    private static void RefundOnly(Picture p, OrderId id, Money amount)
    {
        p.Change(PaymentKinds.Ledger, $"{PaymentOf(id)}/{RefundOf(id)}", r => r with { Amount = Contracts.Money.Zero - amount });
        PaymentState(p, id, x => x with { Refunded = amount });
        var i = p.PgBooks.FindIndex(r => r.OrderId == id.ToString() && r.Kind == OraclePayment.Cancel);
        p.PgBooks[i] = p.PgBooks[i] with { AmountWon = amount.Won };
        p.Replace(id, "payment.refunded", m => m with { Body = m.Body.Replace("\"amount\":12900", $"\"amount\":{amount.Won}", StringComparison.Ordinal) });
    }

    private static AlertState Resolve(Picture p, AlertState alert)
    {
        p.Tell(new AlertResolved(alert.Alert.Type, alert.Alert.Subject, "resolved", alert.Alert.OrderId));
        return alert with { ResolvedAt = Picture.Noon, Resolution = "resolved" };
    }

    private static void Step(Picture p, OrderId id, string step, Func<StepState, StepState> change) => p.Change(OrderKinds.Sagas, id, s => s with
    {
        Saga = s.Saga with { Steps = [.. s.Saga.Steps.Select(x => x.Name == step ? change(x) : x)] },
    });

    /// <summary>Two messages change places in the journal.</summary>
    private static void Swap(Picture p, OrderId id, string one, string other)
    {
        var (first, second) = (p.Message(id, one), p.Message(id, other));
        p.Replace(id, one, m => m with { Sequence = second.Sequence, Timestamp = second.Timestamp });
        p.Replace(id, other, m => m with { Sequence = first.Sequence, Timestamp = first.Timestamp });
    }

    private static JournalEntry After(JournalEntry late, JournalEntry early) =>
        late with { Sequence = early.Sequence + 1, Timestamp = early.Timestamp.AddMilliseconds(1) };

    /// <summary>A message was never sent; what it caused hangs on its own cause.</summary>
    private static void Unsay(Picture p, OrderId id, string type)
    {
        var unsaid = p.Message(id, type);
        p.Journal.Remove(unsaid);
        for (var i = 0; i < p.Journal.Count; i++)
        {
            p.Journal[i] = p.Journal[i].CausationId == unsaid.EventId ? p.Journal[i] with { CausationId = unsaid.CausationId } : p.Journal[i];
        }
    }

    private static string Waybill(Picture p, OrderId id) =>
        p.CarrierBooks.First(r => r.ClientReference == ClientReference.Of(id)).TrackingNumber;

    private static DeadLetter DeadLetter(Picture p)
    {
        var m = p.Message(Delivered, "shipping.delivered");
        var headers = $$"""{"eventId":"{{m.EventId}}","eventType":"{{m.EventType}}"}""";
        return new(
            Guid.Empty, "order-service-dlq", "order-service-queue", m.EventId, m.EventType, m.CorrelationId, m.Timestamp, m.Timestamp, 3,
            "it failed", "it failed at …", headers, m.Body, "{}", "dead", null);
    }
}
