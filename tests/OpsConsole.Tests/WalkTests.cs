using DoaMarket.EndToEnd.Harness;
using Microsoft.Playwright;

namespace DoaMarket.OpsConsole.Tests;

/// <summary>A newcomer's walk, in both languages; the documentation's pictures are taken on the way.</summary>
public sealed class WalkTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData("en", "Overview", "A bit of everything", "100 orders", "Refund fails", "1 order", "Waiting for a person", "Timeline")]
    [InlineData("ko", "현황", "골고루", "100건", "환불 실패", "1건", "사람을 기다리는 중", "타임라인")]
    public async Task A_newcomer_places_orders_watches_them_and_finds_the_one_that_needs_a_person(
        string language, string overview, string mixed, string hundred, string failing, string one, string waiting, string timeline)
    {
        await using var window = await chromium.SignedIn("/playground", language);
        var page = window.Page;
        await page.GetByRole(AriaRole.Radio, new() { Name = mixed }).ClickAsync();
        await page.GetByText(hundred, new() { Exact = true }).ClickAsync();
        await page.GetByTestId("place").ClickAsync();
        await Assertions.Expect(page.Locator("[data-role=end][data-step=completed] >> text=/\\d+/")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasTextRegex = new("100.*100") })).ToBeVisibleAsync();
        await window.Picture($"console-playground.{language}");

        await page.GetByRole(AriaRole.Radio, new() { Name = failing }).ClickAsync();
        await page.GetByText(one, new() { Exact = true }).ClickAsync();
        await page.GetByTestId("place").ClickAsync();
        await window.See(waiting);
        await page.Locator("main").GetByRole(AriaRole.Link, new() { NameRegex = new("^ORD-") }).First.ClickAsync();
        await window.See(timeline);
        await Assertions.Expect(page.Locator("[data-role=undo][data-status=compensation_failed]")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByTestId("timeline").Locator("li[data-kind=alert]")).ToHaveCountAsync(2);
        await window.Picture($"console-order.{language}");

        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = overview }).ClickAsync();
        await Assertions.Expect(window.Heading(overview)).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("kr.hanjin");
        await window.Picture($"console-overview.{language}");
    }

    [Fact]
    public async Task An_order_fits_a_phone_in_the_dark()
    {
        var order = await (await chromium.Shop.Customer()).Place(new OrderForm(), TimeSpan.FromSeconds(30));
        await using var window = await chromium.SignedIn($"/orders/{order.OrderId}", "ko", 390, "dark");
        await window.See("타임라인");
        await Assertions.Expect(window.Page.Locator("[data-role=end][data-step=completed]")).ToBeVisibleAsync();
        await window.Picture("console-order-phone.ko");
    }
}
