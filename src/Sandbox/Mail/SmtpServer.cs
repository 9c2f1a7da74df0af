using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace DoaMarket.Sandbox.Mail;

/// <summary>Listens for mail on 127.0.0.1. Above the bound on open connections a client is told to come back.</summary>
internal sealed partial class SmtpServer(Func<SmtpLines, SmtpSession> newSession, ILogger log)
    : IAsyncDisposable
{
    private const int ConnectionsMax = 200;

    private readonly ConcurrentDictionary<Task, bool> _sessions = [];
    private readonly CancellationTokenSource _stopping = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Zero until started.</summary>
    public int Port => _listener?.LocalEndpoint is IPEndPoint bound ? bound.Port : 0;

    /// <exception cref="SocketException">The port is taken.</exception>
    public void Start(int port)
    {
        TcpListener opened = new(IPAddress.Loopback, port);
        opened.Start();
        _listener = opened;
        _accepting = AcceptAsync(opened);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener?.Dispose();
        await _accepting;
        await Task.WhenAll(_sessions.Keys);
        _stopping.Dispose();
    }

    private async Task AcceptAsync(TcpListener opened)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                TcpClient client = await opened.AcceptTcpClientAsync(_stopping.Token);
                client.NoDelay = true;
                Task session = TalkAsync(client);
                _sessions.TryAdd(session, true);
                _ = session.ContinueWith(
                    done => _sessions.TryRemove(done, out _), CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            catch (Exception stopped) when (_stopping.IsCancellationRequested
                && stopped is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException failure)
            {
                // One client that went away while it was accepted is no reason to stop listening.
                LogAcceptFailure(log, failure);
            }
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using TcpClient connection = client;
        try
        {
            await using NetworkStream stream = connection.GetStream();
            SmtpLines lines = new(stream);
            if (_sessions.Count >= ConnectionsMax)
            {
                await lines.WriteAsync("421 4.7.0 too many connections", _stopping.Token);
                return;
            }

            await newSession(lines).RunAsync(_stopping.Token);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException)
        {
            // The client hung up or was silent too long, or the sandbox stops: the conversation is over.
            LogGone(log, gone.Message);
        }
        catch (Exception bug)
        {
            LogBug(log, bug);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sandbox's SMTP server could not accept a connection")]
    private static partial void LogAcceptFailure(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Debug, Message = "An SMTP conversation ended early: {Reason}")]
    private static partial void LogGone(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "An SMTP conversation failed")]
    private static partial void LogBug(ILogger logger, Exception bug);
}
