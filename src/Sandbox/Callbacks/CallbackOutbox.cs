using System.Text.Json;
using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Pg;
using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Callbacks;

/// <summary>Callbacks owed, kept in the transaction of what they tell, so that a killed process loses none.</summary>
internal sealed class CallbackOutbox(TimeProvider clock, bool sendPaymentHints)
{
    private const int ListedMax = 100;

    // Set and cleared on the writer's thread only.
    private bool _adding;

    /// <summary>Told when callbacks that were added are committed, so that the sender finds them.</summary>
    public Action Added { get; set; } = static () => { };

    /// <summary>To be called after every commit, on the writer's thread.</summary>
    public void Committed()
    {
        if (_adding)
        {
            _adding = false;
            Added();
        }
    }

    public void AddPaymentHint(SqlSession sql, PgPayment payment)
    {
        if (sendPaymentHints)
        {
            object hint = new
            {
                eventType = "PAYMENT_STATUS_CHANGED",
                createdAt = StoredTime.Seoul(clock.NowMs()),
                data = payment.ToToss(),
            };
            Add(sql, Callback.PaymentKind, "", payment.OrderId, hint);
        }
    }

    /// <summary>A deposit came, or was taken back: told always, since nobody else would.</summary>
    public void AddDepositCallback(SqlSession sql, PgPayment payment) => Add(
        sql, Callback.PaymentKind, "", payment.OrderId, new
        {
            createdAt = StoredTime.Seoul(clock.NowMs()),
            secret = payment.Secret,
            status = payment.Status,
            transactionKey = payment.LastTransactionKey,
            orderId = payment.OrderId,
        });

    public void AddCarrierEvent(SqlSession sql, string carrier, string clientReference, object body) =>
        Add(sql, Callback.CarrierKind, carrier, clientReference, body);

    /// <summary>The tracker says that a parcel moved, and not a word more.</summary>
    public void AddTrackerHint(SqlSession sql, string url, string carrier, string trackingNumber)
    {
        string id = Add(sql, Callback.TrackerKind, carrier, trackingNumber, new { carrierId = carrier, trackingNumber });
        sql.Run("INSERT INTO callback_url (message_id, url) VALUES ($1, $2)", id, url);
    }

    public List<Callback> Due(SqlSession sql, string kind, int limit) => sql.Rows(
        """
        SELECT id, callback.message_id, kind, carrier, subject, body, created_at, attempts, url
        FROM callback LEFT JOIN callback_url ON callback_url.message_id = callback.message_id
        WHERE kind = $1 AND due_at <= $2 ORDER BY due_at, id LIMIT $3
        """,
        row => new Callback(
            row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
            row.GetFieldValue<byte[]>(5), row.GetInt64(6), row.GetInt32(7), row.TextOrNull(8)),
        kind, clock.NowMs(), limit);

    public static int Delivered(SqlSession sql, Callback callback) =>
        sql.Run("DELETE FROM callback_url WHERE message_id = $1", callback.MessageId)
        + sql.Run("DELETE FROM callback WHERE id = $1", callback.Id);

    /// <summary>Notes a failed try; without a wait the callback is abandoned.</summary>
    public void Failed(SqlSession sql, Callback callback, string error, TimeSpan? wait)
    {
        long? due = wait is { } again ? clock.NowMs() + (long)again.TotalMilliseconds : null;
        sql.Run(
            "UPDATE callback SET attempts = attempts + 1, due_at = $2, last_error = $3 WHERE id = $1",
            callback.Id, due, error);
    }

    /// <summary>Callbacks not yet delivered, oldest first.</summary>
    public static object Listing(SqlSession sql) => new
    {
        pending = sql.Number("SELECT COUNT(*) FROM callback WHERE due_at IS NOT NULL"),
        abandoned = sql.Number("SELECT COUNT(*) FROM callback WHERE due_at IS NULL"),
        items = sql.Rows<object>(
            "SELECT message_id, kind, subject, due_at, attempts, last_error FROM callback ORDER BY id LIMIT $1",
            row => new
            {
                messageId = row.GetString(0),
                kind = row.GetString(1),
                subject = row.GetString(2),
                dueAt = row.NumberOrNull(3) is { } due ? StoredTime.Utc(due) : null,
                attempts = row.GetInt64(4),
                lastError = row.TextOrNull(5),
            },
            ListedMax),
    };

    private string Add(SqlSession sql, string kind, string carrier, string subject, object body)
    {
        long now = clock.NowMs();
        string id = $"msg_{Guid.CreateVersion7():N}";
        sql.Run(
            """
            INSERT INTO callback (message_id, kind, carrier, subject, body, created_at, due_at)
            VALUES ($1, $2, $3, $4, $5, $6, $6)
            """,
            id, kind, carrier, subject,
            JsonSerializer.SerializeToUtf8Bytes(body, Answer.Format), now);
        _adding = true;
        return id;
    }
}
