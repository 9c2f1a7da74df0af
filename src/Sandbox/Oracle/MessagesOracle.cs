using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Oracle;

/// <summary>What mail, push and SMS servers took, per reference.</summary>
internal static class MessagesOracle
{
    public static IReadOnlyList<(string Key, object Shown)> Page(SqlSession sql, OraclePage page)
    {
        List<string> references = sql.Rows(
            """
            SELECT DISTINCT reference FROM journal_message
            WHERE reference > $1 AND ($2 IS NULL OR reference = $2) ORDER BY reference LIMIT $3
            """,
            row => row.GetString(0), page.After, page.Reference, page.Limit);
        return [.. references.Select(reference => (reference, Shown(sql, reference)))];
    }

    private static object Shown(SqlSession sql, string reference) => new
    {
        reference,
        messages = sql.Rows<object>(
            "SELECT channel, recipient, kind, inbox_id, at FROM journal_message WHERE reference = $1 ORDER BY seq",
            row => new
            {
                channel = row.GetString(0),
                recipient = row.GetString(1),
                kind = row.GetString(2),
                inboxId = row.GetInt64(3),
                at = StoredTime.Utc(row.GetInt64(4)),
            },
            reference),
    };
}
