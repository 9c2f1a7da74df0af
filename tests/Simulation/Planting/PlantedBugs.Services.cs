namespace DoaMarket.Simulation.Tests.Planting;

/// <summary>In the deciders.</summary>
internal static partial class PlantedBugs
{
    private static PlantedBug[] Orders =>
    [
        new("looks for no Idempotency-Key", "Services/Orders/PlaceOrder.cs",
            "if (AnsweredBefore(documents, wish) is { } answer)", "if (AnsweredBefore(documents, wish) is { } answer && wish.Idempotency is null)", "I1"),
        new("gives an order number twice", "Services/Orders/PlaceOrder.cs",
            ".Put(OrderKinds.Numbers, day, numbers)\n", "\n", "X1"),
        new("takes the refund of a part for that of the whole", "Services/Orders/OrderSagaDecider.cs",
            "PaymentRefunded when saga.Payment is not { Status: PaymentStatus.Refunded } => null,", "", "M1", "M2", "G2", "G3"),
        new("forgets that a parcel is lost, and has its goods put back", "Services/Orders/OrderFlow.cs",
            "undo.SettlementOf(PrepareShipping)?.Restock ?? true", "true", "S5"),
    ];

    private static PlantedBug[] Inventory =>
    [
        new("oversells: looks at what lies there, not at what is free", "Services/Inventory/StockItem.cs",
            "OnHand - Reserved;", "OnHand;", "S1", "R1"),
        new("releases without a tombstone", "Services/Inventory/Release.cs",
            "null => Overtaken(m),", "null => Decision.On(m).Send(new InventoryReleased(m.Message.OrderId, [])),", "O1", "G3"),
        new("sells a hold that has expired", "Services/Inventory/Commit.cs",
            "is not { Status: ReservationStatus.Held }", "is not { Status: ReservationStatus.Held or ReservationStatus.Expired }", "S5"),
        new("restocks lines that a partial cancel had restocked", "Services/Inventory/StockMoves.cs",
            "decision.MoveLines(documents, reservation, reservation.Remaining, reason);",
            "decision.MoveLines(documents, reservation, reservation.Lines, reason);", "S2", "S4"),
        new("puts goods back that are lost", "Services/Inventory/Release.cs",
            "sold when m.Message.Restock =>", "sold when m.Message.Restock || !m.Message.Restock =>", "S5"),
        new("leaves the units of an expired hold reserved", "Services/Inventory/Expire.cs",
            "decision.MoveLines(documents, reservation, StockReason.Expired);", "_ = documents;", "S2"),
        new("writes no row of a movement", "Services/Inventory/StockMoves.cs",
            "\n            .Put(InventoryKinds.StockLedger, rowId.ToString(\"D\", CultureInfo.InvariantCulture), row);", "; _ = row;", "S3"),
        new("holds an order of which some lines are missing", "Services/Inventory/Reserve.cs",
            "if (missing.Count > 0)", "if (missing.Count == lines.Count)", "S1", "R1"),
        new("leaves what is paid for held", "Services/Inventory/Commit.cs",
            "Status = ReservationStatus.Committed,", "Status = ReservationStatus.Held,", "S2"),
    ];

