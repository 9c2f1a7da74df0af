using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace DoaMarket.Notifications.Tests;

/// <summary>A mail server on loopback that speaks just enough SMTP and keeps what it is given.</summary>
public sealed class SmtpListener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _conversations = [];
    private readonly Task _accepting;
    private int _connections;

    public SmtpListener()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Accept();
    }

    public int Port { get; }

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Raw mails: headers, an empty line, the body.</summary>
    public ConcurrentQueue<string> Mails { get; } = [];

    /// <summary>The answer to a recipient; the default takes everybody.</summary>
    public Func<string, string> OnRecipient { get; set; } = _ => "250 OK";

    /// <summary>Offers STARTTLS with it, if any.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Wants a login, if any: user name and password.</summary>
    public (string UserName, string Password)? Login { get; set; }

    /// <summary>Accepts connections and never says a word.</summary>
    public bool IsMute { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_conversations);
        _stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _conversations.Add(Converse(socket));
            }
        }
        catch (OperationCanceledException)
        {
            // the test is over
        }
    }

    private async Task Converse(TcpClient socket)
    {
        using (socket)
        {
            try
            {
                if (IsMute)
                {
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                }

                await Talk(socket.GetStream());
            }
            catch (Exception error) when (error is OperationCanceledException or IOException or AuthenticationException)
            {
                // the test is over, or the client hung up, or does not like the certificate
            }
        }
    }

    private async Task Talk(Stream stream, bool isSecured = false)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        var isLoggedIn = Login is null;
        if (!isSecured)
        {
            await writer.WriteLineAsync("220 test ESMTP");
        }

        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            var verb = line.Split(' ')[0].ToUpperInvariant();
            if (verb == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                Mails.Enqueue(await Data(reader));
            }

            if (verb == "STARTTLS")
            {
                await writer.WriteLineAsync("220 go on");
                await using var secured = new SslStream(stream);
                await secured.AuthenticateAsServerAsync(Certificate!);
                await Talk(secured, isSecured: true);
                return;
            }

            if (verb == "AUTH")
            {
                isLoggedIn = await Auth(line, reader, writer);
            }

            await writer.WriteLineAsync(verb switch
            {
                "EHLO" when Certificate is not null && !isSecured => "250-test\r\n250 STARTTLS",
                "EHLO" when Login is not null => "250-test\r\n250 AUTH LOGIN",
                "AUTH" => isLoggedIn ? "235 welcome" : "535 wrong",
                "MAIL" when !isLoggedIn => "530 log in first",
                "RCPT" => OnRecipient(line),
                "QUIT" => "221 bye",
                _ => "250 OK",
            });
            if (verb == "QUIT")
            {
                return;
            }
        }
    }

    private async Task<bool> Auth(string line, StreamReader reader, StreamWriter writer)
    {
        await writer.WriteLineAsync("334 UGFzc3dvcmQ6");
        var given = (Text(line.Split(' ')[^1]), Text(await reader.ReadLineAsync(_stop.Token) ?? ""));
        return given == Login;

        static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
    }

    private async Task<string> Data(StreamReader reader)
    {
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
        {
            mail.Append(line).Append('\n');
        }

        return mail.ToString();
    }
}
