using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace DoaMarket.OpsConsole;

/// <summary>
/// Serves the operators' console below /console. Everything is the console's own: the policy lets nothing else run, load
/// or be called. Styles that are made at run time carry a nonce that is fresh in every page.
/// </summary>
public static class ConsoleWeb
{
    /// <summary>Where the console is.</summary>
    public const string Path = "/console";

    private const string Page = "index.html", Assets = "assets/";
    private const string NoncePlace = "CSP_NONCE", SignInPlace = "SIGN_IN"; // as web/ writes them
    private const int NonceBytes = 16;

    /// <summary>Adds the endpoints.</summary>
    /// <param name="app">Where to.</param>
    /// <param name="oneClick">Whether POST /dev/token exists, so that an operator signs in with a click.</param>
    public static void Map(IEndpointRouteBuilder app, bool oneClick)
    {
        var files = new ConsoleFiles();
        app.MapGet(Path, (HttpContext http) => Show(http, files, oneClick)).AllowAnonymous().ExcludeFromDescription();
        app.MapGet(Path + "/{**path}", (string? path, HttpContext http) => Serve(http, files, path ?? "", oneClick))
            .AllowAnonymous().ExcludeFromDescription();
    }

    private static Task Serve(HttpContext http, ConsoleFiles files, string path, bool oneClick)
    {
        if (path != Page && files.Find(path) is { } file)
        {
            return Send(http, file, isForEver: path.StartsWith(Assets, StringComparison.Ordinal));
        }

        // Every other path is a page of the console itself; a file that is gone with an older build is not.
        if (!path.StartsWith(Assets, StringComparison.Ordinal))
        {
            return Show(http, files, oneClick);
        }

        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    // A file below assets/ has its content's hash in its name: it never changes.
    private static Task Send(HttpContext http, ConsoleFile file, bool isForEver)
    {
        var (request, response) = (http.Request, http.Response);
        response.Headers.CacheControl = isForEver ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.ETag = file.Etag;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (request.Headers.IfNoneMatch == file.Etag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        var accepts = request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        var bytes = accepts && file.Brotli is { } brotli ? brotli : file.Bytes;
        if (bytes != file.Bytes)
        {
            response.Headers.ContentEncoding = "br";
        }

        (response.ContentType, response.ContentLength) = (file.ContentType, bytes.Length);
        return response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    private static Task Show(HttpContext http, ConsoleFiles files, bool oneClick)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
        var page = Encoding.UTF8.GetString(files.Find(Page)!.Bytes)
            .Replace(NoncePlace, nonce, StringComparison.Ordinal)
            .Replace(SignInPlace, oneClick ? "click" : "token", StringComparison.Ordinal);
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self'; font-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(page, http.RequestAborted);
    }
}
