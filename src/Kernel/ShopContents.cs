namespace DoaMarket.Kernel;

/// <summary>
/// Everything that a shop's database holds, to be written into another one. The sequences are read once, row by row, so
/// that a shop of any size can move.
/// </summary>
/// <param name="Documents">All documents of a kind.</param>
/// <param name="Messages">Every message ever sent, oldest first.</param>
/// <param name="Deliveries">What is not settled yet.</param>
/// <param name="DeadLetters">Messages that failed for good, settled ones too.</param>
/// <param name="Notes">Every remark, oldest first.</param>
public sealed record ShopContents(
    Func<DocumentKind, IEnumerable<StoredDocument>> Documents,
    IEnumerable<SentMessage> Messages,
    IEnumerable<UnsettledDelivery> Deliveries,
    IEnumerable<DeadLetter> DeadLetters,
    IEnumerable<NoteRow> Notes);

/// <summary>A message as the journal has it.</summary>
/// <param name="Entry">The message, personal data masked.</param>
/// <param name="Environment">The environment that it was sent in.</param>
public sealed record SentMessage(JournalEntry Entry, string? Environment);

/// <summary>A message that a queue still owes its service.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Sequence">The message's place in the journal.</param>
/// <param name="VisibleAt">When it can be taken.</param>
/// <param name="Receives">How often it was received.</param>
/// <param name="Attempts">How often its handling failed.</param>
/// <param name="Personal">The full payload when it has personal data.</param>
public sealed record UnsettledDelivery(
    string Queue, long Sequence, DateTimeOffset VisibleAt, int Receives, int Attempts, string? Personal);
