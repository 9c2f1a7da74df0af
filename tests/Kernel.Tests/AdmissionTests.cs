using Microsoft.Extensions.Logging.Abstractions;

namespace DoaMarket.Kernel.Tests;

public sealed class AdmissionTests
{
    [Fact]
    public async Task Queues_that_cannot_be_looked_at_are_looked_at_again()
    {
        var queues = new Away();
        var admission = new Admission(
            queues, new Topology([new("banks", "bank-service", "bank-service-queue", TimeSpan.FromSeconds(60))],
                [new("count.requested", "test", ["banks"])], "journal"),
            TimeSpan.FromSeconds(1), new KernelOptions(), TimeProvider.System, NullLogger<Admission>.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var running = admission.Run(stop.Token);
        await queues.IsAskedTwice.Task.WaitAsync(TimeSpan.FromSeconds(60), stop.Token);

        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private sealed class Away : ITransport
    {
        private int _asked;

        public TaskCompletionSource IsAskedTwice { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask<DateTimeOffset?> OldestSentAt(QueueDefinition queue, CancellationToken stop)
        {
            if (++_asked > 1)
            {
                IsAskedTwice.TrySetResult();
            }

            throw new StoreUnavailableException("The disk is away.");
        }

        public ValueTask<IReadOnlyList<Delivery>> Receive(QueueDefinition queue, int max, CancellationToken stop) =>
            throw new NotSupportedException();

        public void OnArrival(QueueDefinition queue, Action wake) => throw new NotSupportedException();

        public ValueTask Settle(IReadOnlyList<Settlement> settlements, CancellationToken stop) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<QueueStatus>> Status(CancellationToken stop) => throw new NotSupportedException();

        public ValueTask DropExpired(CancellationToken stop) => throw new NotSupportedException();
    }
}
