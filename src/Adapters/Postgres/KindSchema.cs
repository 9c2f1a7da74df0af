using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DoaMarket.Kernel;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>The table, the indexes and the view of one kind of document.</summary>
internal sealed class KindSchema(NpgsqlConnection connection, DocumentKind kind)
{
    private const int RowsPerFill = 500;
    private readonly DocumentSql _sql = DocumentSql.Of(kind);

    /// <summary>Makes what is missing. A column that the kind has gained is filled from the bodies.</summary>
    public async Task Bring(CancellationToken stop)
    {
        var declared = Declared();
        var before = await Scalar(
            "SELECT declared FROM messaging.kinds WHERE name = $1", stop, Arg.Text(kind.Table)) as string;
        if (before == declared)
        {
            return;
        }

        var isNew = await Scalar("SELECT to_regclass($1)::text", stop, Arg.Text(_sql.Table)) is null;
        await Execute(Table(), stop);
        await AddColumns(before, stop);
        foreach (var index in Indexes())
        {
            await AddIndex(index, isNew, stop);
        }

        await Execute($"DROP VIEW IF EXISTS {_sql.View}; {View()}", stop);
        await Execute(
            "INSERT INTO messaging.kinds (name, declared) VALUES ($1, $2) "
            + "ON CONFLICT (name) DO UPDATE SET declared = excluded.declared",
            stop, Arg.Text(kind.Table), Arg.Text(declared));
    }

    private string Declared() => string.Join('\n', [
        Table(), .. kind.Columns.Select(Declared), .. Indexes().Select(i => i.ToString()), View()]);

    private static string Declared(DocumentColumn column) => $"{column.Name} {TypeOf(column)}";

    private string Table() => $"""
        CREATE SCHEMA IF NOT EXISTS {DocumentSql.Quoted(kind.Service)};
        CREATE TABLE IF NOT EXISTS {_sql.Table} (
          key text COLLATE "C" PRIMARY KEY, version bigint NOT NULL, wake_at timestamptz, due_at timestamptz,
          handled uuid[] NOT NULL, failures integer NOT NULL, body json NOT NULL) WITH (fillfactor = 50)
        """;

    private IEnumerable<Index> Indexes() =>
    [
        new($"{kind.Name}_docs_wake", "", $"{_sql.Table} (wake_at) WHERE wake_at IS NOT NULL"),
        .. kind.Indexes.Select(i => new Index(
            $"{kind.Name}_docs_{i.Name}", i.Unique ? "UNIQUE " : "",
            // Pages end on the key.
            $"{_sql.Table} ({string.Join(", ", (i.Unique ? i.Columns : [.. i.Columns, "key"]).Select(DocumentSql.Quoted))})")),
    ];

    // A column that is there and was not declared before may be one that a crash left unfilled.
    private async Task AddColumns(string? before, CancellationToken stop)
    {
        var known = before?.Split('\n').ToHashSet(StringComparer.Ordinal);
        foreach (var column in kind.Columns)
        {
            var type = await Scalar(
                "SELECT format_type(atttypid, NULL) FROM pg_attribute "
                + "WHERE attrelid = to_regclass($1) AND attname = $2 AND NOT attisdropped",
                stop, Arg.Text(_sql.Table), Arg.Text(column.Name)) as string;
            if (type is null)
            {
                await Execute(
                    $"ALTER TABLE {_sql.Table} ADD COLUMN {DocumentSql.Quoted(column.Name)} {TypeOf(column)}", stop);
            }
            else if (!TypeOf(column).StartsWith(type, StringComparison.Ordinal))
            {
                throw new InvalidOperationException(
                    $"{kind.Table} declares its column {column.Name} as {TypeOf(column)}, and the table has it as {type}. "
                    + "A column cannot change its type: declare one under a new name.");
            }
        }

        var gained = kind.Columns.Where(c => known?.Contains(Declared(c)) is false).ToList();
        if (gained.Count > 0)
        {
            await Fill(gained, stop);
        }
    }

