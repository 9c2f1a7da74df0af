using System.Text.Json.Nodes;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>Reads members of JSON that must be there.</summary>
internal static class Reading
{
    public static string Text(this JsonNode? node, string member) => node!.Member(member).GetValue<string>();

    public static int Int(this JsonNode? node, string member) => node!.Member(member).GetValue<int>();

    public static long Won(this JsonNode? node, string member) => node!.Member(member).GetValue<long>();

    public static JsonArray List(this JsonNode? node, string member) => node!.Member(member).AsArray();

    private static JsonNode Member(this JsonNode node, string member) =>
        node[member] ?? throw new InvalidOperationException($"There is no {member} in {node.ToJsonString()}");
}
