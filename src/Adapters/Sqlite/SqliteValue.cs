namespace DoaMarket.Sqlite;

/// <summary>What is bound to one parameter of a statement; it is never boxed.</summary>
internal readonly struct SqliteValue
{
    private SqliteValue(SqliteValueKind kind, long number = 0, Guid id = default, object? reference = null) =>
        (Kind, Number, Id, Reference) = (kind, number, id, reference);

    public SqliteValueKind Kind { get; }

    public long Number { get; }

    public Guid Id { get; }

    /// <summary>A string, or an array of bytes.</summary>
    public object? Reference { get; }

    public static implicit operator SqliteValue(long value) => new(SqliteValueKind.Number, number: value);

    public static implicit operator SqliteValue(long? value) => value is { } number ? number : default(SqliteValue);

    public static implicit operator SqliteValue(string? value) =>
        value is null ? default : new(SqliteValueKind.Text, reference: value);

    /// <summary>An id, as 16 bytes in order of time.</summary>
    public static implicit operator SqliteValue(Guid value) => new(SqliteValueKind.Id, id: value);

    public static implicit operator SqliteValue(Guid? value) => value is { } id ? id : default(SqliteValue);

    public static implicit operator SqliteValue(byte[]? value) =>
        value is null ? default : new(SqliteValueKind.Bytes, reference: value);

    /// <summary>Text that is UTF-8 already.</summary>
    public static SqliteValue Utf8(byte[]? text) =>
        text is null ? default : new(SqliteValueKind.Utf8, reference: text);

    /// <summary>A declared column's value, or one of a query: a string, a whole number, or null.</summary>
    public static SqliteValue Of(object? value) => value switch
    {
        null => default,
        string text => text,
        long number => number,
        int number => (long)number,
        _ => throw new ArgumentException($"A column holds text or whole numbers, not {value.GetType().Name}.", nameof(value)),
    };
}

internal enum SqliteValueKind : byte
{
    Null,
    Number,
    Text,
    Utf8,
    Bytes,
    Id,
}
