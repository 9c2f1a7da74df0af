using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace DoaMarket.RabbitMq;

/// <summary>
/// Publishes, and tells what RabbitMQ has confirmed. On a connection of its own: where RabbitMQ slows publishers down,
/// it must not slow down acknowledgements as well.
/// </summary>
internal sealed class Publisher(BrokerAddress address, BrokerTopology topology, RabbitMqOptions options, ILogger log)
    : IAsyncDisposable
{
    // Confirms are tracked by the client. How many are outstanding is bounded by whoever publishes.
    private static readonly CreateChannelOptions Confirmed = new(
        publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly SemaphoreSlim _opening = new(1, 1);
    private IConnection? _connection;
    private volatile IChannel? _channel;
    private bool _isReported;

    /// <summary>Connects.</summary>
    /// <exception cref="Exception">What the client throws.</exception>
    public async Task Open(CancellationToken stop)
    {
        await _opening.WaitAsync(stop);
        try
        {
            if (_channel is { IsOpen: true })
            {
                return;
            }

            await Close();
            _connection = await address.Connect("doa publishes", stop);
            var channel = await _connection.CreateChannelAsync(Confirmed, stop);
            await topology.Declare(channel, stop);
            _channel = channel;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>
    /// Publishes all at once. Tells of each whether RabbitMQ has it for sure, in every queue that it goes to.
    /// </summary>
    public async ValueTask<bool[]> Publish(IReadOnlyList<Post> posts, CancellationToken stop)
    {
        try
        {
            await Open(stop);
        }
        catch (Exception error) when (BrokerAddress.IsLost(error))
        {
            Report("RabbitMQ cannot be reached", error.Message);
            return new bool[posts.Count];
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.ConfirmTimeout);
        var channel = _channel!;
        var outcomes = await Task.WhenAll(posts.Select(post => Publish(channel, post, limit.Token)));
        stop.ThrowIfCancellationRequested();
        if (outcomes.Contains(Outcome.Late))
        {
            Report("RabbitMQ does not confirm", $"nothing came within {options.ConfirmTimeout}");
            Discard(channel); // late confirms mean nothing any more
        }
        else if (outcomes.Contains(Outcome.Returned))
        {
            Discard(channel); // the next one declares everything anew
        }
        else if (!outcomes.Contains(Outcome.Refused))
        {
            _isReported = false;
        }

        return [.. outcomes.Select(o => o == Outcome.Confirmed)];
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Close();
        _opening.Dispose();
    }

    private async Task<Outcome> Publish(IChannel channel, Post post, CancellationToken limit)
    {
        try
        {
            await channel.BasicPublishAsync(
                post.Exchange, post.RoutingKey, mandatory: true, post.Properties, post.Body, limit);
            return Outcome.Confirmed;
        }
        catch (PublishException error) when (error.IsReturn)
        {
            Report($"RabbitMQ has no queue for {post.RoutingKey}", "somebody has deleted it, or its binding");
            return Outcome.Returned;
        }
        catch (PublishException)
        {
            Report($"RabbitMQ refuses {post.RoutingKey}", "a queue is full, or has lost its leader");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Outcome.Late;
        }
        catch (Exception error) when (BrokerAddress.IsLost(error))
        {
            Report("The connection to RabbitMQ is lost", error.Message);
        }

        return Outcome.Refused;
    }

    // Once, until everything is confirmed again.
    private void Report(string what, string why)
    {
        if (!_isReported)
        {
            _isReported = true;
            log.LogWarning("{What}: {Why}. Messages wait in the outbox and are published again.", what, why);
        }
    }

    // The next one takes a new connection.
    private void Discard(IChannel channel) => Interlocked.CompareExchange(ref _channel, null, channel);

    private async Task Close()
    {
        _channel = null;
        if (_connection is { } connection)
        {
            _connection = null;
            await BrokerAddress.End(connection);
        }
    }

    private enum Outcome
    {
        Confirmed,
        Refused,
        Returned,
        Late,
    }
}
