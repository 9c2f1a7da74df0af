using System.Net.Mail;
using System.Net.Mime;
using System.Security.Authentication;
using System.Text;
using DoaMarket.Contracts;
using DoaMarket.Gateways;
using DoaMarket.Kernel;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace DoaMarket.Notifications;

/// <summary>
/// Hands mails to the mail server, behind a circuit breaker and a time limit. A repeated mail has the same Message-ID,
/// by which mailboxes recognise it. SMTP promises no more: after a lost answer a customer may see a mail twice, rather
/// than never.
/// </summary>
public sealed class MailGateway : IDisposable
{
    /// <summary>Name, as effects and operators know it.</summary>
    public const string Name = "smtp";

    private const int MaxReasonCharacters = 300;

    private readonly SmtpOptions _options;
    private readonly SmtpConnections _connections;
    private readonly ResiliencePipeline _pipeline;
    private readonly string _domain;

    /// <summary>A gateway.</summary>
    /// <param name="options">The mail server.</param>
    /// <param name="time">Clock of the time limit and of the circuit breaker.</param>
    /// <param name="report">Told the circuit's state at first and after each change.</param>
    public MailGateway(SmtpOptions options, TimeProvider time, Action<BreakerStatus> report)
    {
        _options = options;
        _domain = new MailAddress(options.From).Host;
        _connections = new SmtpConnections(options, time);
        var failures = new PredicateBuilder()
            .Handle<TimeoutRejectedException>()
            .Handle<AuthenticationException>() // TLS: the server's certificate
            .Handle<SmtpException>(error => !IsRefusal(error) && error is not SmtpFailedRecipientException);
        _pipeline = new Circuit(Name, options, time, report)
            .AddTo(new ResiliencePipelineBuilder { TimeProvider = time, Name = Name }, failures)
            .AddTimeout(options.Timeout)
            .Build();
    }

    /// <summary>Carries mails out, one per connection at a time.</summary>
    public GatewayBinding Binding => new(Name, _options.MaxConnections, _options.MaxWaiting, CarryOut);

    /// <summary>
    /// Sends one mail: <see cref="NoticeSent"/>, <see cref="NoticeDeferred"/>, <see cref="NoticeRefused"/>, or
    /// <see cref="NotAttempted"/> while the circuit is open.
    /// </summary>
    public async Task<EffectResult> CarryOut(Effect effect, CancellationToken stop)
    {
        if (effect is not SendNotice mail)
        {
            throw new ArgumentException($"{effect.GetType().Name} is no mail.", nameof(effect));
        }

        using var message = Message(mail);
        try
        {
            await _pipeline.ExecuteAsync(async token => await Send(message, token), stop);
            return new NoticeSent();
        }
        catch (BrokenCircuitException broken)
        {
            return new NotAttempted(broken.RetryAfter ?? _options.Break, $"The circuit to {Name} is open.");
        }
        catch (TimeoutRejectedException)
        {
            return new NoticeDeferred($"The mail server took longer than {_options.Timeout.TotalSeconds:0.###} s.");
        }
        catch (SmtpException error) when (IsRefusal(error))
        {
            return new NoticeRefused(Reason(error, mail.To));
        }
        catch (Exception error) when (error is SmtpException or AuthenticationException)
        {
            return new NoticeDeferred(Reason(error, mail.To));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _connections.Dispose();

    private async Task Send(MailMessage message, CancellationToken token)
    {
        var client = _connections.Take();
        var isSent = false;
        try
        {
            // WaitAsync: a client that is still connecting does not hear the token.
            await client.SendMailAsync(message, token).WaitAsync(token);
            isSent = true;
        }
        finally
        {
            if (isSent)
            {
                _connections.GiveBack(client);
            }
            else
            {
                client.Dispose(); // its conversation with the server is in an unknown state
            }
        }
    }

    private MailMessage Message(SendNotice mail)
    {
        var from = new MailAddress(_options.From, _options.FromName, Encoding.UTF8);
        var message = new MailMessage(from, new MailAddress(mail.To))
        {
            Subject = mail.Text.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = mail.Text.Body.ReplaceLineEndings("\r\n") + "\r\n", // CRLF is mail's line ending
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.Base64,
        };
        message.Headers.Add("Message-ID", $"<{mail.Id}@{_domain}>");
        message.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: no out-of-office replies
        return message;
    }

    /// <summary>
    /// Whether the server refuses this very mail. Other permanent codes (on login, on STARTTLS, on a command) say that
    /// one of the two sides is set up wrongly, which somebody can put right before the last attempt.
    /// </summary>
    private static bool IsRefusal(SmtpException error) => (int)error.StatusCode is >= 550 and <= 554;

    /// <summary>The server's words without the address: reasons travel in messages, without personal data.</summary>
    private static string Reason(Exception error, string address)
    {
        var words = error.InnerException is { } inner ? $"{error.Message} {inner.Message}" : error.Message;
        var masked = words.Replace(address, Mask.Email(address), StringComparison.OrdinalIgnoreCase);
        return masked.Length <= MaxReasonCharacters ? masked : masked[..MaxReasonCharacters];
    }
}
