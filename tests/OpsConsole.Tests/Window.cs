using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using DoaMarket.EndToEnd.Harness;
using Microsoft.Playwright;

namespace DoaMarket.OpsConsole.Tests;

/// <summary>
/// A window of the browser with the console in it. Whatever the page complains of is kept; a test that ends with a
/// complaint has failed.
/// </summary>
internal sealed class Window : IAsyncDisposable
{
    private const int TabsAtMost = 80;
    private const int WideHeight = 860, NarrowHeight = 844, Narrow = 390;
    private const float PatienceMs = 60_000; // far beyond what any test needs, however slow the machine
    private static readonly string[] Grave = ["serious", "critical"];

    private static readonly string Images = typeof(Window).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "Images").Value!;

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly Shop _shop;

    private Window(IBrowserContext context, IPage page, Shop shop)
    {
        (_context, Page, _shop) = (context, page, shop);
        page.SetDefaultTimeout(PatienceMs);
        Assertions.SetDefaultExpectTimeout(PatienceMs);
        page.PageError += (_, error) => _complaints.Enqueue($"error: {error}");
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{message.Type}: {message.Text}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>A status that the test provokes: the browser complains of it, and that is no fault of the page.</summary>
    public int? Provoked { get; set; }

    /// <summary>Opens a window.</summary>
    public static async Task<Window> Open(IBrowser browser, Shop shop, string language, int width, string scheme)
    {
        var context = await browser.NewContextAsync(new()
        {
            Locale = language == "ko" ? "ko-KR" : "en-US",
            TimezoneId = "Asia/Seoul",
            ViewportSize = new() { Width = width, Height = width <= Narrow ? NarrowHeight : WideHeight },
            ColorScheme = scheme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        return new(context, await context.NewPageAsync(), shop);
    }

    /// <summary>Goes to a page of the console by its address: whoever was signed in is not any more.</summary>
    public Task Go(string path) => Page.GotoAsync($"{_shop.Url}/console{path}");

    /// <summary>One click.</summary>
    public async Task SignIn()
    {
        await Page.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(Page.Locator("main h1").First).ToBeVisibleAsync();
    }

    /// <summary>A page by the menu.</summary>
    public async Task Menu(string name)
    {
        await Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
        await Assertions.Expect(Heading(name)).ToBeVisibleAsync();
    }

    public ILocator Heading(string name) =>
        Page.GetByRole(AriaRole.Heading, new() { Name = name, Level = 1, Exact = true });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog).Last;

    /// <summary>Says why, and does it; an earlier dialog may still be on its way out.</summary>
    public async Task Confirm(string button, string? reason)
    {
        var name = new PageGetByRoleOptions { Name = button, Exact = true };
        var asking = Page.GetByRole(AriaRole.Dialog).Filter(new() { Has = Page.GetByRole(AriaRole.Button, name) }).Last;
        if (reason is not null)
        {
            await asking.GetByRole(AriaRole.Textbox).Last.FillAsync(reason);
        }

        await asking.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
    }

    /// <summary>Waits for a text somewhere.</summary>
    public Task See(string text) => Assertions.Expect(Page.GetByText(text).First).ToBeVisibleAsync();

    /// <summary>Answers these paths with 503 until that is disposed of.</summary>
    public async Task<IAsyncDisposable> Failing(params string[] paths)
    {
        const string unavailable =
            """{"success":false,"error":{"code":"UNAVAILABLE","message":"It is being mended.","traceId":"0af7651916cd43dd"}}""";
        Provoked = 503;
        foreach (var path in paths)
        {
            await Page.RouteAsync(path, route => route.FulfillAsync(new()
            {
                Status = 503,
                ContentType = "application/json",
                Body = unavailable,
            }));
        }

        return new Failure(Page, paths);
    }

    /// <summary>Presses Tab until it is there, as whoever has no mouse does.</summary>
    public async Task TabTo(ILocator wanted)
    {
        for (var i = 0; i < TabsAtMost; i++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail($"{TabsAtMost} times Tab does not lead to {wanted}");
    }

    /// <summary>Chooses from a list.</summary>
    public async Task Choose(string list, string option)
    {
        await Page.GetByRole(AriaRole.Combobox, new() { Name = list, Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Option, new() { Name = option, Exact = true }).ClickAsync();
    }

    /// <summary>Everybody must be able to use it: axe finds nothing serious.</summary>
    public async Task AssertAccessible()
    {
        var result = await Page.RunAxe();
        var grave = result.Violations.Where(v => Grave.Contains(v.Impact, StringComparer.Ordinal))
            .Select(v => $"{v.Id} ({v.Impact}): {string.Join(" | ", v.Nodes.Take(4).Select(Told))}");
        Assert.Empty(grave);
    }

    /// <summary>Keeps a picture for the documentation, when that is asked for.</summary>
    public async Task Picture(string name, bool whole = false)
    {
        if (Environment.GetEnvironmentVariable("DOA_UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Images);
            await Page.Mouse.MoveAsync(0, 0);
            await Page.ScreenshotAsync(new()
            {
                Path = Path.Combine(Images, $"{name}.png"),
                FullPage = whole,
                Animations = ScreenshotAnimations.Disabled,
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        var provoked = Provoked is { } status
            ? string.Create(CultureInfo.InvariantCulture, $"status of {status}")
            : null;
        Assert.DoesNotContain(
            _complaints, c => provoked is null || !c.Contains(provoked, StringComparison.Ordinal));
    }

    private sealed class Failure(IPage page, string[] paths) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var path in paths)
            {
                await page.UnrouteAsync(path);
            }
        }
    }

    private static string Told(AxeResultNode node) => $"{node.Target} {node.Html}";
}
