using DoaMarket.Audit;
using DoaMarket.Contracts;
using DoaMarket.Host.Cli;
using DoaMarket.Sandbox.Oracle;
using DoaMarket.Sqlite;

namespace DoaMarket.Host.Server;

/// <summary>
/// Audits the database of a data folder, beside the process that owns it, against the sandbox's own books.
/// </summary>
public static class ShopAuditor
{
    /// <summary>Runs every check.</summary>
    public static async Task<AuditReport> Run(AuditSettings settings, CancellationToken stop)
    {
        var dataFolder = settings.DataFolder;
        var sandboxFile = Path.Combine(dataFolder, DataFolder.SandboxFileName);
        var stopped = Directory.Exists(dataFolder) && !SqliteDatabase.IsInUse(dataFolder);
        try
        {
            // The books first: what the shop knows of them can then only be more.
            var books = File.Exists(sandboxFile) ? OracleBooks.OfFile(sandboxFile) : null;
            await using var snapshot = SqliteSnapshot.OfFolder(dataFolder);
            stop.ThrowIfCancellationRequested();
            return ShopAudit.Run(
                snapshot,
                books?.Payments.Select(
                    p => new OraclePayment(p.OrderId, p.Kind, p.PaymentKey, p.AmountWon, p.IdempotencyKey)),
                books?.Parcels.Select(
                    p => new OracleParcel(p.ClientReference, p.Kind, p.Carrier, p.TrackingNumber, p.PostalCode)),
                quiescent: settings.IsAtRest,
                TimeProvider.System.GetUtcNow(),
                promised: settings.Promised?.Select(id => new OrderId(id)).ToList(),
                stopped: stopped,
                messageBooks: books?.Messages.Select(
                    m => new OracleMessage(m.Channel, m.Reference, m.Recipient, m.IsRepeated)));
        }
        catch (FileNotFoundException missing)
        {
            return new AuditReport([], missing.Message);
        }
    }
}
