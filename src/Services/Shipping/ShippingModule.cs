using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>Everything that Shipping does, and upon what.</summary>
public static class ShippingModule
{
    /// <summary>The service, with its waits and carriers.</summary>
    public static ServiceModule Create(ShippingOptions options)
    {
        var shipments = ShippingKinds.Shipments;
        DocumentKey Own<T>(Incoming<T> m) where T : IOrderMessage => shipments.Key(ShipmentId.Of(m.Message.OrderId));

        return new ServiceModule(ShopTopology.Shipping)
            .Owns(shipments)

            // The happy path: prepared, cleared by two facts, dispatched after the hold, followed to the door.
            .On<PrepareRequested>(Own, (docs, m) => Preparing.Decide(docs, m, options))
            .On<PaymentCompleted>(Own, (docs, m) => Dispatching.Paid(docs, m, options))
            .On<InventoryCommitted>(Own, (docs, m) => Dispatching.Committed(docs, m, options))
            .OnRequest<CarrierReported, CarrierReportReply>(
                CarrierReports.Keys, (docs, asked) => CarrierReports.Decide(docs, asked, options))

            .OnRequest<ParcelHinted, CarrierReportReply>(
                hint => [shipments.Key(hint.ShipmentId)], (docs, asked) => Tracking.Hinted(docs, asked, options))

            // Before the parcel leaves: it goes elsewhere, or with fewer lines.
            .OnRequest<ChangeAddress, ChangeAddressReply>(
                wish => [shipments.Key(wish.ShipmentId)], (docs, asked) => Readdressing.Decide(docs, asked, options))
            .On<ShippingAmendRequested>(Own, (docs, m) => Amending.Decide(docs, m, options))
            .On<OrderAmended>(Own, (docs, m) => Amending.Settled(docs, m, options))
            .On<ShippingAmendUndoRequested>(Own, (docs, m) => Amending.Undo(docs, m, options))

            // Compensation: cancelled, or returned once the carrier has the parcel, or settled by a person.
            .On<ShippingCancelRequested>(Own, (docs, m) => Cancelling.Decide(docs, m, options))
            .On<OrderReturned>(Own, (docs, m) => Returning.Completed(docs, m, options))
            .On<ShippingResolveRequested>(Own, (docs, m) => ByHand.Decide(docs, m, options))

            // Holds, pauses, lost calls and silence.
            .OnDue(shipments, (_, due) => Timers.Decide(due, options))

            // Answers of carriers, in time or late.
            .OnAnswer(shipments, (_, answer) => CarrierAnswers.Decide(answer, options));
    }
}
