using System.Text.Json;
using Microsoft.OpenApi;

namespace DoaMarket.Host.Server;

/// <summary>
/// Makes the OpenAPI document say of answers what is true of them: a member that would be null is left out, so it is
/// optional and never null; the data of an answer is always there. What requests may hold (…Body) stays as it is.
/// </summary>
internal static class AnswerSchemas
{
    private const string RequestEnding = "Body", Data = "data";

    public static void Correct(OpenApiDocument document)
    {
        foreach (var (name, schema) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal))
        {
            if (schema is OpenApiSchema { Enum: { } words } named)
            {
                named.Type = JsonSchemaType.String;
                named.Enum = [.. words.Where(w => w?.GetValueKind() == JsonValueKind.String)];
            }

            if (schema is OpenApiSchema { Properties: { } members } answer
                && !name.EndsWith(RequestEnding, StringComparison.Ordinal))
            {
                foreach (var member in members.Keys.ToList())
                {
                    Correct(answer, member);
                }
            }
        }
    }

    private static void Correct(OpenApiSchema answer, string member)
    {
        var isNullable = false;
        switch (answer.Properties![member])
        {
            case OpenApiSchema { OneOf: [OpenApiSchema { Type: JsonSchemaType.Null }, var only] }:
                (answer.Properties[member], isNullable) = (only, true);
                break;
            case OpenApiSchema { Type: { } type } its when type.HasFlag(JsonSchemaType.Null):
                (its.Type, isNullable) = (type & ~JsonSchemaType.Null, true);
                break;
            default:
                break;
        }

        if (isNullable && member != Data)
        {
            answer.Required?.Remove(member);
        }
    }
}
