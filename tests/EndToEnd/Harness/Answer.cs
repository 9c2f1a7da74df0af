using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>An HTTP answer, read.</summary>
internal sealed record Answer(int Status, string Text, HttpResponseHeaders Headers)
{
    /// <summary>The body as JSON; null when it is none.</summary>
    public JsonNode? Json { get; } = Parsed(Text);

    /// <summary>What was asked for.</summary>
    public JsonNode Data => Json?["data"] ?? throw new InvalidOperationException($"No data in {this}");

    /// <summary>The list that was asked for.</summary>
    public JsonArray List => Data.AsArray();

    /// <summary>The stable code of a failure.</summary>
    public string? Code => Json?["error"]?["code"]?.GetValue<string>();

    /// <summary>The field that a failure names.</summary>
    public string? Field => Json?["error"]?["details"]?["field"]?.GetValue<string>();

    /// <inheritdoc />
    public override string ToString() => $"{Status} {Text}";

    /// <summary>Reads a response.</summary>
    public static async Task<Answer> Of(HttpResponseMessage response)
    {
        using (response)
        {
            return new((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
        }
    }

    /// <summary>Fails the test unless the answer has this status.</summary>
    public Answer Expect(int status)
    {
        Assert.True(Status == status, $"{status} was expected, this came: {this}");
        return this;
    }

    private static JsonNode? Parsed(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null; // a page, say; Text has it
        }
    }
}
