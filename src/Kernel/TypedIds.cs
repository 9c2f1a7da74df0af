using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DoaMarket.Kernel;

/// <summary>An id that cannot be mistaken for another kind of id. On the wire it is a plain UUID string.</summary>
public interface ITypedId<TSelf> where TSelf : struct, ITypedId<TSelf>
{
    /// <summary>The UUID behind the id.</summary>
    Guid Value { get; }

    /// <summary>The id with this UUID.</summary>
    static abstract TSelf From(Guid value);
}

/// <summary>
/// A name that cannot be mistaken for another kind of name (a user, a product). On the wire a plain string.
/// </summary>
public interface ITypedName<TSelf> where TSelf : struct, ITypedName<TSelf>
{
    /// <summary>The text behind the name.</summary>
    string Value { get; }

    /// <summary>The name with this text.</summary>
    static abstract TSelf From(string value);
}

/// <summary>Writes typed ids as plain UUID strings.</summary>
public sealed class TypedIdConverter<T> : JsonConverter<T> where T : struct, ITypedId<T>
{
    /// <inheritdoc />
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        T.From(reader.GetGuid());

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

/// <summary>Writes typed names as plain strings.</summary>
public sealed class TypedNameConverter<T> : JsonConverter<T> where T : struct, ITypedName<T>
{
    /// <inheritdoc />
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        T.From(reader.GetString() ?? throw new JsonException($"A {typeof(T).Name} must be a string."));

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

/// <summary>Identifies one message, for ever: a message that is sent again keeps it.</summary>
[JsonConverter(typeof(TypedIdConverter<EventId>))]
public readonly record struct EventId(Guid Value) : ITypedId<EventId>
{
    /// <inheritdoc />
    public static EventId From(Guid value) => new(value);

    /// <inheritdoc />
    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>One id through everything that one customer's request set in motion.</summary>
[JsonConverter(typeof(TypedIdConverter<CorrelationId>))]
public readonly record struct CorrelationId(Guid Value) : ITypedId<CorrelationId>
{
    /// <inheritdoc />
    public static CorrelationId From(Guid value) => new(value);

    /// <inheritdoc />
    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>Identifies one saga instance.</summary>
[JsonConverter(typeof(TypedIdConverter<SagaId>))]
public readonly record struct SagaId(Guid Value) : ITypedId<SagaId>
{
    /// <inheritdoc />
    public static SagaId From(Guid value) => new(value);

    /// <inheritdoc />
    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);
}

/// <summary>Identifies a person: a customer, a seller, an operator.</summary>
[JsonConverter(typeof(TypedNameConverter<UserId>))]
public readonly record struct UserId(string Value) : ITypedName<UserId>
{
    /// <inheritdoc />
    public static UserId From(string value) => new(value);

    /// <inheritdoc />
    public override string ToString() => Value;
}
