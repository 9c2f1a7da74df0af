using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Reference;

/// <summary>Types as readers of JSON know them.</summary>
internal static class TypeNames
{
    /// <summary>The record behind a member: the type itself, or what its list holds; null for plain values.</summary>
    public static Type? RecordIn(Type type)
    {
        var inner = Element(type) ?? Nullable.GetUnderlyingType(type) ?? type;
        return inner is { IsClass: true } && inner != typeof(string) ? inner : null;
    }

    public static Type? Element(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    public static bool IsId(Type type) => Implements(type, typeof(ITypedId<>));

    public static bool IsName(Type type) => Implements(type, typeof(ITypedName<>));

    public static string Of(Type type)
    {
        if (Element(type) is { } element)
        {
            return $"list of {Of(element)}";
        }

        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            _ when IsId(plain) => "UUID",
            _ when IsName(plain) => "text",
            _ when plain == typeof(Money) => "integer, won",
            _ when plain == typeof(string) => "text",
            _ when plain == typeof(int) || plain == typeof(long) => "integer",
            _ when plain == typeof(bool) => "true or false",
            _ when plain == typeof(DateTimeOffset) => "time, ISO 8601 UTC",
            { IsEnum: true } => string.Join(" | ", Enum.GetNames(plain).Select(n => $"`{n}`")),
            _ => $"[{plain.Name}](#{plain.Name.ToLowerInvariant()})",
        };
    }

    private static bool Implements(Type type, Type definition) => type.GetInterfaces()
        .Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == definition);
}
