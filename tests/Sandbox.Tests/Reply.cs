using System.Text.Json;

namespace DoaMarket.Sandbox.Tests;

/// <summary>An HTTP answer, read to its end.</summary>
internal sealed record Reply(int Status, string Text)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    public string Code => this["code"];

    public string this[string name] => Json.GetProperty(name).GetString()!;

    public long Number(string name) => Json.GetProperty(name).GetInt64();
}
