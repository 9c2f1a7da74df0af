namespace DoaMarket.Sandbox.Callbacks;

/// <summary>A message owed to the product.</summary>
/// <param name="Id">Its row.</param>
/// <param name="MessageId">The same in every try: receivers drop repeats by it.</param>
/// <param name="Kind">carrier (signed) or payment (a hint in Toss Payments' form, unsigned).</param>
/// <param name="Carrier">The carrier's id; empty for payments.</param>
/// <param name="Subject">The order or client reference, for fault rules.</param>
/// <param name="Body">The raw JSON.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="Attempts">Tries made so far.</param>
internal sealed record Callback(
    long Id, string MessageId, string Kind, string Carrier, string Subject, byte[] Body, long CreatedAt, int Attempts)
{
    public const string CarrierKind = "carrier";
    public const string PaymentKind = "payment";
}
