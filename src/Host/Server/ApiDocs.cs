using System.Text.Json.Nodes;
using DoaMarket.Contracts;
using DoaMarket.Host.Ops;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.OpsConsole;
using DoaMarket.Orders;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace DoaMarket.Host.Server;

/// <summary>The OpenAPI document at /openapi/v1.json, with examples, and the pages to try it at /docs.</summary>
public static class ApiDocs
{
    private const string OrderExample = """
        {
          "items": [{ "productId": "P-1001", "quantity": 1 }],
          "shippingAddress": { "recipientName": "홍길동", "phone": "010-1234-5678", "postalCode": "04524", "address": "서울시 중구 세종대로 110" },
          "paymentMethod": { "type": "card", "billingKey": "bk_ok" }
        }
        """;

    private const string SettingsExample = """
        { "email": "hong@example.com", "phone": "010-1234-5678", "preferences": { "order_received": { "push": false } } }
        """;

    /// <summary>Describes the API.</summary>
    public static void Add(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "DOA Market Order Flow",
                Version = "v1",
                Description = "Get a token from POST /dev/token (embedded mode), press Authorize, and place an order.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                ["Bearer"] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    BearerFormat = "JWT",
                },
            };
            document.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("Bearer", document)] = [] },
            ];
            AnswerSchemas.Correct(document);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            Describe(schema, Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
    });

    /// <summary>Serves the document and the pages.</summary>
    public static void Map(WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = "docs";
            ui.DocumentTitle = "DOA Market Order Flow API";
            ui.SwaggerEndpoint("/openapi/v1.json", "v1");
        });
        // A person comes to see; a program that follows the address finds the documentation.
        app.MapGet("/", (HttpContext http) => Results.Redirect(
                http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
                    ? ConsoleWeb.Path
                    : "/docs"))
            .AllowAnonymous().ExcludeFromDescription();
    }

    // Ids and money are written by converters, which the schema generator cannot look into.
    private static void Describe(OpenApiSchema schema, Type type)
    {
        var isId = type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ITypedId<>));
        if (isId)
        {
            (schema.Type, schema.Format) = (JsonSchemaType.String, "uuid");
        }
        else if (type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ITypedName<>)))
        {
            schema.Type = JsonSchemaType.String;
        }
        else if (type == typeof(Money))
        {
            (schema.Type, schema.Format, schema.Description) = (JsonSchemaType.Integer, "int64", "Korean won");
        }
        else if (type == typeof(OrderBody))
        {
            schema.Examples = [JsonNode.Parse(OrderExample)!];
        }
        else if (type == typeof(CancelBody))
        {
            schema.Examples = [JsonNode.Parse("""{ "reason": "단순 변심" }""")!];
        }
        else if (type == typeof(SettingsBody))
        {
            schema.Examples = [JsonNode.Parse(SettingsExample)!];
        }
        else if (type == typeof(ReasonBody) || type == typeof(OptionalReasonBody))
        {
            schema.Examples = [JsonNode.Parse("""{ "reason": "1.4.2에서 수정됨" }""")!];
        }
        else if (type == typeof(RedriveQueueBody))
        {
            schema.Examples = [JsonNode.Parse("""{ "queue": "order-service-dlq", "ratePerSecond": 20 }""")!];
        }
        else if (type == typeof(TokenBody))
        {
            schema.Examples = [JsonNode.Parse("""{ "userId": "u-1", "role": "customer" }""")!];
        }
    }
}
