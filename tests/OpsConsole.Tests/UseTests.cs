using System.Text.RegularExpressions;
using DoaMarket.EndToEnd.Harness;
using Microsoft.Playwright;

namespace DoaMarket.OpsConsole.Tests;

/// <summary>What operators do every day: place, find, filter, adjust, look up, switch.</summary>
public sealed class UseTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Many_orders_are_placed_in_the_playground_and_listed_without_making_a_row_for_each()
    {
        const int rowsInSight = 60;
        await using var window = await chromium.SignedIn("/playground");
        await window.Page.GetByRole(AriaRole.Radio, new() { Name = "A bit of everything" }).ClickAsync();
        await window.Page.GetByText("100 orders").ClickAsync();
        await window.Page.GetByTestId("place").ClickAsync();
        await window.See("100 of 100 placed");
        await Assertions.Expect(window.Page.Locator("[data-role=end][data-step=completed]")).ToContainTextAsync("Completed");

        await window.Page.GetByText("100 orders").ClickAsync();
        await window.Page.GetByTestId("place").ClickAsync();
        await window.See("100 of 100 placed");
        await window.Menu("Orders");
        await window.See("more below");
        var rows = window.Page.Locator("[role=rowgroup] [role=row]");
        await Assertions.Expect(rows.First).ToBeVisibleAsync();
        Assert.True(await rows.CountAsync() < rowsInSight);
        await window.Page.Locator("[role=rowgroup]").EvaluateAsync("list => list.scrollTo(0, list.scrollHeight)");
        await Assertions.Expect(window.Page.GetByText("100 shown")).ToHaveCountAsync(0); // the first page is 100
        Assert.True(await rows.CountAsync() < rowsInSight);

        await window.Page.GetByRole(AriaRole.Combobox, new() { Name = "Order status" }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Option, new() { Name = "Cancelled", Exact = true }).ClickAsync();
        await Assertions.Expect(window.Page).ToHaveURLAsync(new Regex("status=cancelled"));
        await Assertions.Expect(rows.First).ToContainTextAsync("Cancelled");
        await window.Page.GetByLabel("Product").FillAsync("P-2001");
        await Assertions.Expect(rows.First).ToContainTextAsync("Sold out");
        await window.Button("Reset").ClickAsync();
        await rows.First.GetByRole(AriaRole.Link).ClickAsync();
        await window.See("Timeline");
    }

    [Fact]
    public async Task A_message_is_looked_into_and_personal_data_is_shown_for_a_reason()
    {
        var order = await (await chromium.Shop.Customer()).Place(new OrderForm(), TimeSpan.FromSeconds(30));
        await using var window = await chromium.SignedIn($"/orders/{order.OrderId}");
        await window.Button("shipping.prepare_requested").ClickAsync();
        var raw = window.Page.GetByTestId("raw");
        await Assertions.Expect(raw).ToContainTextAsync("홍*동");
        await window.Button("Unmask").Last.ClickAsync();
        await window.Confirm("Unmask", "the customer called");
        await Assertions.Expect(raw).ToContainTextAsync("홍길동");
        await window.Page.Keyboard.PressAsync("Escape");
        await window.Button("Unmask").ClickAsync();
        await window.Confirm("Unmask", "the parcel is lost");
        await window.See("홍길동 · 010-1234-5678");
        await Assertions.Expect(window.Page.GetByTestId("timeline")).ToContainTextAsync("the customer called");
        await window.Page.GetByText("Command", new() { Exact = false }).First.ClickAsync();
        await Assertions.Expect(window.Page.Locator("[data-testid=timeline] li[data-kind=fact]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Stock_is_adjusted_and_what_moved_it_is_shown()
    {
        await using var window = await chromium.SignedIn("/stock");
        var row = window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "P-3001" });
        await row.GetByRole(AriaRole.Button, new() { Name = "Adjust" }).ClickAsync();
        await window.Dialog.GetByLabel("Units to add or take away").FillAsync("7");
        await window.Confirm("Adjust", "found behind the shelf");
        await Assertions.Expect(row).ToContainTextAsync("107"); // nothing else here sells this product
        await row.GetByRole(AriaRole.Button, new() { Name = "What moved it" }).ClickAsync();
        await Assertions.Expect(window.Dialog).ToContainTextAsync("Adjusted");
        await window.Page.Keyboard.PressAsync("Escape");
        await window.Menu("Audit log");
        await window.See("found behind the shelf");
    }

    [Fact]
    public async Task Faults_are_switched_on_and_off_and_the_circuit_shows_it()
    {
        await using var window = await chromium.SignedIn("/sandbox");
        var mail = window.Page.GetByRole(AriaRole.Switch, new() { Name = "Mail server is down" });
        await mail.ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "smtp" })).ToBeVisibleAsync();
        await mail.ClickAsync();
        await window.See("Everything outside works.");
        await window.Button("Add rule").ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "pg" })).ToBeVisibleAsync();
        await window.Button("All off").ClickAsync();
        await window.See("Everything outside works.");
    }

    [Fact]
    public async Task Notifications_and_statistics_tell_of_an_order()
    {
        var customer = await chromium.Shop.Customer();
        await customer.Place(new OrderForm(), TimeSpan.FromSeconds(30));
        await using var window = await chromium.SignedIn("/notifications");
        await window.Page.GetByLabel("Customer").FillAsync(customer.UserId);
        await window.See("주문이 접수되었습니다");
        await window.Menu("Statistics");
        await window.See("Best sellers");
        await Assertions.Expect(window.Page.Locator("canvas").First).ToBeVisibleAsync();
        await window.Page.GetByText("By units").ClickAsync();
        await window.Page.GetByText("30 days").ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Row)).Not.ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Language_colours_and_time_zone_are_switched_and_remembered_and_nothing_secret_is()
    {
        await using var window = await chromium.SignedIn();
        await window.Button("한국어 (switch to Korean)").ClickAsync();
        await Assertions.Expect(window.Heading("현황")).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.Locator("html")).ToHaveAttributeAsync("lang", "ko");
        await window.Button("밝게 또는 어둡게").ClickAsync();
        await Assertions.Expect(window.Page.Locator("html")).ToHaveAttributeAsync("data-mantine-color-scheme", "dark");
        await window.Button("operator").ClickAsync();
        await window.Page.GetByRole(AriaRole.Menuitem, new() { Name = "시간대: UTC" }).ClickAsync();
        await window.Page.ReloadAsync();
        await window.SignIn();
        await Assertions.Expect(window.Heading("현황")).ToBeVisibleAsync();
        Assert.Equal(
            ["doa.language=ko", "doa.scheme=dark", "doa.zone=UTC"],
            (await window.Page.EvaluateAsync<string[]>("Object.entries(localStorage).map(([k, v]) => `${k}=${v}`)")).Order());
        await window.Button("operator").ClickAsync();
        await window.Page.GetByRole(AriaRole.Menuitem, new() { Name = "로그아웃" }).ClickAsync();
        await Assertions.Expect(window.Button("운영자로 로그인")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Everything_is_reached_with_the_keyboard()
    {
        await using var window = await chromium.SignedIn();
        await window.Page.EvaluateAsync("document.activeElement.blur()");
        await window.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(window.Page.Locator(".skip")).ToBeFocusedAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Page.Locator("#content")).ToBeFocusedAsync();
        var orders = window.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Orders" });
        await orders.FocusAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Heading("Orders")).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Textbox, new() { Name = "Find an order" }).FillAsync("ORD-19990101-000001");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.See("No order has that number or id.");
    }
}
