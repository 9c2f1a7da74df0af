using System.Text.RegularExpressions;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications.Tests;

public sealed partial class NoticeTemplatesTests
{
    private const string Item = "제주 감귤 <3kg> & 귤잼";

    private static readonly IMessage[] Messages =
    [
        Samples.Created, Samples.AwaitingDeposit, Samples.Confirmed, Samples.Amended(), Samples.Dispatched,
        Samples.Delivered, Samples.Cancelled, Samples.Refunded(),
    ];

    /// <summary>Type, channel, and what each language must say.</summary>
    public static TheoryData<string, string, string[], string[]> Expected => new()
    {
        {
            "order_received", "email",
            ["주문이 접수되었습니다", Item + " × 2 (개당 4,950원)", "배송비: 3,000원", "총 주문금액: 12,900원"],
            ["We have received your order", Item + " × 2 (₩4,950 each)", "Shipping: ₩3,000", "Total: ₩12,900"]
        },
        { "order_received", "push", ["주문이 접수되었습니다", "총 12,900원"], ["We have received your order", "₩12,900"] },
        {
            "deposit_requested", "email",
            ["입금을 기다리고", "금액: 12,900원", "은행: 국민은행", "계좌번호: 93780112345678", "2025년 3월 11일 23:59"],
            ["Please pay", "Amount: ₩12,900", "국민은행", "93780112345678", "March 11, 2025 23:59 (KST)"]
        },
        {
            "deposit_requested", "sms", ["국민은행 93780112345678로 12,900원을 2025년 3월 11일 23:59까지"],
            ["₩12,900 to 국민은행 93780112345678 by March 11, 2025 23:59 (KST)"]
        },
        { "order_confirmed", "email", ["주문이 확정되었습니다", "결제금액: 12,900원"], ["is confirmed", "Paid: ₩12,900"] },
        { "order_confirmed", "push", ["주문이 확정되었습니다", "12,900원"], ["is confirmed", "paid ₩12,900"] },
        { "order_confirmed", "sms", ["주문이 확정되었습니다", "12,900원"], ["is confirmed", "₩12,900"] },
        {
            "order_amended", "email",
            ["일부가 취소되었습니다", Item + " × 2", "환불금액: 9,900원", "남은 주문금액: 3,000원"],
            ["A part of your order", Item + " × 2", "Refunded: ₩9,900", "Order total now: ₩3,000"]
        },
        { "order_amended", "push", ["일부가 취소", "9,900원", "3,000원"], ["A part of", "₩9,900", "₩3,000"] },
        {
            "shipping_started", "push", ["배송이 시작되었습니다", "CJ대한통운 123456789012", "2025년 3월 6일"],
            ["is on its way", "CJ대한통운 123456789012", "March 6, 2025"]
        },
        {
            "shipping_started", "sms", ["배송이 시작되었습니다", "CJ대한통운 123456789012", "2025년 3월 6일"],
            ["is on its way", "CJ대한통운 123456789012", "March 6, 2025"]
        },
        {
            "delivery_completed", "email", ["배송이 완료되었습니다", "배송 완료일: 2025년 3월 6일"],
            ["has been delivered", "Delivered on: March 6, 2025"]
        },
        { "delivery_completed", "push", ["배송이 완료되었습니다", "123456789012"], ["has been delivered", "123456789012"] },
        { "delivery_completed", "sms", ["2025년 3월 6일 배송이 완료"], ["delivered on March 6, 2025"] },
        {
            "order_cancelled", "email", ["주문이 취소되었습니다", "주문금액: 12,900원", "취소 사유: 단순 변심"],
            ["is cancelled", "Order total: ₩12,900", "Reason: 단순 변심"]
        },
        { "order_cancelled", "push", ["주문이 취소되었습니다", "단순 변심"], ["is cancelled", "단순 변심"] },
        { "refund_completed", "email", ["환불이 완료되었습니다", "환불금액: 12,900원"], ["Your refund", "Refunded: ₩12,900"] },
        { "refund_completed", "push", ["환불이 완료되었습니다", "12,900원"], ["Your refund", "₩12,900"] },
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public void Every_template_says_what_the_message_tells(
        string type, string channel, string[] korean, string[] english)
    {
        foreach (var (language, words) in new[] { ("ko", korean), ("en", english) })
        {
            var text = Said(language, type, channel);
            var all = text.Subject + "\n" + text.Body;

            Assert.Equal(channel == "sms", text.Subject.Length == 0);
            Assert.Contains(Samples.OrderNumber, all, StringComparison.Ordinal);
            Assert.All(words, word => Assert.Contains(word, all, StringComparison.Ordinal));
            Assert.DoesNotContain("{{", all, StringComparison.Ordinal);
            Assert.DoesNotMatch(CodeLike(), all.Replace(Item, "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_type_and_channel_is_covered() => Assert.Equal(
        NotificationTypes.All.SelectMany(t => t.Channels, (t, c) => $"{t.Name}.{c}").Order(),
        Expected.Select(row => $"{row.Data.Item1}.{row.Data.Item2}").Order());

    [Fact]
    public void A_type_always_has_the_facts_that_its_templates_may_show() => Assert.All(Messages, message =>
    {
        var said = Announcements(message);
        Assert.Equal(said.Type.Sample.ByName().Keys.Order(), said.Facts.ByName().Keys.Order());
    });

    [Theory]
    [InlineData(CancelCauses.Stock, "insufficient_stock", "상품의 재고가 부족합니다.", "The items are out of stock.")]
    [InlineData(CancelCauses.Payment, "REJECT_CARD_COMPANY", "결제가 완료되지 않았습니다.", "could not be completed.")]
    [InlineData(CancelCauses.Shipping, "UNDELIVERABLE_ADDRESS: no", "보낼 수 없습니다.", "We cannot send the parcel")]
    [InlineData(CancelCauses.Other, "no reply from payments within 60 s", "처리하지 못했습니다.", "We were unable")]
    [InlineData(CancelCauses.Person, "너무 늦어요", "너무 늦어요", "너무 늦어요")]
    [InlineData("a cause of tomorrow", "some_code", "처리하지 못했습니다.", "We were unable")]
    public void A_reason_is_told_in_the_customers_language(string cause, string reason, string korean, string english)
    {
        var message = Samples.Cancelled with { Reason = reason, Cause = cause };
        foreach (var (language, words) in new[] { ("ko", korean), ("en", english) })
        {
            foreach (var channel in NotificationTypes.OrderCancelled.Channels)
            {
                var body = Said(language, "order_cancelled", channel, message).Body;
                Assert.Contains(words, body, StringComparison.Ordinal);
                Assert.True(cause == CancelCauses.Person || !body.Contains(reason, StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [InlineData("Subject: x\n{{#each items}}")]
    [InlineData("Hello")]
    [InlineData("Subject: only a subject\n")]
    [InlineData("Subject: x\n{{nobodyKnows}}")]
    [InlineData("Subject: x\n{{trackingNumber}}")] // a fact that there is, but not of this type
    [InlineData("Subject: x\n{{money order}}")]
    public void A_template_that_cannot_work_stops_the_start(string text)
    {
        var error = Assert.Throws<InvalidOperationException>(() => new NoticeTemplates(_ => text));
        Assert.Contains("order_received.email.ko.hbs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_template_stops_the_start() =>
        Assert.Contains("order_received.email.ko.hbs is missing", Assert.Throws<InvalidOperationException>(
            () => new NoticeTemplates(_ => null)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_fact_that_is_missing_is_not_sent_as_a_gap() => Assert.Throws<UnsayableException>(
        () => NoticeTemplates.Embedded.Render("order_confirmed", "email", "ko", new NoticeFacts()));

    [Fact]
    public void A_template_that_fails_on_an_order_fails_its_channel_alone()
    {
        var templates = new NoticeTemplates(name => name.StartsWith("order_received.push", StringComparison.Ordinal)
            ? "Subject: x\n{{items.[0].name}}" // no order is without lines, the template's author thought
            : Template(name));
        var story = new Story(templates: templates).Hears(Samples.Created with { Items = [] });

        Assert.Equal(NotificationStatus.Pending, story.Mail.Status);
        var push = story.Of(NotificationTypes.OrderReceived, "push");
        Assert.Equal(NotificationStatus.Failed, push.Status);
        Assert.Contains("order_received.push.ko.hbs", push.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_replaces_the_templates_that_it_has()
    {
        var folder = Directory.CreateTempSubdirectory("templates-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "order_confirmed.sms.en.hbs"), "Paid {{money amount}}!");
            var templates = NoticeTemplates.From(folder.FullName);
            var facts = NotificationTypes.OrderConfirmed.Sample;

            Assert.Equal("Paid ₩0!", templates.Render("order_confirmed", "sms", "en", facts).Body);
            Assert.Equal(
                NoticeTemplates.Embedded.Render("order_confirmed", "sms", "ko", facts),
                templates.Render("order_confirmed", "sms", "ko", facts));

            File.WriteAllText(Path.Combine(folder.FullName, "order_confirmed.fax.en.hbs"), "x");
            Assert.Contains(
                "order_confirmed.fax.en.hbs",
                Assert.Throws<InvalidOperationException>(() => NoticeTemplates.From(folder.FullName)).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Assert.Throws<InvalidOperationException>(() => NoticeTemplates.From(folder.FullName));
    }

    private static string Template(string name)
    {
        using var reader = new StreamReader(
            typeof(NoticeTemplates).Assembly.GetManifestResourceStream(name)
                ?? throw new InvalidOperationException($"{name} is not there."));
        return reader.ReadToEnd();
    }

    // As the deciders make it of the messages.
    private static NoticeText Said(string language, string type, string channel, IMessage? message = null)
    {
        var story = new Story();
        story.Put(
            NotificationKinds.Contacts, Samples.User.Value,
            ContactPoints.Unset(Samples.User, "sandbox.test") with { Language = language });
        foreach (var told in message is null ? Messages : [message])
        {
            story.Hears(told);
        }

        return Assert.Single(story.Notifications, n => n.Type == type && n.Channel == channel).Text!;
    }

    private static Announcement Announcements(IMessage message) => message switch
    {
        OrderCreated m => Notifications.Announcements.OrderReceived(m),
        OrderAwaitingDeposit m => Notifications.Announcements.DepositRequested(m),
        SendRequested m => Notifications.Announcements.AsRequested(m),
        OrderAmended m => Notifications.Announcements.OrderAmended(m),
        ShippingDispatched m => Notifications.Announcements.ShippingStarted(m),
        ShippingDelivered m => Notifications.Announcements.DeliveryCompleted(m),
        OrderCancelled m => Notifications.Announcements.OrderCancelled(m),
        PaymentRefunded m => Notifications.Announcements.RefundCompleted(m),
        _ => throw new InvalidOperationException(message.GetType().Name),
    };

    /// <summary>snake_case, or shouted words with underscores.</summary>
    [GeneratedRegex("[A-Za-z]+_[A-Za-z]+", RegexOptions.None, 1000)]
    private static partial Regex CodeLike();
}
