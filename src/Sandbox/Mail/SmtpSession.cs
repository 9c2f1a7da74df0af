using System.Globalization;
using System.Text;
using DoaMarket.Sandbox.Faults;
using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Oracle;

namespace DoaMarket.Sandbox.Mail;

/// <summary>One ESMTP conversation (RFC 5321). Mail is accepted for everybody but nobody@… and kept in the inbox.</summary>
internal sealed class SmtpSession(SmtpLines lines, Inbox inbox, FaultBoard faults, CallCounters counters, Pause pause)
{
    private const int MessageBytesMax = 1_048_576;
    private const int RecipientsMax = 100;
    private const int CommandsMax = 10_000;

    private static readonly string Greeting = string.Join("\r\n",
        "250-sandbox", "250-8BITMIME", "250-SMTPUTF8", "250-ENHANCEDSTATUSCODES", $"250 SIZE {MessageBytesMax}");

    private static readonly FaultPoint Anybody = new("smtp", "send");

    private readonly List<string> _recipients = [];
    private bool _greeted;
    private string? _sender;

    /// <summary>Talks until the client quits or goes, or a fault cuts the line.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        // Only a rule for everybody can refuse a connection: whom the mail is for is not known yet.
        if (faults.Draw(Anybody, rule => rule is { Mode: FaultMode.Down, Match: null }) is not null)
        {
            counters.Count(Anybody, "421");
            await lines.WriteAsync("421 4.3.2 sandbox is down", stopping);
            return;
        }

        await lines.WriteAsync("220 sandbox ESMTP", stopping);
        for (int commands = 0; commands < CommandsMax; commands++)
        {
            (SmtpRead read, string line) = await lines.ReadAsync(stopping);
            if (read == SmtpRead.Closed)
            {
                return;
            }

            string? reply = read == SmtpRead.TooLong ? "500 5.5.2 line too long" : await AnswerAsync(line, stopping);
            if (reply is null)
            {
                return;
            }

            await lines.WriteAsync(reply, stopping);
            if (reply.StartsWith("221", StringComparison.Ordinal) || reply.StartsWith("421", StringComparison.Ordinal))
            {
                return;
            }
        }

        await lines.WriteAsync("421 4.7.0 too many commands", stopping);
    }

    private async Task<string?> AnswerAsync(string line, CancellationToken stopping)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        string verb = (space < 0 ? line : line[..space]).ToUpperInvariant();
        string rest = space < 0 ? "" : line[(space + 1)..];
        switch (verb)
        {
            case "EHLO":
                Reset();
                _greeted = true;
                return Greeting;
            case "HELO":
                Reset();
                _greeted = true;
                return "250 sandbox";
            case "MAIL":
                return Mail(rest);
            case "RCPT":
                return Recipient(rest);
            case "DATA":
                return _recipients.Count == 0 ? "503 5.5.1 need RCPT first" : await DataAsync(stopping);
            case "RSET":
                Reset();
                return "250 2.0.0 ok";
            case "NOOP":
                return "250 2.0.0 ok";
            case "VRFY":
                return "252 2.1.5 send some mail and see";
            case "QUIT":
                return "221 2.0.0 bye";
            default:
                return "500 5.5.2 unknown command";
        }
    }

    private string Mail(string rest)
    {
        if (!_greeted || _sender is not null)
        {
            return "503 5.5.1 wrong order of commands";
        }

        if (Path(rest, "FROM:") is not { } path)
        {
            return "501 5.5.4 MAIL FROM:<address>";
        }

        foreach (string parameter in path.Parameters)
        {
            string[] pair = parameter.ToUpperInvariant().Split('=', 2);
            if (pair is ["SIZE", var size]
                && (!long.TryParse(size, CultureInfo.InvariantCulture, out long bytes) || bytes > MessageBytesMax))
            {
                return "552 5.3.4 message too big";
            }

            if (pair[0] is not ("SIZE" or "BODY" or "SMTPUTF8"))
            {
                return "555 5.5.4 parameter not known";
            }
        }

        _sender = path.Address;
        return "250 2.1.0 ok";
    }

    private string Recipient(string rest)
    {
        if (_sender is null)
        {
            return "503 5.5.1 need MAIL first";
        }

        if (Path(rest, "TO:") is not { Address: var address } || !address.Contains('@', StringComparison.Ordinal))
        {
            return "501 5.1.3 RCPT TO:<address>";
        }

        if (address.StartsWith("nobody@", StringComparison.OrdinalIgnoreCase))
        {
            return "550 5.1.1 no such user here";
        }

        if (_recipients.Count >= RecipientsMax)
        {
            return "452 4.5.3 too many recipients";
        }

        _recipients.Add(address);
        return "250 2.1.5 ok";
    }

    private async Task<string?> DataAsync(CancellationToken stopping)
    {
        await lines.WriteAsync("354 end with a dot on a line of its own", stopping);
        StringBuilder text = new();
        string? refusal = null;
        while (true)
        {
            (SmtpRead read, string line) = await lines.ReadAsync(stopping);
            if (read == SmtpRead.Closed)
            {
                return null;
            }

            if (line == "." && read == SmtpRead.Line)
            {
                break;
            }

            refusal ??= read == SmtpRead.TooLong ? "500 5.5.2 line too long"
                : text.Length + line.Length + 2 > MessageBytesMax ? "552 5.3.4 message too big" : null;
            if (refusal is null)
            {
                // A line that begins with a dot got another one in front on its way (4.5.2).
                text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
            }
        }

        string? reply = refusal ?? await DeliverAsync(text.ToString(), stopping);
        counters.Count(Anybody, reply?[..3] ?? "cut");
        Reset();
        return reply;
    }

    private async Task<string?> DeliverAsync(string raw, CancellationToken stopping)
    {
        InboxMessage message = MailParser.Parse(raw, _sender!, [.. _recipients]);
        // A connection that was open before the server went down does not keep it up.
        FaultRule? rule = faults.Draw(new FaultPoint("smtp", "send", _recipients));
        switch (rule?.Mode)
        {
            case FaultMode.Down:
                return "421 4.3.2 sandbox is down";
            case FaultMode.Error:
                return "451 4.3.0 local error in processing";
            case FaultMode.Decline:
                return "550 5.7.1 refused by the recipient";
            case FaultMode.Timeout:
                if (rule.Effect)
                {
                    await inbox.AddAsync(message);
                }

                await pause.HangAsync(stopping);
                return null;
            case FaultMode.LoseResponse:
                await inbox.AddAsync(message);
                return null;
            case FaultMode.Slow:
                await pause.DelayAsync(rule.Delay);
                break;
        }

        return $"250 2.0.0 kept as {(await inbox.AddAsync(message)).Id}";
    }

    private void Reset()
    {
        _sender = null;
        _recipients.Clear();
    }

    private static (string Address, string[] Parameters)? Path(string rest, string keyword)
    {
        int open = rest.IndexOf('<', StringComparison.Ordinal);
        int close = rest.IndexOf('>', StringComparison.Ordinal);
        if (!rest.StartsWith(keyword, StringComparison.OrdinalIgnoreCase) || open < 0 || close < open)
        {
            return null;
        }

        string address = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(rest[(open + 1)..close]));
        return (address, rest[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
