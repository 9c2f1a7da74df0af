using DoaMarket.Sandbox.Store;
using Microsoft.Data.Sqlite;

namespace DoaMarket.Sandbox.Oracle;

/// <summary>One movement of money at the PG.</summary>
/// <param name="OrderId">The order as the merchant named it.</param>
/// <param name="Kind">"capture", "cancel", or "reversal": the bank took a deposit back.</param>
/// <param name="PaymentKey">The PG's payment.</param>
/// <param name="AmountWon">In won; always positive.</param>
/// <param name="IdempotencyKey">The key it was asked under, if any.</param>
public sealed record PaymentMovement(
    string OrderId, string Kind, string PaymentKey, long AmountWon, string? IdempotencyKey);

/// <summary>One thing that a carrier did with a parcel.</summary>
/// <param name="ClientReference">The merchant's reference of the parcel.</param>
/// <param name="Kind">"waybill", "dispatch", "cancel" or "return".</param>
/// <param name="Carrier">The carrier's id.</param>
/// <param name="TrackingNumber">The waybill's number.</param>
/// <param name="PostalCode">Where the waybill goes now.</param>
public sealed record ParcelMovement(
    string ClientReference, string Kind, string Carrier, string TrackingNumber, string PostalCode);

/// <summary>One message that a mail, push or SMS server took.</summary>
/// <param name="Channel">"email", "push" or "sms".</param>
/// <param name="Reference">The sender's reference: Message-ID without brackets, tag, client reference.</param>
/// <param name="Recipient">Address, token or number, in lower case.</param>
/// <param name="IsRepeated">Whether it was known by its reference and not shown again.</param>
public sealed record MessageMovement(string Channel, string Reference, string Recipient, bool IsRepeated);

/// <summary>The sandbox's journal of money, parcels and messages, in the order in which things happened.</summary>
public sealed record OracleBooks(
    IReadOnlyList<PaymentMovement> Payments, IReadOnlyList<ParcelMovement> Parcels,
    IReadOnlyList<MessageMovement> Messages)
{
    /// <summary>Reads a sandbox's data file, beside the sandbox if that is running; nothing is changed.</summary>
    /// <param name="sandboxDb">The sandbox's SQLite file.</param>
    /// <exception cref="FileNotFoundException">There is no such file: no sandbox has run there.</exception>
    public static OracleBooks OfFile(string sandboxDb)
    {
        if (!File.Exists(sandboxDb))
        {
            throw new FileNotFoundException(
                $"There are no sandbox books in '{Path.GetFullPath(sandboxDb)}'.", sandboxDb);
        }

        using SqlSession sql = SqlSession.Open(sandboxDb, SqliteOpenMode.ReadOnly);
        sql.Run("BEGIN"); // all journals as of one moment
        OracleBooks books = new(
            sql.Rows(
                "SELECT order_id, kind, payment_key, amount, idempotency_key FROM journal_payment ORDER BY seq",
                row => new PaymentMovement(
                    row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.TextOrNull(4))),
            sql.Rows(
                """
                SELECT journal.client_reference, journal.kind, journal.carrier, journal.tracking_number,
                       parcel.postal_code
                FROM journal_parcel journal JOIN parcel ON parcel.tracking_number = journal.tracking_number
                ORDER BY journal.seq
                """,
                row => new ParcelMovement(
                    row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4))),
            sql.Rows(
                "SELECT channel, reference, recipient, kind FROM journal_message ORDER BY seq",
                row => new MessageMovement(
                    row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3) == "repeated")));
        sql.Run("COMMIT");
        return books;
    }
}
