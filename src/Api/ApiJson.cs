using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace DoaMarket.Api;

/// <summary>How the API reads and writes JSON.</summary>
public static class ApiJson
{
    /// <summary>Deepest nesting that a body may have.</summary>
    public const int MaxDepth = 32;

    /// <summary>Answers: camelCase, nulls left out, Korean readable.</summary>
    public static JsonSerializerOptions Answers { get; } = Configure(
        new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Requests: unknown and duplicate members, wrong types and missing members are refused.</summary>
    public static JsonSerializerOptions Requests { get; } = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = MaxDepth,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Applies the form of answers to options that a framework made.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict; // numbers are numbers, also in the OpenAPI document
        options.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);
        options.Converters.Add(new JsonStringEnumConverter());
        return options;
    }
}
