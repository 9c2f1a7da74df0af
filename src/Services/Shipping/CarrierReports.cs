using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>
/// A carrier's signed callback. It may come twice, late, and before the answer to the call that caused it.
/// </summary>
/// <param name="Carrier">The carrier's id, from the address that was called.</param>
/// <param name="ClientReference">Our reference; without it the shipment cannot be named.</param>
/// <param name="Status">The carrier's word, e.g. "IN_TRANSIT".</param>
/// <param name="OccurredAt">When it happened, says the carrier.</param>
/// <param name="WebhookId">The id of the delivery; a repeated one keeps it.</param>
public sealed record CarrierReported(
    string Carrier,
    string TrackingNumber,
    string? ClientReference,
    string Status,
    DateTimeOffset OccurredAt,
    string WebhookId,
    string? Description = null) : Request<CarrierReportReply>;

/// <summary>What became of a report. Each is final: the carrier need not send it again.</summary>
/// <param name="Outcome">taken, ignored, or unknown_parcel.</param>
/// <param name="Reason">Why it was not taken.</param>
public sealed record CarrierReportReply(string Outcome, string? Reason = null)
{
    /// <summary>It moved the shipment.</summary>
    public static readonly CarrierReportReply Taken = new("taken");

    /// <summary>It is known already, or behind what is known.</summary>
    public static CarrierReportReply Ignored(string reason) => new("ignored", reason);

    /// <summary>No shipment here has this waybill.</summary>
    public static CarrierReportReply UnknownParcel(string reason) => new("unknown_parcel", reason);
}

/// <summary>Decides on callbacks by the same rules as on answers: the carrier's word is the carrier's word.</summary>
internal static class CarrierReports
{
    public static Decision Decide(
        Documents documents, Asked<CarrierReported, CarrierReportReply> asked, ShippingOptions options)
    {
        var d = Decision.On(asked);
        var report = asked.Body;
        if (ClientReference.Order(report.ClientReference) is not { } order
            || documents.ShipmentOf(order) is not { } before)
        {
            return d.Answer(CarrierReportReply.UnknownParcel("No shipment has this client reference."));
        }

        d.Follow(before.Trail);
        if (!IsAbout(before, report))
        {
            return d.Answer(CarrierReportReply.UnknownParcel("The shipment of this reference has another waybill."));
        }

        if (before.History.Any(e => e.WebhookId == report.WebhookId))
        {
            return d.Answer(CarrierReportReply.Ignored("Heard before."));
        }

        var noted = Noted(before, report, d.Occasion.Now);
        if (before.SettledByHand is not null || CarrierStatuses.Parse(report.Status) is not { } status)
        {
            var reason = before.SettledByHand is null ? $"{report.Status} moves nothing." : "Settled by hand.";
            return d.Answer(CarrierReportReply.Ignored(reason)).Keep(before, noted, options);
        }

        var known = new ParcelKnown(report.TrackingNumber, status);
        var after = CarrierAnswers.Known(noted, known, report.Carrier, isAwaited: false, report.OccurredAt, d, options);
        return d
            .Answer(after.Status == before.Status && after.Waybill == before.Waybill
                ? CarrierReportReply.Ignored($"The shipment is {before.Status.Wire()} already.")
                : CarrierReportReply.Taken)
            .Keep(before, after, options);
    }

    /// <summary>The keys that a report names: the order is in our reference.</summary>
    public static IEnumerable<DocumentKey> Keys(CarrierReported report) =>
        ClientReference.Order(report.ClientReference) is { } order
            ? [ShippingKinds.Shipments.Key(Contracts.ShipmentId.Of(order))]
            : [];

    private static bool IsAbout(Shipment s, CarrierReported report) => s.Waybill is { } waybill
        ? waybill.TrackingNumber == report.TrackingNumber && waybill.CarrierId == report.Carrier
        : s.Status != ShipmentStatus.Stub;

    private static Shipment Noted(Shipment s, CarrierReported r, DateTimeOffset now) =>
        s.Noted(new TrackingEvent(r.WebhookId, r.Status, r.OccurredAt, now, r.Description));
}
