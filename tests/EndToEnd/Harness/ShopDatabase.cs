using System.Data.Common;
using System.Text.Json.Nodes;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>
/// A shop's data, seen and changed beside the shop: to plant what nobody sent, and, while the shop is stopped, what only a
/// bug could leave.
/// </summary>
internal abstract class ShopDatabase
{
    /// <summary>Whether a message that is put into a queue stands in the journal as well: queue and journal are one there.</summary>
    public virtual bool IsJournaled => true;

    /// <summary>Whether it refuses messages that are no JSON at all.</summary>
    public abstract bool HoldsJsonOnly { get; }

    /// <summary>Puts a message before the receiver of a queue; with an order it belongs to its story.</summary>
    public abstract Guid Put(
        string queue, string type, string body, string? personal, string? traceparent, Placed? order = null);

    /// <summary>Replaces the body of a dead letter, as a deployed fix would read it otherwise.</summary>
    public abstract void Mend(Guid message, string body);

    /// <summary>Nothing of orders can be committed until it is disposed of.</summary>
    public abstract IDisposable HoldWriting();

    /// <summary>Changes a document's body, and its columns.</summary>
    /// <param name="columns">Values by column; a <see cref="DateTimeOffset"/> in the database's own form.</param>
    public void Rewrite(
        string service, string kind, string key, Action<JsonNode> change, params (string Name, object? Value)[] columns)
    {
        using var connection = OpenOf(service);
        var body = JsonNode.Parse(Bodies(connection, service, kind, ("key", key)).Single().Body)!;
        change(body);
        var sets = string.Concat(columns.Select((c, i) => $", {c.Name} = @c{i}"));
        Execute(
            connection, $"UPDATE {Table(service, kind)} SET body = {Json("@body")}{sets} WHERE key = @key",
            [("body", body.ToJsonString()), ("key", key), .. columns.Select((c, i) => ($"c{i}", Stored(c.Value)))]);
    }

    /// <summary>Takes documents away.</summary>
    public void Remove(string service, string kind, Func<JsonNode, bool> which)
    {
        using var connection = OpenOf(service);
        foreach (var (key, _) in Bodies(connection, service, kind).Where(d => which(JsonNode.Parse(d.Body)!)))
        {
            Execute(connection, $"DELETE FROM {Table(service, kind)} WHERE key = @key", ("key", key));
        }
    }

    /// <summary>Counts documents.</summary>
    public int Count(string service, string kind, Func<JsonNode, bool> which)
    {
        using var connection = OpenOf(service);
        return Bodies(connection, service, kind).Count(d => which(JsonNode.Parse(d.Body)!));
    }

    /// <summary>An order's correlation; what belongs to no order has one of its own.</summary>
    protected static Guid CorrelationOf(Placed? order, Guid message) => order is null ? message : Guid.Parse(order.CorrelationId);

    /// <summary>The database in which a service has its documents.</summary>
    protected abstract DbConnection OpenOf(string service);

    protected abstract string Table(string service, string kind);

    /// <summary>A parameter as the type of bodies.</summary>
    protected abstract string Json(string parameter);

    protected abstract object? Stored(object? value);

    protected static void Execute(DbConnection connection, string sql, params (string Name, object? Value)[] values)
    {
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    protected static DbCommand Command(DbConnection connection, string sql, params (string Name, object? Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@" + name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private List<(string Key, string Body)> Bodies(
        DbConnection connection, string service, string kind, params (string Name, object? Value)[] where)
    {
        var filter = where.Length == 0 ? "" : $" WHERE {where[0].Name} = @{where[0].Name}";
        using var command = Command(connection, $"SELECT key, body FROM {Table(service, kind)}{filter}", where);
        using var rows = command.ExecuteReader();
        var found = new List<(string, string)>();
        while (rows.Read())
        {
            found.Add((rows.GetString(0), rows.GetString(1)));
        }

        return found;
    }
}
