using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DoaMarket.Api;

/// <summary>
/// Reads request bodies strictly: what is not understood is refused with the field's name, and nothing is changed.
/// </summary>
public static class ApiBody
{
    /// <summary>Largest body, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Reads a JSON body.</summary>
    /// <exception cref="ApiException">400, 413 or 415, naming the field where there is one.</exception>
    public static async Task<T> Read<T>(HttpRequest request, CancellationToken stop) where T : class
    {
        if (!request.HasJsonContentType())
        {
            throw new ApiException(ApiError.NotJson, null);
        }

        return Parse<T>(await ReadBytes(request, stop), ApiJson.Requests);
    }

    /// <summary>Reads JSON that was read before (a signed body, for example).</summary>
    /// <exception cref="ApiException">400, naming the field where there is one.</exception>
    public static T Parse<T>(byte[] json, JsonSerializerOptions options) where T : class
    {
        try
        {
            RefuseNul(json);
            return JsonSerializer.Deserialize<T>(json, options) ?? throw new JsonException("The body is null.");
        }
        catch (JsonException error)
        {
            var (field, sentence) = BodyFault.Of(error);
            throw new ApiException(ApiError.InvalidJson, new { field }, sentence);
        }
    }

    /// <summary>Reads the raw body within the limit.</summary>
    /// <exception cref="ApiException">413.</exception>
    public static async Task<byte[]> ReadBytes(HttpRequest request, CancellationToken stop)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, stop)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaxBytes)
            {
                throw new ApiException(ApiError.TooLarge, null, MaxBytes);
            }
        }

        return buffer.ToArray();
    }

    // A NUL gets through JSON as \u0000 and is refused by databases; half a surrogate pair cannot be written at all.
    private static void RefuseNul(byte[] json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = ApiJson.MaxDepth });
        Check(document.RootElement, "$");

        static void Check(JsonElement element, string path)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var member in element.EnumerateObject())
                    {
                        Check(member.Value, $"{path}.{member.Name}");
                    }

                    break;
                case JsonValueKind.Array:
                    var i = 0;
                    foreach (var item in element.EnumerateArray())
                    {
                        Check(item, $"{path}[{i++}]");
                    }

                    break;
                case JsonValueKind.String when HasForbidden(element):
                    throw new JsonException(
                        "It has a character that is not allowed (NUL or half a surrogate pair).", path, null, null);
            }
        }
    }

    private static bool HasForbidden(JsonElement element)
    {
        try
        {
            return element.GetString()!.Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException) // System.Text.Json's word for text that is no valid UTF-16
        {
            return true;
        }
    }
}
