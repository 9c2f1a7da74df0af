using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>Statements that go to the server together: one round trip, however many they are.</summary>
/// <remarks>
/// They end at the first that fails. Without BEGIN and COMMIT among them they are one transaction.
/// </remarks>
internal sealed class Script(NpgsqlConnection connection)
{
    private static readonly Action<NpgsqlDataReader> Ignore = static _ => { };
    private readonly List<NpgsqlBatchCommand> _commands = [];
    private readonly List<Action<NpgsqlDataReader>> _rows = [];

    /// <summary>A statement without rows.</summary>
    public Script Do(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
#pragma warning disable CA2100 // every SQL text is a constant of this assembly or built from declared names
        var command = new NpgsqlBatchCommand(sql);
#pragma warning restore CA2100
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        _commands.Add(command);
        return this;
    }

    /// <summary>A statement whose rows are read one by one.</summary>
    public Script Read(string sql, Action<NpgsqlDataReader> row, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        _rows.Add(row);
        return Do(sql, parameters);
    }

    /// <summary>A statement whose rows say nothing.</summary>
    public Script Check(string sql, params ReadOnlySpan<NpgsqlParameter> parameters) => Read(sql, Ignore, parameters);

    /// <summary>Sends them and reads all rows.</summary>
    public async ValueTask Run(CancellationToken stop)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in _commands)
        {
            batch.BatchCommands.Add(command);
        }

        await using var reader = await batch.ExecuteReaderAsync(stop);
        foreach (var row in _rows)
        {
            while (await reader.ReadAsync(stop))
            {
                row(reader);
            }

            await reader.NextResultAsync(stop); // throws where a statement without rows has failed
        }
    }
}
