using DoaMarket.Kernel;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace DoaMarket.RabbitMq;

/// <summary>
/// Holds the connection by which messages come, and makes another when it is lost: declares, subscribes, looks after
/// the consumers.
/// </summary>
internal sealed class Receiver(
    BrokerAddress address, BrokerTopology topology, IReadOnlyCollection<Subscription> subscriptions,
    QueueReports reports, RabbitMqOptions options, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan FirstReconnectWait = TimeSpan.FromMilliseconds(100);
    private readonly SemaphoreSlim _asking = new(1, 1);
    private IConnection? _connection;
    private IChannel? _questions;
    private bool _wasLost;
    private (DateTimeOffset LostAt, DateTimeOffset Until)? _catchingUp;

    /// <summary>Since when nothing comes, because the connection is lost; null while there is one.</summary>
    public DateTimeOffset? AwaySince { get; private set; } = time.GetUtcNow();

    /// <summary>
    /// Since when messages may wait that nobody knows of: while the connection is lost, and until what was sent meanwhile has
    /// come; null otherwise.
    /// </summary>
    public DateTimeOffset? UnsureSince =>
        AwaySince ?? (_catchingUp is (var lostAt, var until) && time.GetUtcNow() < until ? lostAt : null);

    /// <summary>Connects, and receives again whenever the connection was lost, until stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Begin(stop);
                if (failures > 0)
                {
                    log.LogWarning("Messages come from {Broker} again.", address);
                }

                failures = 0;
                await LookAfter(stop);
            }
            catch (Exception error) when (BrokerAddress.IsLost(error))
            {
                Lost(failures++, error);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                Lost(failures++, new TimeoutException($"No answer within {options.ConnectTimeout}."));
            }

            var wait = FirstReconnectWait * Math.Pow(2, Math.Min(failures, 10));
            await Task.Delay(wait < options.MaxReconnectWait ? wait : options.MaxReconnectWait, time, stop);
        }
    }

    /// <summary>How many messages wait in a queue that nobody holds.</summary>
    /// <exception cref="StoreUnavailableException">RabbitMQ cannot be asked now.</exception>
    public async ValueTask<long> Ready(string name, CancellationToken stop)
    {
        await _asking.WaitAsync(stop);
        try
        {
            var connection = _connection ?? throw new StoreUnavailableException($"{address} is away.");
            if (_questions is not { IsOpen: true })
            {
                _questions = await connection.CreateChannelAsync(cancellationToken: stop);
            }

            return (await _questions.QueueDeclarePassiveAsync(name, stop)).MessageCount;
        }
        catch (Exception error) when (BrokerAddress.IsLost(error))
        {
            throw new StoreUnavailableException(
                $"{address} cannot be asked for the length of {name}: {error.Message}", error);
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Close();
        _asking.Dispose();
    }

    private async Task Begin(CancellationToken stop)
    {
        await Close();
        var connection = await address.Connect("doa receives", stop);
        _connection = connection;
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: stop))
        {
            await topology.Declare(channel, stop);
        }

        await reports.Begin(connection, stop);
        foreach (var subscription in subscriptions.Where(s => s.Wake is not null))
        {
            await subscription.Begin(connection, stop);
        }

        // The first connection follows no loss. A second loss soon after the first is the same to what waits.
        _catchingUp = _wasLost ? (UnsureSince!.Value, time.GetUtcNow() + options.CatchUpAfterLoss) : null;
        AwaySince = null;
    }

    private async Task LookAfter(CancellationToken stop)
    {
        while (_connection is { IsOpen: true } && !subscriptions.Any(s => s.IsLost))
        {
            foreach (var subscription in subscriptions)
            {
                await subscription.ReturnOverdue(stop);
            }

            await reports.Tell(
                subscriptions.Where(s => s.Wake is not null)
                    .ToDictionary(s => s.Queue.Queue, s => s.Holding(), StringComparer.Ordinal),
                stop);
            await Task.Delay(options.ReportInterval, time, stop);
        }

        stop.ThrowIfCancellationRequested();
        throw new BrokerLostException(
            _connection?.CloseReason?.ReplyText ?? "a consumer was cancelled, or its channel closed");
    }

    private void Lost(int failuresBefore, Exception error)
    {
        AwaySince ??= UnsureSince ?? time.GetUtcNow();
        _wasLost = true;
        if (failuresBefore == 0)
        {
            log.LogWarning("{Broker} is lost: {Reason}. It is tried again; nothing is lost.", address, error.Message);
        }
    }

    private async Task Close()
    {
        if (_connection is { } connection)
        {
            (_connection, _questions) = (null, null);
            await BrokerAddress.End(connection);
        }
    }

    /// <summary>The connection, or what receives by it, is gone.</summary>
    private sealed class BrokerLostException(string message) : IOException(message);
}