    // Page by page and by version, so that nodes that run meanwhile are neither held up nor written over.
    private async Task Fill(List<DocumentColumn> columns, CancellationToken stop)
    {
        var names = columns.Select((c, i) => $"{DocumentSql.Quoted(c.Name)} = ${i + 3}");
        var update = $"UPDATE {_sql.Table} SET {string.Join(", ", names)} WHERE key = $1 AND version = $2";
        for (var last = ""; ;)
        {
            var page = new List<StoredDocument>();
            await new Script(connection).Read(
                $"{_sql.Select} WHERE key > $1 ORDER BY key LIMIT {RowsPerFill}",
                row => page.Add(Rows.Document(kind, row)), Arg.Text(last)).Run(stop);
            if (page.Count == 0)
            {
                return;
            }

            var script = new Script(connection);
            foreach (var document in page)
            {
                script.Do(update, [
                    Arg.Text(document.Key.Id), Arg.Number(document.Version),
                    .. columns.Select(c => Value(c, document.State))]);
            }

            await script.Run(stop);
            last = page[^1].Key.Id;
        }
    }

    // On a table that nodes work with, the index is built beside them; one that a crash left half-built is built anew.
    private async Task AddIndex(Index index, bool isNew, CancellationToken stop)
    {
        var (name, unique, on) = (DocumentSql.Quoted(index.Name), index.Unique, index.On);
        var full = $"{DocumentSql.Quoted(kind.Service)}.{name}";
        var isValid = await Scalar(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)", stop, Arg.Text(full));
        if (isValid is true)
        {
            return;
        }

        if (isValid is false)
        {
            await Execute($"DROP INDEX CONCURRENTLY {full}", stop);
        }

        await Execute($"CREATE {unique}INDEX {(isNew ? "" : "CONCURRENTLY ")}{name} ON {on}", stop);
    }

    // For people with a SQL prompt: every member of the body as a column of its own type.
    private string View()
    {
        var taken = kind.Columns.Select(c => c.Name).Concat(["key", "version", "wake_at"])
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var members = kind.Json.Properties
            .Where(p => p.Get is not null)
            .Select(p => (Column: JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name), Property: p))
            .Where(m => taken.Add(m.Column))
            .Select(m => $", {Member(m.Property)} AS {DocumentSql.Quoted(m.Column)}");
        var columns = string.Concat(kind.Columns.Select(c => $", {DocumentSql.Quoted(c.Name)}"));
        return $"CREATE VIEW {_sql.View} AS SELECT key, version{columns}{string.Concat(members)}, due_at AS wake_at "
            + $"FROM {_sql.Table}";
    }

    private string Member(JsonPropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(string) || type.IsValueType)
        {
            var text = $"(body ->> '{property.Name}')";
            return type == typeof(DateTimeOffset) ? text + "::timestamptz" : text + Cast(type);
        }

        return $"(body -> '{property.Name}')";
    }

    // Amounts and typed ids are written by converters of their own: how, only an example tells.
    private string Cast(Type type) => type == typeof(string) ? "" : JsonSerializer.SerializeToElement(
        Activator.CreateInstance(type), kind.Json.Options.GetTypeInfo(type)).ValueKind switch
    {
        JsonValueKind.Number => "::numeric",
        JsonValueKind.True or JsonValueKind.False => "::boolean",
        _ => "",
    };

    internal static string TypeOf(DocumentColumn column) =>
        column.Type == ColumnType.Number ? "bigint" : "text COLLATE \"C\"";

    private static NpgsqlParameter Value(DocumentColumn column, object state) => column.Type == ColumnType.Number
        ? Arg.Number((long?)column.Read(state))
        : Arg.Text((string?)column.Read(state));

    private sealed record Index(string Name, string Unique, string On);

    private Task Execute(string sql, CancellationToken stop, params NpgsqlParameter[] parameters) =>
        PostgresSchema.Execute(connection, sql, stop, parameters);

    private Task<object?> Scalar(string sql, CancellationToken stop, params NpgsqlParameter[] parameters) =>
        PostgresSchema.Scalar(connection, sql, stop, parameters);
}
