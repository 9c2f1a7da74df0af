using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
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
            catch (Exception error) when (error is OperationCanceledException or IOException)
            {
                // the test is over, or the client hung up
            }
        }
    }

    private async Task Talk(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 test ESMTP");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            var verb = line.Split(' ')[0].ToUpperInvariant();
            if (verb == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                Mails.Enqueue(await Data(reader));
            }

            await writer.WriteLineAsync(verb switch
            {
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
