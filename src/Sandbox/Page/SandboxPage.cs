using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Sandbox.Page;

/// <summary>The page at <c>/</c>: what the outside world saw, and switches for its faults.</summary>
internal static class SandboxPage
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        byte[] page = Load();
        routes.MapGet("/", async http =>
        {
            http.Response.ContentType = "text/html; charset=utf-8";
            http.Response.Headers.ContentSecurityPolicy = "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'";
            http.Response.ContentLength = page.Length;
            await http.Response.Body.WriteAsync(page, http.RequestAborted);
        });
    }

    private static byte[] Load()
    {
        using Stream stream = typeof(SandboxPage).Assembly.GetManifestResourceStream("index.html")
            ?? throw new InvalidOperationException("The sandbox's index.html is not embedded.");
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
