using System.Net.Mail;
using System.Net.Sockets;
using System.Text;

namespace DoaMarket.Sandbox.Tests;

public sealed class MailTests
{
    private const string Subject = "주문이 접수되었습니다 — 감사합니다! 아주 긴 제목도 여러 줄로 접혀서 도착해야 합니다 (ORD-20260301-000001)";
    private const string Body = "홍*동님, 주문이 접수되었습니다.\r\n.점으로 시작하는 줄\r\n\r\n감사합니다.";

    [Fact]
    public async Task A_korean_mail_arrives_decoded()
    {
        await using World world = await World.StartAsync();
        using MailMessage mail = new("shop@doamarket.kr", "Hong@example.com", Subject, Body);
        mail.From = new MailAddress("shop@doamarket.kr", "도아마켓", Encoding.UTF8);
        mail.Headers.Add("Message-ID", "<event-1@doamarket.kr>");
        await SendAsync(world, mail);
        Reply found = await OneAsync(world, "hong@EXAMPLE.com");
        Assert.Equal(Subject, found["subject"]);
        Assert.Equal(Body, found["body"]);
        Assert.Contains("도아마켓", found["from"], StringComparison.Ordinal);
        Assert.Equal("<event-1@doamarket.kr>", found["messageId"]);
        Assert.Equal("hong@example.com", found.Json.GetProperty("recipients")[0].GetString());
    }

    [Fact]
    public async Task Both_parts_of_a_mail_with_html_are_kept()
    {
        await using World world = await World.StartAsync();
        using MailMessage mail = new("shop@doamarket.kr", "hong@example.com", Subject, Body);
        mail.AlternateViews.Add(
            AlternateView.CreateAlternateViewFromString("<b>감사합니다</b>", Encoding.UTF8, "text/html"));
        await SendAsync(world, mail);
        Reply found = await OneAsync(world, "hong@example.com");
        Assert.Equal(Body, found["body"]);
        Assert.Equal("<b>감사합니다</b>", found["html"]);
    }

    [Fact]
    public async Task Mails_survive_a_restart_and_are_listed_newest_first()
    {
        await using World world = await World.StartAsync();
        foreach (string subject in new[] { "first", "second" })
        {
            using MailMessage mail = new("shop@doamarket.kr", "hong@example.com", subject, "text");
            await SendAsync(world, mail);
        }

        await world.RestartAsync();
        Reply listed = await world.GetAsync("inbox?to=hong@example.com&limit=10");
        Assert.Equal(
            ["second", "first"],
            listed.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("subject").GetString()));
        Reply others = await world.GetAsync("inbox?to=other@example.com");
        Assert.Equal(0, others.Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Wrong_commands_are_refused_and_the_conversation_goes_on()
    {
        await using World world = await World.StartAsync();
        using TcpClient client = new("127.0.0.1", world.Server.SmtpPort);
        using StreamReader reader = new(client.GetStream(), Encoding.ASCII);
        await using StreamWriter writer = new(client.GetStream(), Encoding.ASCII);
        (writer.NewLine, writer.AutoFlush) = ("\r\n", true);
        Assert.StartsWith("220", await reader.ReadLineAsync(World.Cancelled), StringComparison.Ordinal);
        foreach ((string command, string code) in new[]
        {
            ("MAIL FROM:<a@b.kr>", "503"), ("HELO me", "250"), ("RCPT TO:<a@b.kr>", "503"), ("DATA", "503"),
            ("MAIL a@b.kr", "501"), ("MAIL FROM:<a@b.kr> SIZE=99999999", "552"), ("MAIL FROM:<a@b.kr> XYZ=1", "555"),
            ("MAIL FROM:<a@b.kr> BODY=8BITMIME", "250"), ("RCPT TO:<nobody>", "501"), (new string('x', 5_000), "500"),
            ("RSET", "250"), ("NOOP", "250"), ("EXPN all", "500"), ("QUIT", "221"),
        })
        {
            await writer.WriteLineAsync(command);
            Assert.StartsWith(code, await reader.ReadLineAsync(World.Cancelled), StringComparison.Ordinal);
        }

        Assert.Null(await reader.ReadLineAsync(World.Cancelled));
    }

    [Fact]
    public async Task A_mail_over_the_size_limit_is_refused_and_the_next_one_is_taken()
    {
        await using World world = await World.StartAsync();
        using MailMessage big = new("shop@doamarket.kr", "hong@example.com", "big", new string('x', 1_100_000));
        await Assert.ThrowsAsync<SmtpException>(() => SendAsync(world, big));
        using MailMessage small = new("shop@doamarket.kr", "hong@example.com", "small", "text");
        await SendAsync(world, small);
        Assert.Equal("small", (await OneAsync(world, "hong@example.com"))["subject"]);
    }

    [Fact]
    public async Task A_mail_to_nobody_is_refused()
    {
        await using World world = await World.StartAsync();
        using MailMessage mail = new("shop@doamarket.kr", "nobody@example.com", "subject", "text");
        SmtpException refused = await Assert.ThrowsAnyAsync<SmtpException>(() => SendAsync(world, mail));
        Assert.Equal(SmtpStatusCode.MailboxUnavailable, refused.StatusCode);
    }

    [Fact]
    public async Task A_mail_that_comes_again_is_shown_once_and_is_in_the_books_twice()
    {
        await using World world = await World.StartAsync();
        for (int i = 0; i < 2; i++)
        {
            using MailMessage mail = new("shop@doamarket.kr", "hong@example.com", "subject", "text");
            mail.Headers.Add("Message-ID", "<n-1@doamarket.kr>");
            await SendAsync(world, mail);
        }

        Assert.Equal(1, (await world.GetAsync("inbox")).Json.GetProperty("items").GetArrayLength());
        Assert.Equal("delivered repeated", await world.TakenAsync("n-1@doamarket.kr"));
    }

    [Theory]
    [InlineData("down", SmtpStatusCode.ServiceNotAvailable)]
    [InlineData("error", SmtpStatusCode.LocalErrorInProcessing)]
    [InlineData("decline", SmtpStatusCode.MailboxUnavailable)]
    public async Task A_mail_fault_is_felt_by_the_client_and_passes(string mode, SmtpStatusCode status)
    {
        await using World world = await World.StartAsync();
        await world.FaultAsync(new { target = "smtp", operation = "send", mode, times = 1 });
        using MailMessage mail = new("shop@doamarket.kr", "hong@example.com", "subject", "text");
        SmtpException refused = await Assert.ThrowsAsync<SmtpException>(() => SendAsync(world, mail));
        Assert.Equal(status, refused.StatusCode);
        Assert.Equal(0, (await world.GetAsync("inbox")).Json.GetProperty("items").GetArrayLength());
        await SendAsync(world, mail);
        Assert.Equal(1, (await world.GetAsync("inbox")).Json.GetProperty("items").GetArrayLength());
    }

    private static async Task SendAsync(World world, MailMessage mail)
    {
        using SmtpClient client = new("127.0.0.1", world.Server.SmtpPort);
        await client.SendMailAsync(mail, World.Cancelled);
    }

    private static async Task<Reply> OneAsync(World world, string to)
    {
        Reply listed = await world.GetAsync($"inbox?to={Uri.EscapeDataString(to)}");
        return await world.GetAsync($"inbox/{listed.Json.GetProperty("items")[0].GetProperty("id").GetInt64()}");
    }
}
