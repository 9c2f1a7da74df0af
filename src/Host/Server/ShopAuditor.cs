using DoaMarket.Audit;
using DoaMarket.Contracts;
using DoaMarket.Host.Cli;
using DoaMarket.Host.Server.Modes;
using DoaMarket.Host.Server.Modes.PerService;
using DoaMarket.Kernel;
using DoaMarket.Postgres;
using DoaMarket.Sandbox.Oracle;
using DoaMarket.Sqlite;

namespace DoaMarket.Host.Server;

/// <summary>
/// Audits a shop's database, beside the processes that work on it, against the sandbox's own books where there are any.
/// </summary>
public static class ShopAuditor
{
    /// <summary>Runs every check.</summary>
    public static async Task<AuditReport> Run(AuditSettings settings, CancellationToken stop)
    {
        var dataFolder = settings.DataFolder;
        var sandboxFile = Path.Combine(dataFolder, DataFolder.SandboxFileName);
        try
        {
            // The books first: what the shop knows of them can then only be more.
            var books = File.Exists(sandboxFile) ? OracleBooks.OfFile(sandboxFile) : null;
            var (snapshot, stopped) = await Open(settings, stop);
            await using var view = snapshot;
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
        catch (Exception missing) when (missing is FileNotFoundException or StoreUnavailableException)
        {
            return new AuditReport([], missing.Message);
        }
    }

    private static async Task<(IStoreSnapshot Snapshot, bool IsStopped)> Open(
        AuditSettings settings, CancellationToken stop)
    {
        if (settings.Mode == Mode.Embedded)
        {
            var isStopped = Directory.Exists(settings.DataFolder) && !SqliteDatabase.IsInUse(settings.DataFolder);
            return (SqliteSnapshot.OfFolder(settings.DataFolder), isStopped);
        }

        var configuration = ShopConfiguration.Load(new Dictionary<string, string?>(StringComparer.Ordinal));
        var named = settings.Database ?? configuration.Options<ConnectionStrings>("ConnectionStrings").Postgres;
        if (named.Length == 0)
        {
            throw new StoreUnavailableException("Write DOA__ConnectionStrings__Postgres='Host=…;Database=…;…'.");
        }

        return settings.Mode == Mode.RabbitMq
            ? await OpenEach(named, settings.IsAtRest, stop)
            : await OpenOne(named, stop);
    }

    private static async Task<(IStoreSnapshot Snapshot, bool IsStopped)> OpenOne(
        string connectionString, CancellationToken stop)
    {
        var snapshot = await PostgresSnapshot.Of(connectionString, stop);
        return (snapshot, !snapshot.IsInUse);
    }

    // The journal first and the senders last: what a service has sent meanwhile waits in its outbox or is younger. Still,
    // seven views are not of one moment, and what is on its way through RabbitMQ is in none of them.
    private static async Task<(IStoreSnapshot Snapshot, bool IsStopped)> OpenEach(
        string connectionString, bool isAtRest, CancellationToken stop)
    {
        var snapshots = new Dictionary<string, IStoreSnapshot>(StringComparer.Ordinal);
        var isStopped = true;
        foreach (var service in ShopTopology.Topology.Queues.Select(q => q.Service).Reverse())
        {
            var (snapshot, isAlone) = await OpenOne(ServiceDatabase.NameOf(connectionString, service), stop);
            snapshots.Add(service, snapshot);
            isStopped &= isAlone;
        }

        var all = new SnapshotOfAll(snapshots);
        if (!isStopped && !isAtRest)
        {
            await all.DisposeAsync();
            throw new StoreUnavailableException(
                "Processes are at work on it, and messages are on their way between its databases. Stop the processes "
                + "(orders go on at the next start), or, when nothing moves any more, write --at-rest.");
        }

        return (all, isStopped);
    }
}
