namespace DoaMarket.Audit;

/// <summary>What the PG's own journal says of one movement of money, in the order in which it happened.</summary>
/// <param name="OrderId">The order as the PG was told it.</param>
/// <param name="Kind">"capture", "cancel" or "reversal".</param>
/// <param name="PaymentKey">The PG's payment: a second charge has another one.</param>
/// <param name="AmountWon">In won; always positive.</param>
/// <param name="IdempotencyKey">The key that it was asked under, if any.</param>
public sealed record OraclePayment(
    string OrderId, string Kind, string PaymentKey, long AmountWon, string? IdempotencyKey)
{
    /// <summary>Money taken from the customer.</summary>
    public const string Capture = "capture";

    /// <summary>Money given back.</summary>
    public const string Cancel = "cancel";

    /// <summary>A deposit that the bank took back.</summary>
    public const string Reversal = "reversal";
}

/// <summary>What a carrier's own journal says of one thing it did, in the order in which it happened.</summary>
/// <param name="ClientReference">Our reference of the parcel; the order is in it.</param>
/// <param name="Kind">"waybill", "dispatch", "cancel" or "return".</param>
/// <param name="Carrier">The carrier's id.</param>
/// <param name="TrackingNumber">The waybill's number.</param>
/// <param name="PostalCode">Where the waybill goes now; null when the books do not say.</param>
public sealed record OracleParcel(
    string ClientReference, string Kind, string Carrier, string TrackingNumber, string? PostalCode = null)
{
    /// <summary>A parcel was registered.</summary>
    public const string Waybill = "waybill";

    /// <summary>The carrier took the parcel.</summary>
    public const string Dispatch = "dispatch";

    /// <summary>The waybill was cancelled.</summary>
    public const string Cancel = "cancel";

    /// <summary>The carrier was told to bring the parcel back.</summary>
    public const string Return = "return";
}

/// <summary>What a mail, push or SMS server's own journal says of one message that it took, in their order.</summary>
/// <param name="Channel">"email", "push" or "sms".</param>
/// <param name="Reference">Our reference: a Message-ID without its brackets, or the notification's id itself.</param>
/// <param name="Recipient">To whom, in lower case.</param>
/// <param name="IsRepeated">Whether the server knew it by its reference, so that nobody saw it again.</param>
public sealed record OracleMessage(string Channel, string Reference, string Recipient, bool IsRepeated)
{
    /// <summary>The notification that it is: a Message-ID's part before the domain.</summary>
    internal string NotificationKey => Reference.Split('@')[0];
}
