using System.Globalization;
using System.Threading.Channels;
using DoaMarket.Kernel;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DoaMarket.Postgres;

/// <summary>
/// Tells other nodes that messages wait for them, and hears of theirs. It is a hint that saves a poll: told after the
/// commit (inside it, notifying would serialize all commits), and for many commits at once.
/// </summary>
internal sealed class ArrivalNotices(PostgresDatabase database, int node, Action<string?, long> arrived, ILogger log)
{
    private const string Name = "doa_arrivals";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5), Reconnect = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _toTell = new(StringComparer.Ordinal);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Messages wait in a queue; the lowest of them has this number.</summary>
    public void Tell(string queue, long lowest)
    {
        lock (_gate)
        {
            _toTell[queue] = Math.Min(lowest, _toTell.GetValueOrDefault(queue, long.MaxValue));
        }

        _wake.Writer.TryWrite(true);
    }

    /// <summary>Works until stopped.</summary>
    public Task Run(CancellationToken stop) => Task.WhenAll(Listen(stop), Notify(stop));

    /// <summary>Sends what there is to tell.</summary>
    public async Task Send(CancellationToken stop)
    {
        string[] words;
        lock (_gate)
        {
            words = [.. _toTell.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key}:{t.Value}"))];
            _toTell.Clear();
        }

        if (words.Length > 0)
        {
            var payload = string.Create(CultureInfo.InvariantCulture, $"{node} {string.Join(' ', words)}");
            await database.Ask(
                script => script.Check("SELECT pg_notify($1, $2)", Arg.Text(Name), Arg.Text(payload)), stop);
        }
    }

    private async Task Notify(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await _wake.Reader.ReadAsync(stop);
            await Task.Delay(Pause, TimeProvider.System, stop); // what follows at once goes along
            try
            {
                await Send(stop);
            }
            catch (StoreUnavailableException error)
            {
                log.LogWarning("Other nodes will find their messages by themselves: {Reason}", error.Message);
            }
        }
    }

    private async Task Listen(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.Listening(stop);
                connection.Notification += (_, notice) => Hear(notice.Payload);
                await new Script(connection).Do($"LISTEN {Name}").Run(stop);
                arrived(null, 0); // whatever was told before
                while (true)
                {
                    await connection.WaitAsync(stop);
                }
            }
            catch (NpgsqlException error) when (PostgresErrors.IsUnavailable(error))
            {
                log.LogWarning("Other nodes' messages are polled for: {Reason}", error.Message);
                await Task.Delay(Reconnect, TimeProvider.System, stop);
            }
        }
    }

    // "17 order-service-queue:4711 inventory-service-queue:4712"
    private void Hear(string payload)
    {
        var words = payload.Split(' ');
        if (words[0] == node.ToString(CultureInfo.InvariantCulture))
        {
            return;
        }

        foreach (var word in words.Skip(1))
        {
            if (word.Split(':') is [var queue, var lowest]
                && long.TryParse(lowest, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
            {
                arrived(queue, sequence);
            }
        }
    }
}
