using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace DoaMarket.Conformance;

/// <summary>What happens to the next connection on which something is sent through a <see cref="Wire"/>.</summary>
public enum WireFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The server hears and does everything; before its answer has arrived, the connection breaks.</summary>
    LosesAnswer,

    /// <summary>The connection breaks before the server hears anything.</summary>
    LosesRequest,

    /// <summary>What is sent stays on the way until it is let go, also when the sender has given up.</summary>
    HoldsRequest,
}

/// <summary>A TCP proxy between a node and its server, within the test.</summary>
public sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TcpClient> _open = [];
    private readonly IPEndPoint _server;
    private readonly Task _accepting;
    private readonly List<Task> _carrying = [];
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WireFault _next;
    private byte[] _about = [];
    private volatile bool _isCut;
    private volatile CommitFault _commit;

    private Wire(IPEndPoint server)
    {
        _server = server;
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>What happens next, once.</summary>
    /// <param name="about">Only what has this text in it is meant: several connections go by this wire; null is anything.</param>
    public void Next(WireFault fault, string? about = null)
    {
        lock (_gate)
        {
            (_next, _about) = (fault, Encoding.UTF8.GetBytes(about ?? ""));
        }
    }

    /// <summary>Lets go what was held.</summary>
    public void LetGo() => _letGo.TrySetResult();

    /// <summary>Breaks what is open, and refuses further connections until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _isCut = true;
        Break();
    }

    /// <summary>The next commit happens; before its answer has arrived everything is cut, until <see cref="Mend"/>.</summary>
    public void CutAfterCommit() => _commit = CommitFault.CutsAll;

    /// <summary>The next commit happens; before its answer has arrived its connection breaks.</summary>
    public void LoseCommit() => _commit = CommitFault.BreaksOne;

    /// <summary>Connects again.</summary>
    public void Mend() => _isCut = false;

    /// <summary>A wire to the server that a URL names, and the URL that goes through it.</summary>
    public static (Wire Wire, string Url) ToUrl(string url)
    {
        var address = new UriBuilder(url);
        var wire = new Wire(new IPEndPoint(IPAddress.Parse(address.Host), address.Port));
        (address.Host, address.Port) = ("127.0.0.1", ((IPEndPoint)wire._listener.LocalEndpoint).Port);
        return (wire, address.Uri.ToString().TrimEnd('/'));
    }

    /// <summary>A wire to the server that a connection string names, and the string that goes through it.</summary>
    public static (Wire Wire, string ConnectionString) To(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var wire = new Wire(new IPEndPoint(IPAddress.Parse(settings.Host!), settings.Port));
        (settings.Host, settings.Port) = ("127.0.0.1", ((IPEndPoint)wire._listener.LocalEndpoint).Port);
        return (wire, settings.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        LetGo();
        _listener.Stop();
        await _accepting;
        Break();
        await Task.WhenAll(_carrying);
        _stop.Dispose();
    }

    private async Task Accept()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                if (_isCut)
                {
                    client.Dispose();
                    continue;
                }

                var server = new TcpClient { NoDelay = true };
                client.NoDelay = true;
                try
                {
                    await server.ConnectAsync(_server, _stop.Token);
                }
                catch (SocketException)
                {
                    client.Dispose(); // there is no server
                    server.Dispose();
                    continue;
                }

                lock (_open)
                {
                    _open.AddRange([client, server]);
                }

                _carrying.Add(Requests(client, server));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task Requests(TcpClient client, TcpClient server)
    {
        var answers = new Answers();
        var answering = Carry(server, client, answers);
        var buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await client.GetStream().ReadAsync(buffer, _stop.Token)) > 0)
            {
                switch (Taken(buffer.AsSpan(0, count)))
                {
                    case WireFault.LosesRequest:
                        return;
                    case WireFault.LosesAnswer:
                        answers.AreLost = true;
                        break;
                    case WireFault.HoldsRequest:
                        await _letGo.Task;
                        break;
                    default:
                        break;
                }

                await server.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception error) when (IsBroken(error))
        {
            // by either side
        }
        finally
        {
            client.Dispose();
            if (server.Connected)
            {
                server.Client.Shutdown(SocketShutdown.Send); // what was sent is heard to its end
            }

            await answering;
            server.Dispose();
        }
    }

    private async Task Carry(TcpClient server, TcpClient client, Answers answers)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await server.GetStream().ReadAsync(buffer, _stop.Token)) > 0)
            {
                if (_commit is not CommitFault.None && IsCommit(buffer.AsSpan(0, count)))
                {
                    var fault = Interlocked.Exchange(ref _commit, CommitFault.None);
                    if (fault == CommitFault.CutsAll)
                    {
                        Cut();
                    }

                    if (fault != CommitFault.None)
                    {
                        break;
                    }
                }

                if (!answers.AreLost)
                {
                    await client.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
                }
                else if (IsLast(buffer.AsSpan(0, count)))
                {
                    break;
                }
            }
        }
        catch (Exception error) when (IsBroken(error))
        {
            // by either side
        }

        client.Dispose();
    }

    private WireFault Taken(ReadOnlySpan<byte> sent)
    {
        lock (_gate)
        {
            if (sent.IndexOf(_about) < 0)
            {
                return WireFault.None;
            }

            var taken = _next;
            _next = WireFault.None;
            return taken;
        }
    }

    private static bool IsBroken(Exception error) =>
        error is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    // ReadyForQuery, by which PostgreSQL ends every answer. RabbitMQ has nothing like it: there all answers are lost until the
    // client gives up.
    private static bool IsLast(ReadOnlySpan<byte> answer) =>
        answer.Length >= 6 && answer[^6..^1].SequenceEqual((ReadOnlySpan<byte>)[(byte)'Z', 0, 0, 0, 5]);

    // CommandComplete of a COMMIT.
    private static bool IsCommit(ReadOnlySpan<byte> answer) => answer.IndexOf("COMMIT\0"u8) >= 0;

    private void Break()
    {
        lock (_open)
        {
            _open.ForEach(c => c.Dispose());
            _open.Clear();
        }
    }

    private enum CommitFault
    {
        None,
        BreaksOne,
        CutsAll,
    }

    private sealed class Answers
    {
        public volatile bool AreLost;
    }
}
