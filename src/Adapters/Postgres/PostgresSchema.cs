using System.Reflection;
using DoaMarket.Kernel;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>
/// Brings a database to what this program needs: numbered migrations for messages, and a table with its indexes and its
/// readable view for each declared kind. One process at a time does it, under an advisory lock; where nothing has
/// changed, nothing is touched. Nothing is ever dropped but views.
/// </summary>
internal static class PostgresSchema
{
    private const long AdvisoryLock = 0x646F61; // "doa"

    private static readonly Assembly Here = typeof(PostgresSchema).Assembly;

    public static async Task Bring(string connectionString, IReadOnlyList<DocumentKind> kinds, CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        connection.Notice += static (_, _) => { }; // "already exists, skipping"
        await connection.OpenAsync(stop);
        if (await Scalar(connection, "SHOW server_encoding", stop) is not "UTF8")
        {
            throw new InvalidOperationException(
                $"The database '{settings.Database}' is not in UTF-8. Write CREATE DATABASE … ENCODING 'UTF8'.");
        }

        // Held by the session: an index that is built beside running nodes cannot be built within a transaction.
        await Execute(connection, $"SELECT pg_advisory_lock({AdvisoryLock})", stop);
        await Migrate(connection, stop);
        foreach (var kind in kinds)
        {
            await new KindSchema(connection, kind).Bring(stop);
        }
    }

    private static async Task Migrate(NpgsqlConnection connection, CancellationToken stop)
    {
        await Execute(
            connection,
            """
            CREATE SCHEMA IF NOT EXISTS messaging;
            CREATE TABLE IF NOT EXISTS messaging.schema_versions (
              version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
            """,
            stop);
        var present = (int)(await Scalar(
            connection, "SELECT coalesce(max(version), 0) FROM messaging.schema_versions", stop))!;
        var migrations = Migrations();
        if (present > migrations[^1].Version)
        {
            throw new InvalidOperationException(
                $"The database has version {present}, and this program knows none above {migrations[^1].Version}. "
                + "Start the newer program.");
        }

        foreach (var (version, name, sql) in migrations.Where(m => m.Version > present))
        {
            await using var transaction = await connection.BeginTransactionAsync(stop);
            await Execute(connection, sql, stop);
            await Execute(
                connection, "INSERT INTO messaging.schema_versions (version, name) VALUES ($1, $2)", stop,
                Arg.Int(version), Arg.Text(name));
            await transaction.CommitAsync(stop);
        }
    }

    // "0001-messaging.sql"
    private static List<(int Version, string Name, string Sql)> Migrations() =>
    [
        .. Here.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(n => (int.Parse(n.AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture), n, Text(n))),
    ];

    private static string Text(string name)
    {
        using var reader = new StreamReader(Here.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    internal static async Task Execute(
        NpgsqlConnection connection, string sql, CancellationToken stop, params NpgsqlParameter[] parameters)
    {
#pragma warning disable CA2100 // every SQL text is a constant of this assembly or built from declared names
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(stop);
    }

    internal static async Task<object?> Scalar(
        NpgsqlConnection connection, string sql, CancellationToken stop, params NpgsqlParameter[] parameters)
    {
#pragma warning disable CA2100 // every SQL text is a constant of this assembly or built from declared names
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.Parameters.AddRange(parameters);
        return await command.ExecuteScalarAsync(stop) is { } value and not DBNull ? value : null;
    }
}