    private static PlantedBug[] Payments =>
    [
        new("takes a PG's timeout for a failure", "Services/Payments/Charging.cs",
            "return d.Remark(\"outcome_unknown\", Answers.Describe(result))\n                    .Save(ReadLater(payment with { ChargeMayHaveBegun = true }, now, options));",
            "return d.NothingCaptured(payment, \"TIMEOUT\", \"The PG did not answer.\");", "M3", "M5"),
        new("charges under a new key each time", "Services/Payments/PaymentKinds.cs",
            "key, payment.OrderId, user, payment.Amount, terms.Method, terms.OrderName,\n                ChargeKey(payment.Id),",
            "key, payment.OrderId, user, payment.Amount, terms.Method, terms.OrderName,\n                key,", "M4"),
        new("believes the PG too soon that it knows nothing", "Services/Payments/Charging.cs",
            "case PaymentNotFound when call.AskedAt >= SettleAt(payment, options) && !call.IsHinted:", "case PaymentNotFound when call.AskedAt >= payment.CreatedAt:", "M3", "M5"),
        new("takes a charge whose answer is lost for one never made", "Services/Payments/Charging.cs",
            "return payment.ChargeCanHaveBegun\n", "return payment.ChargeMayHaveBegun\n", "M3", "M5"),
        new("gives the total back instead of what is left", "Services/Payments/Booking.cs",
            "return Give(d, payment, full, payment.Outstanding, transactionKey);",
            "return Give(d, payment, full, payment.Captured, transactionKey);", "M1"),
        new("trusts a webhook without asking", "Services/Payments/Hinting.cs",
            "return d.Save((payment with { Hints = Remember(payment.Hints, hint.TransmissionId, options.HintsRemembered) })\n                .Ask(PgAction.Query, m.Now, options))\n",
            "return d.Follow(payment.Trail).Capture(payment, new PaymentFound(PgStatus.Captured, \"DONE\", false, \"pk\", \"tx\", payment.Amount, payment.Amount, [], null), options)\n", "M3", "M1"),
        new("keeps a capture that came too late", "Services/Payments/Outcomes.cs",
            "_ when captured.Outstanding > Money.Zero => Refunding.Start(", "_ when captured.Outstanding < Money.Zero => Refunding.Start(", "M5", "M2"),
        new("raises no alert for a failed refund", "Services/Payments/Refunding.cs",
            "d.Raise(new Alert(\n            PaymentKinds.RefundFailedAlert", "_ = (new Alert(\n            PaymentKinds.RefundFailedAlert", "M6"),
        new("leaves the alert of a refund open that is tried again", "Services/Payments/Refunding.cs",
            "d.Resolve(\n            PaymentKinds.RefundFailedAlert, payment.Id.ToString(), $\"Tried again (retry {retryNumber}): {reason}\");",
            "_ = reason;", "M6"),
        new("voids a charge that may have begun", "Services/Payments/Refunding.cs",
            "if (!chargeCanHaveBegun)", "if (payment.Call is not null)", "G3", "M3", "M5", "O1"),
        new("writes no ledger row", "Services/Payments/Booking.cs",
            "d.Put(PaymentKinds.Ledger, row.Key, row);", "_ = d;", "M1", "M3"),
    ];

    private static PlantedBug[] Shipping =>
    [
        new("takes a carrier's timeout for a call never made", "Services/Shipping/CarrierAnswers.cs",
            "ShipmentStatus.Preparing => Preparing.Unknown(s, reason, d, options),",
            "ShipmentStatus.Preparing => Preparing.NotAttempted(s, new(TimeSpan.FromSeconds(1), reason), d, options),", "H2"),
        new("dispatches without looking at the cancel", "Services/Shipping/Cancelling.cs",
            "ShipmentStatus.Prepared => AskCarrier(s, d, options),", "ShipmentStatus.Prepared => s with { Cancel = null },", "H1"),
        new("says cancelled before the carrier does", "Services/Shipping/Cancelling.cs",
            "ShipmentStatus.Prepared => AskCarrier(s, d, options),", "ShipmentStatus.Prepared => Confirm(s, ask.Reason, d),", "H2", "G3"),
        new("moves a parcel backwards", "Services/Shipping/OnTheWay.cs",
            "CarrierStatus.InTransit when s.Status == ShipmentStatus.Dispatched =>", "CarrierStatus.InTransit when s.IsOnTheWay =>", "H3", "R1"),
        new("sends the lines along that were cancelled", "Services/Shipping/Amending.cs",
            "s.WithLines(m.Message.Items), new(m.Message.AmendId, AmendStatus.Open), d),", "s, new(m.Message.AmendId, AmendStatus.Open), d),", "H1"),
        new("dispatches while a part of the order is being cancelled", "Services/Shipping/Shipment.cs",
            "&& AddressChange is null && Amends.All(a => a.Status != AmendStatus.Open);", "&& AddressChange is null;", "H1", "R1"),
    ];

    private static PlantedBug[] Notifications =>
    [
        new("decides a notification anew with each attempt", "Services/Notifications/Sending.cs",
            "var tried = state with { Attempts = state.Attempts + 1, Reason = reason };",
            "var tried = state with { Id = new(decision.Occasion.Id), Attempts = state.Attempts + 1, Reason = reason };", "N1"),
        new("says sent what the channel has deferred", "Services/Notifications/Sending.cs",
            "NoticeDeferred deferred => Retry(documents, decision, state, deferred.Reason, options),",
            "NoticeDeferred => Succeed(decision, state),", "N1"),
    ];
}
