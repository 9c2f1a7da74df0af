using DoaMarket.Host.Cli;
using DoaMarket.Kernel;
using DoaMarket.Postgres;
using DoaMarket.Sqlite;
using Npgsql;

namespace DoaMarket.Host.Server;

/// <summary>Moves a shop from its data folder into a PostgreSQL database.</summary>
public static class ShopMove
{
    /// <summary>
    /// Writes everything in one transaction. The folder stays as it is, but no shop starts on it any more.
    /// </summary>
    /// <exception cref="WrongConfigurationException">
    /// It cannot be done, and nothing was; or the answer to the commit is lost. The text says what to do.
    /// </exception>
    public static async Task Run(MoveSettings settings, Action<string, long> written, CancellationToken stop)
    {
        var folder = DataFolder.Of(settings.DataFolder);
        folder.RefuseIfMoved();
        var where = Named(settings.Database);
        var kinds = ShopServices.Kinds();
        var isSaid = false;
        try
        {
            using var left = SqliteContents.Open(folder.Path, kinds);
            await PostgresImport.Run(settings.Database, kinds, left.Contents, written, Leave, stop);
        }
        catch (Exception error) when (error is InvalidOperationException or IOException or NpgsqlException
            or StoreUnavailableException || (isSaid && error is OperationCanceledException))
        {
            // A commit whose answer is lost may have happened: the folder stays refused until somebody has looked.
            throw new WrongConfigurationException(isSaid
                ? $"Whether the shop has arrived is not known: {error.Message} If messaging.messages has rows in {where}, "
                    + $"start it there; otherwise delete {Path.Combine(folder.Path, DataFolder.MovedName)} and move it again."
                : error.Message);
        }

        // Said before it is so: a crash in between leaves a shop that has to be asked about, never two that run.
        void Leave()
        {
            folder.SayMoved(where);
            isSaid = true;
        }
    }

    private static string Named(string database)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(database);
            return $"PostgreSQL, database '{settings.Database}' at {settings.Host}:{settings.Port}";
        }
        catch (ArgumentException error)
        {
            throw new WrongConfigurationException(
                $"--to is no connection string: {error.Message} Write 'Host=…;Port=5432;Database=…;Username=…;Password=…'.");
        }
    }
}
