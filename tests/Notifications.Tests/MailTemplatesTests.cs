using DoaMarket.Contracts;
using DoaMarket.Kernel;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;

namespace DoaMarket.Notifications.Tests;

public sealed class MailTemplatesTests
{
    private const string Item = "제주 감귤 <3kg> & 귤잼";

    private static readonly MailTemplates Templates = new();

    public static TheoryData<string, string, string[]> Expected => new()
    {
        {
            "order_received", "[DOA 마켓] 주문이 접수되었습니다",
            [Item + " × 2 (개당 4,950원)", "배송비: 3,000원", "총 주문금액: 12,900원"]
        },
        { "order_confirmed", "[DOA 마켓] 주문이 확정되었습니다", ["결제금액: 12,900원"] },
        { "order_cancelled", "[DOA 마켓] 주문이 취소되었습니다", ["주문금액: 12,900원", "취소 사유: 단순 변심"] },
        {
            "shipping_started", "[DOA 마켓] 배송이 시작되었습니다",
            ["택배사: CJ대한통운", "운송장번호: 123456789012", "도착 예정일: 2025년 3월 6일"]
        },
        { "delivery_completed", "[DOA 마켓] 배송이 완료되었습니다", ["배송 완료일: 2025년 3월 6일"] },
        { "refund_completed", "[DOA 마켓] 환불이 완료되었습니다", ["환불금액: 12,900원"] },
    };

    public static TheoryData<string, string, string[]> ExpectedInEnglish => new()
    {
        {
            "order_received", "We have received your order",
            [Item + " × 2 (₩4,950 each)", "Shipping: ₩3,000", "Total: ₩12,900"]
        },
        { "order_confirmed", "is confirmed", ["Paid: ₩12,900"] },
        { "order_cancelled", "is cancelled", ["Order total: ₩12,900", "Reason: 단순 변심"] },
        {
            "shipping_started", "is on its way",
            ["CJ대한통운", "Tracking number: 123456789012", "Expected on: March 6, 2025"]
        },
        { "delivery_completed", "has been delivered", ["Delivered on: March 6, 2025"] },
        { "refund_completed", "Your refund for order", ["Refunded: ₩12,900"] },
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public void Every_template_renders_in_Korean(string type, string subject, string[] lines) =>
        Renders("ko", type, subject, lines);

    [Theory]
    [MemberData(nameof(ExpectedInEnglish))]
    public void Every_template_renders_in_English(string type, string subject, string[] lines) =>
        Renders("en", type, subject, lines);

    [Fact]
    public void Every_type_is_covered()
    {
        HashSet<string> types = [.. NotificationTypes.All.Select(t => t.Name)];

        Assert.True(types.SetEquals(Expected.Select(row => row.Data.Item1)));
        Assert.True(types.SetEquals(ExpectedInEnglish.Select(row => row.Data.Item1)));
    }

    [Fact]
    public void A_malformed_template_stops_the_start() =>
        Assert.ThrowsAny<HandlebarsException>(() => new MailTemplates(_ => "Subject: x\n{{#each items}}"));

    [Fact]
    public void A_missing_template_stops_the_start() =>
        Assert.Contains("order_received.email.ko.hbs is missing", Assert.Throws<InvalidOperationException>(
            () => new MailTemplates(_ => null)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_template_without_a_subject_stops_the_start() =>
        Assert.Throws<InvalidOperationException>(() => new MailTemplates(_ => "Hello"));

    [Fact]
    public void A_template_that_shows_an_unknown_fact_stops_the_start() =>
        Assert.Throws<HandlebarsUndefinedBindingException>(() => new MailTemplates(_ => "Subject: x\n{{nobodyKnows}}"));

    [Fact]
    public void A_fact_that_is_missing_is_not_sent_as_a_gap() =>
        Assert.ThrowsAny<HandlebarsException>(() => Templates.Render("order_confirmed", "ko", new NoticeFacts()));

    private static void Renders(string language, string type, string subject, string[] lines)
    {
        // The facts as the deciders make them of the messages.
        var story = new Story().Hears(Samples.Created);
        IMessage[] messages =
            [Samples.Confirmed, Samples.Cancelled, Samples.Dispatched, Samples.Delivered, Samples.Refunded()];
        foreach (var message in messages)
        {
            story.Hears(message);
        }

        var mail = Templates.Render(type, language, Assert.Single(story.Notifications, n => n.Type == type).Facts);

        Assert.Contains(subject, mail.Subject, StringComparison.Ordinal);
        Assert.Contains(Samples.OrderNumber, mail.Subject, StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Contains(line, mail.Body, StringComparison.Ordinal));
        Assert.DoesNotContain("{{", mail.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", mail.Body.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
