using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping;

/// <summary>
/// Partial cancels: the parcel has fewer lines from now on, as long as it has not been dispatched. The waybill stays as
/// it is: it names the destination, and what is lighter is still taken (docs/adr). While a partial cancel may still be
/// undone, nothing is dispatched.
/// </summary>
internal static class Amending
{
    public const string LinesMissing = "PARCEL_LACKS_LINES";

    /// <summary>A customer's line-by-line cancels of one order; Orders ends long before.</summary>
    public const int MaxAmends = 100;

    public static Decision Decide(Documents documents, Incoming<ShippingAmendRequested> m, ShippingOptions options)
    {
        var d = Decision.On(m);
        var before = documents.ShipmentOf(m.Message.OrderId);
        var s = before ?? Steps.Stub(m.Message.OrderId, m.Envelope, m.Now);
        return d.Keep(before, s.Find(m.Message.AmendId) switch
        {
            { Status: AmendStatus.Open or AmendStatus.Settled } known => AnswerAmended(s, known, d),
            { Status: AmendStatus.Undone } known => AnswerRefused(s, known, "It was undone before it came.", d),
            { } known => AnswerRefused(s, known, "", d),
            null when Obstacle(s, m.Message, m.Now) is { } reason =>
                AnswerRefused(s, new(m.Message.AmendId, AmendStatus.Refused), reason, d),
            null => AnswerAmended(
                s.WithLines(m.Message.Items), new(m.Message.AmendId, AmendStatus.Open), d),
        }, options);
    }

    /// <summary>The lines are whole again; an undo that overtakes its amend leaves a tombstone.</summary>
    public static Decision Undo(Documents documents, Incoming<ShippingAmendUndoRequested> m, ShippingOptions options)
    {
        var d = Decision.On(m);
        var before = documents.ShipmentOf(m.Message.OrderId);
        var s = before ?? Steps.Stub(m.Message.OrderId, m.Envelope, m.Now);
        var known = s.Find(m.Message.AmendId) ?? new(m.Message.AmendId, AmendStatus.Undone);
        if (known.Status is AmendStatus.Open or AmendStatus.Settled)
        {
            s = MadeWhole(s, m.Message, d);
        }

        s = AnswerUndone(s, known with { Status = AmendStatus.Undone }, d);
        return d.Keep(before, Dispatching.IfCleared(s, d, options), options);
    }

    /// <summary>Money and stock have followed: the parcel stays as it is, and may go.</summary>
    public static Decision Settled(Documents documents, Incoming<OrderAmended> m, ShippingOptions options)
    {
        var d = Decision.On(m);
        if (documents.ShipmentOf(m.Message.OrderId) is not { } before
            || before.Find(m.Message.AmendId) is not { Status: AmendStatus.Open } known)
        {
            return d.Remark("ignored", "A partial cancel that is not open here: nothing to settle.");
        }

        var settled = before.With(known with { Status = AmendStatus.Settled });
        return d.Keep(before, Dispatching.IfCleared(settled, d, options), options);
    }

    /// <summary>The parcel's lines before anything was cancelled, or those that are left.</summary>
    public static IReadOnlyList<OrderItem> LinesOf(Shipment s, IReadOnlyList<OrderItem> ordered) => s.Lines ?? ordered;

    private static string? Obstacle(Shipment s, ShippingAmendRequested m, DateTimeOffset now) => s switch
    {
        _ when now >= m.Deadline => "It came after its deadline.",
        _ when m.Items.Count == 0 => "No line would be left: cancel the order instead.",
        { SettledByHand: not null } => "An operator has settled the parcel by hand.",
        { Cancel: not null } => "The parcel is being cancelled.",
        { Status: not (ShipmentStatus.Stub or ShipmentStatus.Preparing or ShipmentStatus.Prepared) } =>
            $"The shipment is {s.Status.Wire()}.",
        { Amends.Count: >= MaxAmends } => $"The order was amended {MaxAmends} times already.",
        { Consignment.Items: var inside } when !IsPartOf(m.Items, inside) =>
            "Lines that are not in the parcel cannot remain in it.",
        _ => null,
    };

    private static bool IsPartOf(IReadOnlyList<OrderItem> lines, IReadOnlyList<OrderItem> whole)
    {
        var pieces = whole.GroupBy(i => (i.ProductId, i.VariantId))
            .ToDictionary(g => g.Key, g => g.Sum(i => (long)i.Quantity));
        return lines.GroupBy(i => (i.ProductId, i.VariantId))
            .All(g => g.Sum(i => (long)i.Quantity) <= pieces.GetValueOrDefault(g.Key));
    }

    private static Shipment MadeWhole(Shipment s, ShippingAmendUndoRequested m, Decision d)
    {
        if (!s.IsHandedOver && s.Status != ShipmentStatus.Dispatching)
        {
            return s.WithLines(m.Items);
        }

        // Dispatch waits for open amends, so this takes a carrier that hands over by itself, or an undo after the end.
        d.Raise(new Alert(
            LinesMissing,
            AlertSeverity.P1,
            s.Id.ToString(),
            $"A partial cancel was undone when the parcel was {s.Status.Wire()} already: it went out without lines "
            + "that are paid for. Send them, or refund them.",
            s.OrderId.ToString()));
        return s;
    }

    private static Shipment AnswerAmended(Shipment s, Amend amend, Decision d)
    {
        if (amend.Amended is { } given)
        {
            d.SendAgain(given.Sent, given.Message);
            return s;
        }

        var reply = new ShippingAmended(s.OrderId, amend.AmendId, s.Id);
        d.Send(reply, out var sent);
        return s.With(amend with { Amended = new(sent, reply) });
    }

    private static Shipment AnswerRefused(Shipment s, Amend amend, string reason, Decision d)
    {
        if (amend.Refused is { } given)
        {
            d.SendAgain(given.Sent, given.Message);
            return s;
        }

        var reply = new ShippingAmendRefused(s.OrderId, amend.AmendId, reason);
        d.Send(reply, out var sent);
        return s.With(amend with { Refused = new(sent, reply) });
    }

    private static Shipment AnswerUndone(Shipment s, Amend amend, Decision d)
    {
        if (amend.Undone is { } given)
        {
            d.SendAgain(given.Sent, given.Message);
            return s;
        }

        var reply = new ShippingAmendUndone(s.OrderId, amend.AmendId);
        d.Send(reply, out var sent);
        return s.With(amend with { Undone = new(sent, reply) });
    }

    private static Shipment WithLines(this Shipment s, IReadOnlyList<OrderItem> lines) => s with
    {
        Lines = lines,
        Consignment = s.Consignment is { } to ? to with { Items = lines, WeightGrams = Weights.Of(lines) } : null,
    };

    private static Amend? Find(this Shipment s, AmendId id) => s.Amends.FirstOrDefault(a => a.AmendId == id);

    /// <summary>Remembers a partial cancel, unless there are too many: that one is answered anew each time.</summary>
    private static Shipment With(this Shipment s, Amend amend) =>
        s.Find(amend.AmendId) is null && s.Amends.Count >= MaxAmends
            ? s
            : s with { Amends = [.. s.Amends.Where(a => a.AmendId != amend.AmendId), amend] };
}
