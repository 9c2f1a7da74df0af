using System.Text.RegularExpressions;
using DoaMarket.EndToEnd.Harness;
using Microsoft.Playwright;

namespace DoaMarket.OpsConsole.Tests;

/// <summary>One browser and one shop for the tests of a class, so that each class leaves the others' shop alone.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal Shop Shop { get; private set; } = null!;

    /// <summary>Parcels travel slowly enough for a person to act in between.</summary>
    internal static Settings Pace { get; } = EndToEnd.Harness.Pace.Fast.With(
        ("Sandbox:MoveEvery", "00:00:02"), ("Shipping:HoldBeforeDispatch", "00:00:02"),
        ("Kernel:DeliveryRetry:First", "00:00:00.05"));

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program))
        {
            Assert.SkipUnless(
                Environment.GetEnvironmentVariable("CI") == "true", $"{Program} is missing: apt-get install chromium");
        }

        Shop = await Shop.Open(Pace);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = Arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (Shop is not null)
        {
            await Shop.DisposeAsync();
        }
    }

    /// <summary>A window in which nobody has signed in, of a shop that gives no tokens away.</summary>
    internal async Task<Window> OpenedWithTokensOnly()
    {
        var window = await Window.Open(_browser!, Shop, "en", 1280, "light");
        await window.Page.RouteAsync("**/console", async route =>
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new()
            {
                Response = answer,
                Body = Regex.Replace(
                    await answer.TextAsync(), "(name=\"doa-sign-in\" content=)\"[^\"]*\"", "$1\"token\""),
            });
        });
        await window.Go("");
        return window;
    }

    /// <summary>A window in which an operator has signed in, to the shop of the class unless another is named.</summary>
    internal async Task<Window> SignedIn(
        string path = "", string language = "en", int width = 1280, string scheme = "light", Shop? shop = null)
    {
        var window = await Window.Open(_browser!, shop ?? Shop, language, width, scheme);
        await window.Go(path);
        await window.SignIn();
        return window;
    }
}
