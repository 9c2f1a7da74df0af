using System.Net;
using System.Net.Mail;

namespace DoaMarket.Notifications;

/// <summary>
/// A few clients, each with its open connection: connecting anew costs several round trips per mail, and a client
/// serves one mail at a time. How many are out at once is the gateway binding's bound.
/// </summary>
internal sealed class SmtpConnections(SmtpOptions options, TimeProvider time) : IDisposable
{
    private readonly Stack<(SmtpClient Client, DateTimeOffset IdleSince)> _idle = new();
    private readonly Lock _gate = new();
    private bool _isDisposed;

    /// <summary>The client used last, if its connection is likely to live, or a new one.</summary>
    public SmtpClient Take()
    {
        var oldest = time.GetUtcNow() - options.MaxIdle;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_idle.TryPop(out var last) && last.IdleSince >= oldest)
            {
                return last.Client;
            }

            last.Client?.Dispose(); // those below it have been idle for longer still
            CloseIdle();
        }

        return new SmtpClient(options.Host, options.Port)
        {
            EnableSsl = options.UseStartTls, // System.Net.Mail means STARTTLS by it
            Credentials = options.UserName is null ? null : new NetworkCredential(options.UserName, options.Password),
            Timeout = (int)options.Timeout.TotalMilliseconds,
        };
    }

    /// <summary>Keeps a client whose mail went through. One that failed is to be disposed of instead.</summary>
    public void GiveBack(SmtpClient client)
    {
        lock (_gate)
        {
            if (!_isDisposed && _idle.Count < options.MaxConnections)
            {
                _idle.Push((client, time.GetUtcNow()));
                return;
            }
        }

        client.Dispose();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            CloseIdle();
        }
    }

    private void CloseIdle()
    {
        while (_idle.TryPop(out var idle))
        {
            idle.Client.Dispose();
        }
    }
}
