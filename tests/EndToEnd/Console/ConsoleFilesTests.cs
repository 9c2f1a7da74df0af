using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd;

/// <summary>How the console's files are served.</summary>
[Collection(typeof(OnTheHoldingShop))]
public sealed partial class ConsoleFilesTests(HoldingShop fixture)
{
    private const int FirstLoadMax = 300_000;
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task A_browser_is_led_to_the_console_and_a_program_to_the_documentation()
    {
        Assert.Equal("/console", (await Get("/", ("Accept", "text/html"))).Headers.Location?.ToString());
        Assert.Equal("/docs", (await Get("/")).Headers.Location?.ToString());
    }

    [Fact]
    public async Task The_page_lets_nothing_but_its_own_files_run()
    {
        var (first, second) = (await Get("/console"), await Get("/console/orders/anything"));
        Assert.Equal("no-store", first.Headers.CacheControl?.ToString());
        var policy = first.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        var nonces = new[] { first, second }.Select(r => Nonce().Match(r.Headers.GetValues("Content-Security-Policy").Single()).Value)
            .ToList();
        Assert.NotEqual(nonces[0], nonces[1]);
        var page = await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"nonce=\"{nonces[0]["nonce-".Length..]}\"", page, StringComparison.Ordinal);
        Assert.Contains("<meta name=\"doa-sign-in\" content=\"click\" />", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_kept_for_ever_by_their_hash_and_the_first_load_is_small()
    {
        var page = await (await Get("/console")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var files = File().Matches(page).Select(m => m.Groups["path"].Value).ToList();
        Assert.NotEmpty(files);
        long size = 0;
        foreach (var file in files)
        {
            var answer = await Get(file, ("Accept-Encoding", "gzip, br"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("br", answer.Content.Headers.ContentEncoding.Single());
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl?.ToString());
            var etag = answer.Headers.ETag!.ToString();
            Assert.Equal(HttpStatusCode.NotModified, (await Get(file, ("If-None-Match", etag))).StatusCode);
            size += answer.Content.Headers.ContentLength!.Value;
        }

        Assert.True(size < FirstLoadMax, string.Create(CultureInfo.InvariantCulture, $"{size} bytes"));
        Assert.Equal(HttpStatusCode.NotFound, (await Get("/console/assets/gone-12345678.js")).StatusCode);
    }

    private async Task<HttpResponseMessage> Get(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _shop.Url + path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _shop.Http.SendAsync(request);
    }

    [GeneratedRegex(@"nonce-[A-Za-z0-9+/=]+")]
    private static partial Regex Nonce();

    [GeneratedRegex(@"(?:src|href)=""(?<path>/console/assets/[^""]+)""")]
    private static partial Regex File();
}
