using DoaMarket.Host.Server;
using DoaMarket.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoaMarket.Cli.Tests;

public sealed class UpkeepTests
{
    [Fact]
    public async Task A_disk_that_is_full_when_old_messages_are_to_go_does_not_end_the_process()
    {
        using var stop = new CancellationTokenSource();
        var queues = new Full();

        var running = new Upkeep(queues, TimeProvider.System, NullLogger<Upkeep>.Instance).Run(stop.Token);

        Assert.Equal(1, queues.Asked);
        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private sealed class Full : ITransport
    {
        public int Asked { get; private set; }

        public ValueTask DropExpired(CancellationToken stop)
        {
            Asked++;
            throw new StoreUnavailableException("The disk is full.");
        }

        public ValueTask<IReadOnlyList<Delivery>> Receive(QueueDefinition queue, int max, CancellationToken stop) =>
            throw new NotSupportedException();

        public void OnArrival(QueueDefinition queue, Action wake) => throw new NotSupportedException();

        public ValueTask Settle(IReadOnlyList<Settlement> settlements, CancellationToken stop) =>
            throw new NotSupportedException();

        public ValueTask<DateTimeOffset?> OldestSentAt(QueueDefinition queue, CancellationToken stop) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<QueueStatus>> Status(CancellationToken stop) => throw new NotSupportedException();
    }
}
