using System.Text.Json.Nodes;
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
        var asked = 0;
        await window.Page.RouteAsync("**/api/v1/ops/orders?*", route =>
        {
            asked++;
            return route.ContinueAsync(new() { Url = route.Request.Url.Replace("limit=100", "limit=10", StringComparison.Ordinal) });
        });
        await window.Menu("Orders");
        await window.See("more below");
        var rows = window.Page.Locator("[role=rowgroup] [role=row]");
        await Assertions.Expect(rows.First).ToBeVisibleAsync();
        Assert.True(await rows.CountAsync() < rowsInSight);
        await ScrollToTheEnd();
        Assert.True(await rows.CountAsync() < rowsInSight);

        // However far somebody has scrolled, nothing is asked for again but the first page, and that when it is wanted.
        asked = 0;
        await window.Page.Clock.SetFixedTimeAsync(DateTime.UtcNow.AddMinutes(1)); // whatever is shown is old by now
        await window.Page.EvaluateAsync("window.dispatchEvent(new Event('visibilitychange'))");
        await window.Page.EvaluateAsync("fetch('/console').then(answer => answer.text())"); // whatever was asked for is on its way
        Assert.Equal(0, asked);
        await window.Button("Back to the newest").ClickAsync();
        await Assertions.Expect(Shown(window)).ToHaveTextAsync(new Regex(@"^[1-7]\d shown"));
        await ScrollToTheEnd();
        await window.Button("한국어 (switch to Korean)").ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "건 표시" }))
            .ToHaveTextAsync(new Regex(@"^[1-7]\d건 표시"));
        await window.Button("English (영어로 바꾸기)").ClickAsync();

        await window.Choose("Order status", "Cancelled");
        await Assertions.Expect(window.Page).ToHaveURLAsync(new Regex("status=cancelled"));
        await Assertions.Expect(rows.First).ToContainTextAsync("Cancelled");
        await window.Page.GetByLabel("Product").FillAsync("P-2001");
        await Assertions.Expect(rows.First).ToContainTextAsync("Sold out");
        await window.Button("Reset").ClickAsync();
        await rows.First.GetByRole(AriaRole.Link).ClickAsync();
        await window.See("Timeline");

        Task ScrollToTheEnd() => Eventually.IsTrue("the last page", async () =>
        {
            await window.Page.Locator("[role=rowgroup]").EvaluateAsync("rows => rows.scrollTo(0, rows.scrollHeight)");
            return await window.Page.GetByText("These are all.").CountAsync() > 0;
        });
    }

    [Fact]
    public async Task Orders_are_narrowed_by_saga_step_day_customer_and_amount_and_found_by_their_names()
    {
        var customer = await chromium.Shop.Customer();
        var cheap = await customer.Place(new OrderForm { ProductId = "P-1002" }, TimeSpan.FromSeconds(30));
        var dear = await customer.Place(new OrderForm { ProductId = "P-1004" }, TimeSpan.FromSeconds(30));
        await customer.Place(new OrderForm("bk_declined"), TimeSpan.FromSeconds(30));
        await customer.Place(new OrderForm { DepositBy = "va_no_deposit" });
        await using var window = await chromium.SignedIn("/orders");
        var rows = window.Page.Locator("[role=rowgroup] [role=row]");
        await window.Page.GetByLabel("Customer").FillAsync(customer.UserId);
        await Assertions.Expect(rows).ToHaveCountAsync(4);
        await window.Choose("Saga", "Compensated");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Assertions.Expect(rows.First).ToContainTextAsync("Cancelled");
        await window.Choose("Saga", "In progress");
        await window.Choose("Step", "Take payment");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await window.Choose("Step", "Reserve stock");
        await window.See("No order matches.");
        await window.Button("Reset").ClickAsync();

        await window.Page.GetByLabel("Customer").FillAsync(customer.UserId);
        await window.Page.GetByLabel("Amount from").FillAsync($"{dear.Total}");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Assertions.Expect(rows.First).ToContainTextAsync("keyboard");
        await window.Page.GetByLabel("Amount from").FillAsync("");
        await window.Page.GetByLabel("Amount to").FillAsync($"{cheap.Total}");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Days(window, customer);

        var order = await customer.Order(dear);
        foreach (var name in new[] { order.Text("orderNumber"), dear.CorrelationId, order["shipment"].Text("trackingNumber") })
        {
            await window.Menu("Queues");
            await window.Page.GetByRole(AriaRole.Textbox, new() { Name = "Find an order" }).FillAsync(name);
            await window.Page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(window.Heading($"Order {order.Text("orderNumber")}")).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task What_cannot_be_read_says_so_and_is_shown_once_it_can()
    {
        var order = await (await chromium.Shop.Customer()).Place(new OrderForm(), TimeSpan.FromSeconds(30));
        await using var window = await chromium.SignedIn();
        var main = window.Page.Locator("main");
        var graph = window.Page.GetByRole(AriaRole.Group, new() { Name = "The saga’s steps and where each stands" });
        ILocator Panel(string title) => window.Page.Locator("section").Filter(
            new() { Has = window.Page.GetByRole(AriaRole.Heading, new() { Name = title, Exact = true }) });
        await using (await window.Failing(
            "**/api/v1/ops/saga-definitions", "**/api/v1/ops/reservations/*", "**/api/v1/payments/*", "**/api/v1/shipping/track/*"))
        {
            await window.Page.GetByRole(AriaRole.Textbox, new() { Name = "Find an order" }).FillAsync(order.OrderId);
            await window.Page.Keyboard.PressAsync("Enter");
            foreach (var title in new[] { "Payment", "Shipment", "Reservation" })
            {
                await Assertions.Expect(Panel(title).GetByRole(AriaRole.Alert)).ToContainTextAsync("It is being mended.");
            }

            await Assertions.Expect(main.GetByText("knows nothing of it yet")).ToHaveCountAsync(0);
            await Assertions.Expect(graph).ToHaveCountAsync(0);
            await Panel("Reservation").GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        }

        // The definitions are asked for once only: nothing but the button brings the graph.
        await main.GetByRole(AriaRole.Alert).Filter(new() { HasText = "This cannot be shown" }).First
            .GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Assertions.Expect(graph).ToBeVisibleAsync();
        await Assertions.Expect(main.GetByText("This cannot be shown")).ToHaveCountAsync(0);
        await Assertions.Expect(Panel("Reservation")).ToContainTextAsync("P-1001");
        await window.Button("한국어 (switch to Korean)").ClickAsync();
        await Assertions.Expect(Panel("결제")).ToContainTextAsync("결제 완료");
        await Assertions.Expect(Panel("배송")).ToContainTextAsync(new Regex("준비 완료|발송|이동 중|배송"));
        await Assertions.Expect(Panel("재고 예약")).ToContainTextAsync("판매됨");
        await Assertions.Expect(main.GetByText(new Regex("^(completed|captured|committed|prepared)$"))).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_message_is_looked_into_and_personal_data_is_shown_for_a_reason()
    {
        var order = await (await chromium.Shop.Customer()).Place(new OrderForm(), TimeSpan.FromSeconds(30));
        await using var window = await chromium.SignedIn($"/orders/{order.OrderId}");
        await window.Button("shipping.prepare_requested").ClickAsync();
        var raw = window.Page.GetByTestId("raw");
        await Assertions.Expect(raw).ToContainTextAsync("홍*동");
        await window.AssertAccessible();
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
    public async Task A_shortage_is_followed_from_its_figure_and_its_alert_is_resolved_by_hand()
    {
        const string product = "P-1005"; // nothing else here sells it
        var op = await chromium.Shop.Operator();
        var left = (await op.Get($"inventory/{product}")).Expect(200).List.Single().Int("available");
        await Adjust(1 - left);
        await using var window = await chromium.SignedIn();
        await window.Page.GetByRole(AriaRole.Link, new() { NameRegex = new($"^{product}") }).ClickAsync();
        await Assertions.Expect(window.Heading("Stock")).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(window.Page.Locator("tbody tr")).ToContainTextAsync("low");

        await window.Menu("Alerts");
        var alert = window.Page.Locator(".panel").Filter(new() { HasText = "LOW_STOCK" });
        await Assertions.Expect(alert).ToContainTextAsync("Stock runs low");
        await window.Choose("Severity", "P1 · now");
        await Assertions.Expect(alert).ToHaveCountAsync(0);
        await window.Choose("Severity", "P4 · for information");
        await alert.GetByRole(AriaRole.Button, new() { Name = "Resolve" }).ClickAsync();
        await window.AssertAccessible();
        await window.Confirm("Resolve", "more is on its way");
        await Assertions.Expect(alert).ToHaveCountAsync(0);
        await window.Page.GetByText("Resolved", new() { Exact = true }).First.ClickAsync();
        await Assertions.Expect(alert).ToContainTextAsync("Resolved because: more is on its way");
        await Adjust(left - 1);

        async Task Adjust(int delta) => (await op.Post(
            $"inventory/{product}/adjust", new JsonObject { ["delta"] = delta, ["reason"] = "counted" })).Expect(200);
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
        var mail = Switch("Mail server is down");
        await mail.ClickAsync();
        await Assertions.Expect(Rule("smtp")).ToBeVisibleAsync();
        await mail.ClickAsync();
        await window.See("Everything outside works.");
        var (pg, carriers) = (Switch("PG is down"), Switch("Carriers are down"));
        await pg.ClickAsync();
        await Assertions.Expect(Rule("pg")).ToContainTextAsync("down");
        await carriers.ClickAsync();
        await Rule("carrier:*").GetByRole(AriaRole.Button, new() { Name = "Turn off" }).ClickAsync();
        await Assertions.Expect(Rule("carrier:*")).ToHaveCountAsync(0);
        await Assertions.Expect(carriers).Not.ToBeCheckedAsync();
        await Assertions.Expect(pg).ToBeCheckedAsync();
        await pg.ClickAsync();
        await window.See("Everything outside works.");
        await window.Button("Add rule").ClickAsync();
        await Assertions.Expect(Rule("pg")).ToBeVisibleAsync();
        await window.Button("All off").ClickAsync();
        await window.See("Everything outside works.");
        await window.Menu("Overview");
        await window.Page.Locator("main").GetByRole(AriaRole.Link, new() { NameRegex = new("^smtp") }).ClickAsync();
        await Assertions.Expect(window.Heading("Outside systems")).ToBeVisibleAsync();
        await Assertions.Expect(Rule("smtp")).ToContainTextAsync("works");

        ILocator Switch(string name) => window.Page.GetByRole(AriaRole.Switch, new() { Name = name });
        ILocator Rule(string target) => window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = target });
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
    public async Task Where_tokens_are_not_given_away_an_operator_signs_in_with_one()
    {
        await using var window = await chromium.OpenedWithTokensOnly();
        var token = window.Page.GetByLabel("Operator token");
        foreach (var wrong in new[] { "no token", (await chromium.Shop.Customer()).Token! })
        {
            await token.FillAsync(wrong);
            await window.Button("Sign in").ClickAsync();
            await window.See("That token is not an operator’s, or it has expired.");
        }

        await token.FillAsync((await chromium.Shop.Operator()).Token!);
        await window.AssertAccessible();
        await window.Button("Sign in").ClickAsync();
        await Assertions.Expect(window.Heading("Overview")).ToBeVisibleAsync();
        await Assertions.Expect(window.Button("op-1")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Everything_is_reached_with_the_keyboard()
    {
        var customer = await chromium.Shop.Customer();
        await customer.Place(new OrderForm { DepositBy = "va_no_deposit" });
        await using var window = await chromium.SignedIn();
        await window.Page.EvaluateAsync("document.activeElement.blur()");
        await window.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(window.Page.Locator(".skip")).ToBeFocusedAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Page.Locator("#content")).ToBeFocusedAsync();
        await window.Page.ReloadAsync();
        await window.SignIn();
        await window.TabTo(window.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Orders" }));
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Heading("Orders")).ToBeVisibleAsync();
        await window.TabTo(window.Page.GetByLabel("Customer"));
        await window.Page.Keyboard.TypeAsync(customer.UserId);
        var row = window.Page.Locator("[role=rowgroup] [role=row]");
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await window.TabTo(row.GetByRole(AriaRole.Link));
        await window.Page.Keyboard.PressAsync("Enter");
        await window.TabTo(window.Button("Cancel order"));
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Dialog.GetByTestId("preview")).ToBeVisibleAsync();
        await Assertions.Expect(window.Dialog.GetByLabel("Reason")).ToBeFocusedAsync();
        await window.Page.Keyboard.TypeAsync("asked by phone");
        await window.TabTo(window.Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel order", Exact = true }));
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Page.GetByTestId("timeline")).ToContainTextAsync("asked by phone");

        await window.Page.GetByRole(AriaRole.Textbox, new() { Name = "Find an order" }).FillAsync("ORD-19990101-000001");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.See("No order has that number or id.");
    }

    // What is chosen are days of the chosen zone; today is a day of either.
    private static async Task Days(Window window, Person customer)
    {
        await window.Button("Reset").ClickAsync();
        await window.Page.GetByLabel("Customer").FillAsync(customer.UserId);
        var from = window.Page.GetByLabel("Ordered From");
        var asked = await window.Page.RunAndWaitForRequestAsync(
            () => from.FillAsync("2026-01-02"), r => r.Url.Contains("from=", StringComparison.Ordinal));
        Assert.Contains("from=2026-01-01T15%3A00%3A00.000Z", asked.Url, StringComparison.Ordinal);
        await window.Button("operator").ClickAsync();
        asked = await window.Page.RunAndWaitForRequestAsync(
            () => window.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Time zone: UTC" }).ClickAsync(),
            r => r.Url.Contains("from=2026-01-02", StringComparison.Ordinal));
        Assert.Contains("from=2026-01-02T00%3A00%3A00.000Z", asked.Url, StringComparison.Ordinal);
        var rows = window.Page.Locator("[role=rowgroup] [role=row]");
        await Assertions.Expect(rows).ToHaveCountAsync(4);
        await window.Page.GetByLabel("Ordered To").FillAsync("2026-01-02");
        await window.See("No order matches.");
    }

    private static ILocator Shown(Window window) => window.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "shown" });
}
