using DoaMarket.Kernel;

namespace DoaMarket.Journal;

/// <summary>What the journal knows of one order or one request.</summary>
/// <param name="Messages">Causes before effects.</param>
/// <param name="Remarks">Of every request concerned, as they were stored.</param>
public sealed record Story(IReadOnlyList<JournalEntry> Messages, IReadOnlyList<NoteRow> Remarks)
{
    /// <summary>The most messages, and the most remarks of one request, that are read.</summary>
    public const int MaxMessages = 2_000;

    /// <summary>The story of an order.</summary>
    public static async ValueTask<Story> OfOrder(IJournal journal, Guid orderId, CancellationToken stop) =>
        await Of(journal, await journal.BySubject(orderId.ToString("D"), MaxMessages, stop), stop);

    /// <summary>The story of a customer's request.</summary>
    public static async ValueTask<Story> OfRequest(IJournal journal, CorrelationId id, CancellationToken stop) =>
        await Of(journal, await journal.ByCorrelation(id, MaxMessages, stop), stop);

    private static async ValueTask<Story> Of(
        IJournal journal, IReadOnlyList<JournalEntry> messages, CancellationToken stop)
    {
        var remarks = new List<NoteRow>();
        foreach (var id in messages.Select(e => e.CorrelationId).Distinct())
        {
            remarks.AddRange(await journal.Notes(id, MaxMessages, stop));
        }

        return new(CausalOrder.Of(messages), remarks);
    }
}
