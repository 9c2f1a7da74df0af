using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DoaMarket.Sandbox.Http;

/// <summary>A finished HTTP answer: it can be stored, repeated and sent later.</summary>
internal sealed record Answer(int Status, byte[] Body)
{
    public static JsonSerializerOptions Format { get; } = new(JsonSerializerDefaults.Web)
    {
        // The bodies are only ever JSON documents, so Korean may stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Answer Json<T>(int status, T value) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(value, Format));

    /// <summary>The error form of the whole sandbox: code, message and, if one is to blame, the field.</summary>
    public static Answer Error(int status, string code, string message, string? field = null) => field is null
        ? Json(status, new { code, message })
        : Json(status, new { code, message, field });

    public async Task SendAsync(HttpContext http)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        http.Response.StatusCode = Status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = Body.Length;
        await http.Response.Body.WriteAsync(Body, http.RequestAborted);
    }
}
