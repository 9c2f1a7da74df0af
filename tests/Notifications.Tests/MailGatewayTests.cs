using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DoaMarket.Gateways;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications.Tests;

public sealed class MailGatewayTests
{
    private readonly List<BreakerStatus> _reports = [];

    [Fact]
    public async Task A_mail_arrives_with_its_Korean_text_and_a_recognisable_id()
    {
        await using var server = new SmtpListener();
        using var gateway = Gateway(server.Port);
        var mail = Mail();

        Assert.IsType<NoticeSent>(await Carry(gateway, mail));
        Assert.IsType<NoticeSent>(await Carry(gateway, mail));

        Assert.Equal(2, server.Mails.Count);
        Assert.All(server.Mails, raw =>
        {
            var (headers, body) = Split(raw);
            Assert.Contains($"Message-ID: <{mail.Id}@shop.test>", headers, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("Auto-Submitted: auto-generated", headers, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("To: kim@example.test", headers, StringComparison.Ordinal);
            Assert.Contains("주문이 접수되었습니다", Decoded(headers), StringComparison.Ordinal);
            Assert.Contains("총 주문금액: 12,900원", body, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task One_connection_serves_one_mail_after_another()
    {
        await using var server = new SmtpListener();
        using var gateway = Gateway(server.Port);

        for (var i = 0; i < 5; i++)
        {
            Assert.IsType<NoticeSent>(await Carry(gateway, Mail()));
        }

        Assert.Equal((5, 1), (server.Mails.Count, server.Connections));
    }

    [Fact]
    public async Task Mails_at_the_same_time_have_connections_of_their_own()
    {
        await using var server = new SmtpListener();
        using var gateway = Gateway(server.Port);

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Carry(gateway, Mail())));

        Assert.All(results, r => Assert.IsType<NoticeSent>(r));
        Assert.Equal(4, server.Mails.Count);
        Assert.InRange(server.Connections, 1, gateway.Binding.MaxConcurrent);
    }

    [Fact]
    public async Task An_idle_connection_is_replaced()
    {
        await using var server = new SmtpListener();
        using var gateway = Gateway(server.Port, o => o with { MaxIdle = TimeSpan.FromTicks(-1) });

        await Carry(gateway, Mail());
        Assert.IsType<NoticeSent>(await Carry(gateway, Mail()));

        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData("550 <kim@example.test> unknown", typeof(NoticeRefused))]
    [InlineData("553 mailbox name not allowed", typeof(NoticeRefused))]
    [InlineData("450 mailbox busy", typeof(NoticeDeferred))]
    [InlineData("451 greylisted, come back", typeof(NoticeDeferred))]
    public async Task A_recipient_is_refused_for_good_or_for_now(string answer, Type expected)
    {
        await using var server = new SmtpListener { OnRecipient = _ => answer };
        using var gateway = Gateway(server.Port);

        var result = await Carry(gateway, Mail());

        Assert.IsType(expected, result);
        Assert.DoesNotContain("kim@example.test", result.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task After_a_refusal_the_next_mail_still_goes_through()
    {
        await using var server = new SmtpListener
        {
            OnRecipient = to => to.Contains("gone", StringComparison.Ordinal) ? "550 no" : "250 OK",
        };
        using var gateway = Gateway(server.Port);

        for (var i = 0; i < 10; i++)
        {
            Assert.IsType<NoticeRefused>(await Carry(gateway, Mail() with { To = "gone@example.test" }));
        }

        Assert.IsType<NoticeSent>(await Carry(gateway, Mail()));
        Assert.Equal("closed", Assert.Single(_reports).State);
    }

    [Fact]
    public async Task A_silent_server_is_given_up_after_the_time_limit()
    {
        await using var server = new SmtpListener { IsMute = true };
        using var gateway = Gateway(server.Port, o => o with { Timeout = TimeSpan.FromMilliseconds(100) });

        var result = Assert.IsType<NoticeDeferred>(await Carry(gateway, Mail()));

        Assert.Contains("longer than 0.1 s", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_server_opens_the_circuit_and_further_mails_are_not_attempted()
    {
        using var gateway = Gateway(ClosedPort());

        for (var i = 0; i < 2; i++)
        {
            Assert.IsType<NoticeDeferred>(await Carry(gateway, Mail()));
        }

        var held = Assert.IsType<NotAttempted>(await Carry(gateway, Mail()));
        Assert.InRange(held.RetryAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(15));
        Assert.Equal("closed open", string.Join(' ', _reports.Select(r => r.State).Distinct()));
        Assert.All(_reports, r => Assert.Equal("smtp", r.Gateway));
        Assert.NotNull(_reports[^1].OpenUntil);
    }

    [Fact]
    public async Task A_server_without_STARTTLS_is_not_used_when_it_is_demanded()
    {
        await using var server = new SmtpListener();
        using var gateway = Gateway(server.Port, o => o with { UseStartTls = true });

        Assert.IsType<NoticeDeferred>(await Carry(gateway, Mail()));
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_not_trusted()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var server = new SmtpListener { Certificate = certificate };
        using var gateway = Gateway(server.Port, o => o with { UseStartTls = true });

        Assert.IsType<NoticeDeferred>(await Carry(gateway, Mail()));
        Assert.Empty(server.Mails);
    }

    [Theory]
    [InlineData("right", typeof(NoticeSent))]
    [InlineData("wrong", typeof(NoticeDeferred))]
    public async Task It_logs_in_where_that_is_demanded(string password, Type expected)
    {
        await using var server = new SmtpListener { Login = ("shop", "right") };
        using var gateway = Gateway(server.Port, o => o with { UserName = "shop", Password = password });

        Assert.IsType(expected, await Carry(gateway, Mail()));
    }

    [Fact]
    public async Task Stopping_the_process_ends_a_call()
    {
        await using var server = new SmtpListener { IsMute = true };
        using var gateway = Gateway(server.Port);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gateway.CarryOut(Mail(), stop.Token));
    }

    private static Task<EffectResult> Carry(MailGateway gateway, SendNotice mail) =>
        gateway.Binding.CarryOut(mail, TestContext.Current.CancellationToken);

    private static SendNotice Mail()
    {
        var state = new Story().Hears(Samples.Created).Mail;
        return Story.Wanted(state)! with { To = "kim@example.test" };
    }

    private MailGateway Gateway(int port, Func<SmtpOptions, SmtpOptions>? change = null)
    {
        var options = new SmtpOptions
        {
            Host = "127.0.0.1",
            Port = port,
            UseStartTls = false,
            From = "no-reply@shop.test",
            Timeout = TimeSpan.FromSeconds(10),
            MinimumCalls = 2,
        };
        return new MailGateway(change?.Invoke(options) ?? options, TimeProvider.System, _reports.Add);
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static (string Headers, string Body) Split(string raw)
    {
        var end = raw.IndexOf("\n\n", StringComparison.Ordinal);
        return (raw[..end], Encoding.UTF8.GetString(Convert.FromBase64String(raw[end..]))); // line ends are skipped
    }

    /// <summary>Encoded words (RFC 2047), joined.</summary>
    private static string Decoded(string headers)
    {
        var words = headers.Split("=?utf-8?B?").Skip(1).Select(w => w[..w.IndexOf("?=", StringComparison.Ordinal)]);
        return string.Concat(words.Select(w => Encoding.UTF8.GetString(Convert.FromBase64String(w))));
    }
}
