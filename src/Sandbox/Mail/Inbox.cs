using System.Globalization;
using System.Text.Json;
using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Sandbox.Mail;

/// <summary>Every message that was sent, newest first. The oldest go when it is full.</summary>
internal sealed class Inbox(SandboxStore store, TimeProvider clock)
{
    private const int MessagesMax = 100_000;
    private const int PageDefault = 50;
    private const int PageMax = 200;
    private const int PreviewChars = 200;

    /// <summary>
    /// Keeps a message. One under a reference that the channel has seen is not shown again, as a mailbox that knows the
    /// Message-ID, a device that knows the tag, and an SMS provider that knows the client reference do.
    /// </summary>
    public Task<Kept> AddAsync(InboxMessage message) => store.WriteAsync(sql =>
    {
        string recipient = string.Join(',', message.Recipients.Select(Normal).Order(StringComparer.Ordinal));
        Kept? known = message.Reference.Length == 0 ? null : Find(sql, message.Channel, message.Reference, recipient);
        Kept kept = known ?? new Kept(Insert(sql, message), message.To, message.Body, IsRepeated: false);
        if (message.Reference.Length > 0)
        {
            sql.Run(
                """
                INSERT INTO journal_message (kind, channel, reference, recipient, inbox_id, at)
                VALUES ($1, $2, $3, $4, $5, $6)
                """,
                kept.IsRepeated ? "repeated" : "delivered", message.Channel, message.Reference, recipient, kept.Id,
                clock.NowMs());
        }

        return kept;
    });

    // A text message's reference is the sender's alone; mailboxes and devices only know what reached themselves.
    private static Kept? Find(SqlSession sql, string channel, string reference, string recipient) => sql.Row<Kept>(
        """
        SELECT journal.inbox_id, coalesce(inbox.shown_to, ''), coalesce(inbox.body, '')
        FROM journal_message journal LEFT JOIN inbox ON inbox.id = journal.inbox_id
        WHERE journal.reference = $1 AND journal.channel = $2 AND journal.kind = 'delivered'
          AND (journal.channel = 'sms' OR journal.recipient = $3)
        """,
        row => new Kept(row.GetInt64(0), row.GetString(1), row.GetString(2), IsRepeated: true),
        reference, channel, recipient);

    private long Insert(SqlSession sql, InboxMessage message)
    {
        long id = sql.Number(
            """
            INSERT INTO inbox (channel, sender, shown_to, subject, message_id, body, html, headers, received_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id
            """,
            message.Channel, message.Sender, message.To, message.Subject, message.MessageId, message.Body, message.Html,
            JsonSerializer.Serialize(message.Headers, Answer.Format), clock.NowMs());
        foreach (string recipient in message.Recipients.Select(Normal).Distinct(StringComparer.Ordinal))
        {
            sql.Run("INSERT INTO inbox_recipient (address, inbox_id) VALUES ($1, $2)", recipient, id);
        }

        sql.Run("DELETE FROM inbox WHERE id <= $1", id - MessagesMax);
        return id;
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/inbox", async http => await (await ListAsync(http.Request.Query)).SendAsync(http));
        routes.MapGet("/inbox/{id:long}", async http =>
            await (await OneAsync(http.GetRouteValue("id"))).SendAsync(http));
    }

    private async Task<Answer> ListAsync(IQueryCollection query)
    {
        int limit = PageDefault;
        long before = long.MaxValue;
        if ((query.TryGetValue("limit", out var limitText)
                && (!int.TryParse(limitText, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > PageMax))
            || (query.TryGetValue("before", out var beforeText)
                && !long.TryParse(beforeText, CultureInfo.InvariantCulture, out before)))
        {
            return Answer.Error(400, "INVALID_REQUEST", $"limit must be 1 to {PageMax}, before an id.", "limit");
        }

        string? to = query["to"];
        string? channel = query["channel"];
        return Answer.Json(200, new
        {
            items = await store.ReadAsync(sql => Page(sql, to is null ? null : Normal(to), channel, before, limit)),
        });
    }

    private static List<object> Page(
        SqlSession sql, string? to, string? channel, long before, int limit) => sql.Rows<object>(
        """
        SELECT id, channel, sender, shown_to, subject, message_id, substr(body, 1, $5), received_at FROM inbox
        WHERE id < $3 AND ($2 IS NULL OR channel = $2)
          AND ($1 IS NULL OR EXISTS (SELECT 1 FROM inbox_recipient WHERE address = $1 AND inbox_id = id))
        ORDER BY id DESC LIMIT $4
        """,
        row => new
        {
            id = row.GetInt64(0),
            channel = row.GetString(1),
            from = row.GetString(2),
            to = row.GetString(3),
            subject = row.GetString(4),
            messageId = row.GetString(5),
            preview = row.GetString(6),
            receivedAt = StoredTime.Utc(row.GetInt64(7)),
        },
        to, channel, before, limit, PreviewChars);

    private async Task<Answer> OneAsync(object? id)
    {
        object? found = await store.ReadAsync(sql => sql.Row<object>(
            """
            SELECT id, channel, sender, shown_to, subject, message_id, body, html, headers, received_at,
                   (SELECT json_group_array(address) FROM inbox_recipient WHERE inbox_id = inbox.id)
            FROM inbox WHERE id = $1
            """,
            row => new
            {
                id = row.GetInt64(0),
                channel = row.GetString(1),
                from = row.GetString(2),
                to = row.GetString(3),
                subject = row.GetString(4),
                messageId = row.GetString(5),
                body = row.GetString(6),
                html = row.TextOrNull(7),
                headers = JsonSerializer.Deserialize<JsonElement>(row.GetString(8)),
                receivedAt = StoredTime.Utc(row.GetInt64(9)),
                recipients = JsonSerializer.Deserialize<JsonElement>(row.GetString(10)),
            },
            long.Parse(id!.ToString()!, CultureInfo.InvariantCulture)));
        return found is null
            ? Answer.Error(404, "UNKNOWN_MESSAGE", "There is no such message.")
            : Answer.Json(200, found);
    }

    private static string Normal(string address) => address.Trim().ToLowerInvariant();
}

/// <summary>A message in the inbox.</summary>
/// <param name="Id">Its id there.</param>
/// <param name="To">To whom it went.</param>
/// <param name="Body">What it says.</param>
/// <param name="IsRepeated">Whether it was there already, and is not shown again.</param>
internal sealed record Kept(long Id, string To, string Body, bool IsRepeated);
