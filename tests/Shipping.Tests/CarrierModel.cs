using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping.Tests;

/// <summary>
/// A carrier as the facts describe it: one waybill per client reference, dispatch and cancel exclude each other.
/// </summary>
internal sealed class CarrierModel(string id, string firstDigits)
{
    private readonly Dictionary<string, ModelParcel> _byReference = new(StringComparer.Ordinal);
    private int _webhooks;

    public string Id { get; } = id;

    public IReadOnlyCollection<ModelParcel> Parcels => _byReference.Values;

    /// <summary>Callbacks not yet delivered.</summary>
    public List<CarrierReported> Outbox { get; } = [];

    public int LiveWaybills => Parcels.Count(p => p.Status != CarrierStatus.Cancelled);

    public EffectResult Do(Effect effect) => effect switch
    {
        RegisterParcel e => Register(e.ClientReference, e.Recipient),
        ReaddressParcel e => On(e.TrackingNumber, p => Readdress(p, e)),
        FindParcel e => _byReference.TryGetValue(e.ClientReference, out var p) ? p.Known : new ParcelNotFound(),
        TrackParcel e => On(e.TrackingNumber, p => p.Known),
        DispatchParcel e => On(e.TrackingNumber, Dispatch),
        CancelParcel e => On(e.TrackingNumber, Cancel),
        StartReturn e => On(e.TrackingNumber, Return),
        _ => throw new InvalidOperationException(effect.GetType().Name),
    };

    /// <summary>Lets a parcel take its next step; false when it has come to its end.</summary>
    public bool Play(ModelParcel p, bool isUnlucky = false)
    {
        (CarrierStatus Status, string Word)? next = p.Status switch
        {
            CarrierStatus.Registered or CarrierStatus.Cancelled or CarrierStatus.Returned => null,
            CarrierStatus.ReturnPickedUp => (CarrierStatus.Returned, "RETURNED"),
            _ when p.IsReturnAsked => (CarrierStatus.ReturnPickedUp, "RETURN_PICKED_UP"),
            CarrierStatus.HandedOver => (CarrierStatus.InTransit, "IN_TRANSIT"),
            CarrierStatus.InTransit => (CarrierStatus.OutForDelivery, "OUT_FOR_DELIVERY"),
            CarrierStatus.OutForDelivery when isUnlucky => (CarrierStatus.GivenUp, "EXCEPTION"),
            CarrierStatus.OutForDelivery => (CarrierStatus.Delivered, "DELIVERED"),
            _ => null,
        };
        if (next is not { } step)
        {
            return false;
        }

        p.Status = step.Status;
        Tell(p, step.Word);
        return true;
    }

    /// <summary>A change is known by its reference: the same answer, and nothing more, however often it comes.</summary>
    private static EffectResult Readdress(ModelParcel p, ReaddressParcel e)
    {
        if (p.Changes.TryGetValue(e.ClientReference, out var known))
        {
            return known ? new ParcelKnown(p.TrackingNumber, CarrierStatus.Registered) : Undeliverable;
        }

        if (p.Status != CarrierStatus.Registered)
        {
            return new ParcelKnown(
                p.TrackingNumber,
                p.Status == CarrierStatus.Cancelled ? CarrierStatus.Cancelled : CarrierStatus.HandedOver);
        }

        var isTaken = e.Recipient.PostalCode != "00001";
        p.Changes.Add(e.ClientReference, isTaken);
        p.To = isTaken ? e.Recipient : p.To;
        return isTaken ? p.Known : Undeliverable;
    }

    private static CarrierRefused Undeliverable => new("UNDELIVERABLE_ADDRESS", "no");

    private ParcelKnown Register(string reference, ShippingAddress to)
    {
        if (!_byReference.TryGetValue(reference, out var parcel))
        {
            parcel = new(reference, firstDigits + (_byReference.Count + 1).ToString("D8", null)) { To = to };
            _byReference.Add(reference, parcel);
            Tell(parcel, "INFORMATION_RECEIVED");
        }

        return parcel.Known;
    }

    private ParcelKnown Dispatch(ModelParcel p)
    {
        if (p.Status == CarrierStatus.Registered)
        {
            p.Status = CarrierStatus.HandedOver;
            p.Dispatches++;
            Tell(p, "AT_PICKUP");
        }

        return new(
            p.TrackingNumber, p.Status == CarrierStatus.Cancelled ? CarrierStatus.Cancelled : CarrierStatus.HandedOver);
    }

    private static ParcelKnown Cancel(ModelParcel p)
    {
        if (p.Status == CarrierStatus.Registered)
        {
            p.Status = CarrierStatus.Cancelled;
        }

        return new(
            p.TrackingNumber, p.Status == CarrierStatus.Cancelled ? CarrierStatus.Cancelled : CarrierStatus.HandedOver);
    }

    private static ParcelKnown Return(ModelParcel p)
    {
        p.IsReturnAsked = true;
        return new(p.TrackingNumber, CarrierStatus.ReturnStarted);
    }

    private EffectResult On(string trackingNumber, Func<ModelParcel, EffectResult> act) =>
        Parcels.FirstOrDefault(p => p.TrackingNumber == trackingNumber) is { } parcel
            ? act(parcel)
            : new ParcelNotFound();

    private void Tell(ModelParcel p, string word) => Outbox.Add(new(
        Id, p.TrackingNumber, p.Reference, word, World.Start, $"msg_{Id}_{++_webhooks}"));
}

internal sealed class ModelParcel(string reference, string trackingNumber)
{
    public string Reference { get; } = reference;

    public string TrackingNumber { get; } = trackingNumber;

    public CarrierStatus Status { get; set; } = CarrierStatus.Registered;

    public bool IsReturnAsked { get; set; }

    public int Dispatches { get; set; }

    /// <summary>Where it goes.</summary>
    public ShippingAddress? To { get; set; }

    /// <summary>Changes of the address by reference: whether they were taken.</summary>
    public Dictionary<string, bool> Changes { get; } = new(StringComparer.Ordinal);

    public ParcelKnown Known => new(TrackingNumber, Status);
}
