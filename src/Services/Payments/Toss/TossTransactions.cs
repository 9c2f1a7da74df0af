using System.Globalization;
using System.Text.Json;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Payments.Reconciling;

namespace DoaMarket.Payments.Toss;

internal sealed record TossTransaction(
    string? TransactionKey, string? PaymentKey, string? OrderId, string? Status, decimal? Amount, string? Currency,
    string? TransactionAt);

/// <summary>Reads a page of Toss's transactions. A page of which one entry cannot be read is not read at all.</summary>
internal static class TossTransactions
{
    public static string Path(ListTransactions list) =>
        $"v1/transactions?startDate={Uri.EscapeDataString(TossTime.Write(list.From))}"
        + $"&endDate={Uri.EscapeDataString(TossTime.Write(list.To))}"
        + $"&limit={list.Limit.ToString(CultureInfo.InvariantCulture)}"
        + (list.StartingAfter is null ? "" : $"&startingAfter={Uri.EscapeDataString(list.StartingAfter)}");

    public static EffectResult Read(string body, int limit)
    {
        List<TossTransaction?>? page;
        try
        {
            page = JsonSerializer.Deserialize(body, TossJson.Default.ListTossTransaction);
        }
        catch (JsonException)
        {
            page = null;
        }

        if (page is null)
        {
            return new OutcomeUnknown(Code: null, "The PG's answer is no list of transactions.");
        }

        var read = new List<ListedTransaction>(page.Count);
        foreach (var entry in page)
        {
            if (Of(entry) is not { } transaction)
            {
                return new OutcomeUnknown(
                    Code: null, $"The PG lists a transaction that cannot be read: '{entry?.TransactionKey}'.");
            }

            read.Add(transaction);
        }

        return new TransactionsListed(read, page.Count < limit ? null : read[^1].Key);
    }

    private static ListedTransaction? Of(TossTransaction? entry) =>
        entry is { TransactionKey: { Length: > 0 } key, OrderId: { Length: > 0 } order, Amount: { } amount }
        && decimal.IsInteger(amount) && Math.Abs(amount) <= long.MaxValue
        && entry.Currency is null or Money.Currency && TossTime.Read(entry.TransactionAt) is { } at
            ? new(key, entry.PaymentKey ?? "", order, entry.Status ?? "", new Money((long)amount), at)
            : null;
}
