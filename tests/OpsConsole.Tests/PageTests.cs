using DoaMarket.EndToEnd.Harness;
using Microsoft.Playwright;

namespace DoaMarket.OpsConsole.Tests;

/// <summary>Every page, in both languages, wide and narrow, light and dark: it shows itself, complains of nothing, and is accessible.</summary>
public sealed class PageTests(Chromium chromium, PageTests.Busy busy) : IClassFixture<Chromium>, IClassFixture<PageTests.Busy>
{
    /// <summary>Path, heading in English, heading in Korean.</summary>
    public static TheoryData<string, string, string> Pages => new()
    {
        { "/", "Overview", "현황" },
        { "/playground", "Playground", "놀이터" },
        { "/orders", "Orders", "주문" },
        { "/dead-letters", "Dead letters", "실패한 메시지" },
        { "/sagas", "Sagas", "사가" },
        { "/queues", "Queues", "큐" },
        { "/breakers", "Outside systems", "외부 시스템" },
        { "/alerts", "Alerts", "알림" },
        { "/stock", "Stock", "재고" },
        { "/notifications", "Notifications", "고객 알림" },
        { "/stats", "Statistics", "통계" },
        { "/audit", "Audit log", "감사 기록" },
        { "/sandbox", "Sandbox", "샌드박스" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_shows_itself_wide_and_light_in_english_and_narrow_and_dark_in_korean(
        string path, string english, string korean)
    {
        await busy.Ready(chromium.Shop);
        await Look(path, english, "en", 1280, "light");
        await Look(path, korean, "ko", 390, "dark");
    }

    [Fact]
    public async Task The_page_of_an_order_shows_itself_likewise()
    {
        await busy.Ready(chromium.Shop);
        var heading = $"Order {busy.OrderNumber}";
        await Look($"/orders/{busy.OrderId}", heading, "en", 1280, "dark", "Timeline");
        await Look($"/orders/{busy.OrderId}", $"주문 {busy.OrderNumber}", "ko", 390, "light", "타임라인");
    }

    [Fact]
    public async Task Who_is_not_signed_in_sees_only_how_to_become_so()
    {
        await using var window = await chromium.SignedIn("/orders");
        await window.Page.ReloadAsync();
        await Assertions.Expect(window.Button("Sign in as operator")).ToBeVisibleAsync();
        await window.AssertAccessible();
        await window.SignIn();
        await Assertions.Expect(window.Heading("Orders")).ToBeVisibleAsync();
        var stored = await window.Page.EvaluateAsync<string>(
            "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])");
        Assert.DoesNotContain("eyJ", stored, StringComparison.Ordinal); // how every JWT begins
    }

    private async Task Look(string path, string heading, string language, int width, string scheme, string? then = null)
    {
        await using var window = await chromium.SignedIn(path, language, width, scheme);
        await Assertions.Expect(window.Heading(heading)).ToBeVisibleAsync();
        if (then is not null)
        {
            await window.See(then);
        }

        await Assertions.Expect(window.Page.Locator(".mantine-Skeleton-root")).ToHaveCountAsync(0);
        await window.AssertAccessible();
        var overflow = await window.Page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{path} is {overflow} px wider than the window of {width}");
    }

    /// <summary>A shop in which something of everything has happened.</summary>
    public sealed class Busy
    {
        private bool _isReady;

        public string OrderId { get; private set; } = "";

        public string OrderNumber { get; private set; } = "";

        internal async Task Ready(Shop shop)
        {
            if (_isReady)
            {
                return;
            }

            var customer = await shop.Customer();
            foreach (var key in new[] { "bk_ok", "bk_declined", "bk_ok", "bk_timeout_then_success" })
            {
                await customer.Place(new OrderForm(key));
            }

            await customer.Place(new OrderForm { ProductId = "P-2001" });
            var failing = await customer.Place(new OrderForm("bk_refund_fails") { PostalCode = "00001" });
            EndToEnd.PoisonedQueue.Put(shop, "order-service-queue", "order.dreamt_of", "{}");
            var op = await shop.Operator();
            await Eventually.IsTrue(
                "an alert", async () => (await op.Get("ops/alerts")).Expect(200).List
                    .Any(a => a.Text("type") == "SAGA_NEEDS_ATTENTION"));
            (OrderId, OrderNumber) = (failing.OrderId, (await customer.Order(failing)).Text("orderNumber"));
            _isReady = true;
        }
    }
}
