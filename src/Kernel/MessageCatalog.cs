using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DoaMarket.Kernel;

/// <summary>One message type: its wire name, the version of its form, and how it is read and written.</summary>
public sealed record MessageType(string WireName, string Version, JsonTypeInfo Json)
{
    /// <summary>The payload's record type.</summary>
    public Type ClrType => Json.Type;
}

/// <summary>Every message by its wire name. A name that is not listed here is neither sent nor read.</summary>
public sealed class MessageCatalog
{
    private readonly Dictionary<string, MessageType> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, MessageType> _byType = [];

    /// <summary>All message types, in the order in which they were added.</summary>
    public IReadOnlyCollection<MessageType> All => _byName.Values;

    /// <summary>Adds a message type under its wire name; a name or type can be taken once.</summary>
    public MessageCatalog Add<T>(string wireName, JsonTypeInfo<T> json, string version = "v1") where T : IMessage
    {
        var type = new MessageType(wireName, version, json);
        _byName.Add(wireName, type);
        _byType.Add(typeof(T), type);
        return this;
    }

    /// <summary>The message type of a payload.</summary>
    /// <exception cref="InvalidOperationException">The payload's type is in no catalog: a
    /// programming error.</exception>
    public MessageType Of(IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _byType.TryGetValue(message.GetType(), out var type)
            ? type
            : throw new InvalidOperationException($"{message.GetType().Name} has no wire name: add it to the catalog.");
    }

    /// <summary>The wire name of a payload type.</summary>
    public string NameOf<T>() where T : IMessage => _byType[typeof(T)].WireName;

    /// <summary>The wire name of a payload type known only at run time; throws when it has none.</summary>
    public string NameOf(Type type) => _byType[type].WireName;

    /// <summary>Whether the payload type has a wire name.</summary>
    public bool Knows(Type type) => _byType.ContainsKey(type);

    /// <summary>Writes a payload as UTF-8 JSON.</summary>
    public byte[] Write(IMessage message) => ReadableJson.Write(message, Of(message).Json);

    /// <summary>Reads a payload.</summary>
    /// <exception cref="JsonException">Unknown wire name, or JSON that is not this message. The text
    /// names the member.</exception>
    public IMessage Read(string wireName, ReadOnlySpan<byte> json)
    {
        if (!_byName.TryGetValue(wireName, out var type))
        {
            throw new JsonException($"No message is called '{wireName}'.");
        }

        return JsonSerializer.Deserialize(json, type.Json) as IMessage
            ?? throw new JsonException($"The payload of '{wireName}' is null.");
    }
}
