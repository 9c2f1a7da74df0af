using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Shipping;

namespace DoaMarket.Audit;

/// <summary>
/// Checks every invariant of the shop, with the same meaning for a database, a chaos test and a simulation.
/// </summary>
public static class ShopAudit
{
    /// <summary>Audits a shop.</summary>
    /// <param name="snapshot">One consistent view of the store. It is read once, and not disposed of.</param>
    /// <param name="pgBooks">
    /// The PG's own journal, read before the snapshot was taken; null when it is not at hand: what needs it is then not
    /// checked, and says so.
    /// </param>
    /// <param name="carrierBooks">The carriers' own journals, likewise.</param>
    /// <param name="quiescent">
    /// True when nothing moves any more (faults healed, timers drained, parcels and refunds played to their ends):
    /// every order must then have come to its end. False for a shop at work: what spans services is then asked of
    /// finished orders only.
    /// </param>
    /// <param name="now">The time of the audit, UTC.</param>
    /// <param name="stopped">True when no process writes, so that the outside books and the snapshot are
    /// of the same moment.</param>
    /// <param name="promised">Orders that clients were answered 2xx for; null when nobody kept a list.</param>
    /// <param name="messageBooks">The mail, push and SMS servers' own journals, likewise.</param>
    public static AuditReport Run(
        IStoreSnapshot snapshot,
        IEnumerable<OraclePayment>? pgBooks,
        IEnumerable<OracleParcel>? carrierBooks,
        bool quiescent,
        DateTimeOffset now,
        IReadOnlyCollection<OrderId>? promised = null,
        bool stopped = false,
        IEnumerable<OracleMessage>? messageBooks = null)
    {
        var shop = ShopRecords.Of(snapshot);
        foreach (var row in pgBooks ?? [])
        {
            shop.Of(Guid.TryParse(row.OrderId, out var id) ? new(id) : Unknown(row.OrderId)).PgRows.Add(row);
        }

        foreach (var row in carrierBooks ?? [])
        {
            shop.Of(ClientReference.Order(row.ClientReference) ?? Unknown(row.ClientReference)).CarrierRows.Add(row);
        }

        var scope = new Scope(quiescent, now, stopped);
        IEnumerable<AuditResult> results =
        [
            .. StockInvariants.Of(shop),
            .. MoneyInvariants.Of(shop, scope),
            .. PgInvariants.Of(shop, scope, pgBooks is not null),
            .. SagaInvariants.Of(shop, scope),
            .. AmendInvariants.Of(shop, scope),
            .. CompensationInvariants.Of(shop, scope),
            .. OutsideInvariants.Of(shop, scope, pgBooks is not null, carrierBooks is not null),
            .. ShippingInvariants.Of(shop),
            ProducedMessages.Of(shop),
            DeliveryInvariants.Of(shop, scope),
            .. MessageInvariants.Of(shop),
            NotificationInvariants.Of(shop, scope, messageBooks?.ToList()),
            .. RequestInvariants.Of(shop, promised),
            .. FigureInvariants.Of(shop),
        ];
        return new([.. results.OrderBy(r => Group(r.Code)).ThenBy(r => r.Code, StringComparer.Ordinal)]);
    }

    /// <summary>Books that name no order of ours: kept together under an id that follows from the name.</summary>
    private static OrderId Unknown(string reference) => new(DerivedId.From(Guid.Empty, reference));

    private static int Group(string code) => "SMGHONFIX".IndexOf(code[0], StringComparison.Ordinal);
}
