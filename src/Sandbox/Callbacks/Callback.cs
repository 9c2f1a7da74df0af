namespace DoaMarket.Sandbox.Callbacks;

/// <summary>A message owed to the product.</summary>
/// <param name="Id">Its row.</param>
/// <param name="MessageId">The same in every try: receivers drop repeats by it.</param>
/// <param name="Kind">carrier (signed), payment (a hint in Toss Payments' form) or tracker (a hint), both unsigned.</param>
/// <param name="Carrier">The carrier's id; empty for payments.</param>
/// <param name="Subject">The order or client reference, for fault rules.</param>
/// <param name="Body">The raw JSON.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="Attempts">Tries made so far.</param>
/// <param name="Url">Where to, when each has an address of its own.</param>
internal sealed record Callback(
    long Id, string MessageId, string Kind, string Carrier, string Subject, byte[] Body, long CreatedAt, int Attempts,
    string? Url)
{
    public const string CarrierKind = "carrier";
    public const string PaymentKind = "payment";
    public const string TrackerKind = "tracker";
}
