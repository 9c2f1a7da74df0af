using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DoaMarket.Reference;

/// <summary>What the XML docs beside an assembly say of its types and members, as plain text.</summary>
internal static partial class XmlDocs
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Read = [];

    /// <summary>The summary of a type.</summary>
    public static string Of(Type type) => Text(Member(type.Assembly, $"T:{type.FullName}")?.Element("summary"));

    /// <summary>The summary of a property, or what its record says of the parameter; empty when nothing does.</summary>
    public static string Of(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        var parameter = Member(type.Assembly, $"T:{type.FullName}")?.Elements("param")
            .FirstOrDefault(p => p.Attribute("name")?.Value == property.Name);
        return Text(parameter ?? Member(type.Assembly, $"P:{type.FullName}.{property.Name}")?.Element("summary"));
    }

    /// <summary>What is said of a member, or else of the id or name that it is.</summary>
    public static string OfMember(PropertyInfo member)
    {
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        return Of(member) is { Length: > 0 } text ? text : TypeNames.IsId(type) || TypeNames.IsName(type) ? Of(type) : "";
    }

    private static XElement? Member(Assembly assembly, string name) => Read.GetOrAdd(assembly, Load).GetValueOrDefault(name);

    private static Dictionary<string, XElement> Load(Assembly assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        Assert.True(File.Exists(file), $"{file} is missing: the pages are made of it.");
        return XDocument.Load(file).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, StringComparer.Ordinal);
    }

    // <see cref="T:A.B.C"/> and <paramref name="x"/> become the last name.
    private static string Text(XElement? element)
    {
        if (element is null)
        {
            return "";
        }

        var parts = element.Nodes().Select(n => n switch
        {
            XElement { Name.LocalName: "see" or "paramref" } e =>
                (e.Attribute("cref") ?? e.Attribute("name") ?? e.Attribute("langword"))!.Value.Split('.', ':')[^1],
            XElement e => e.Value,
            XText t => t.Value,
            _ => "",
        });
        return Space().Replace(string.Concat(parts), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
