using Microsoft.Extensions.Logging;

namespace DoaMarket.Kernel;

/// <summary>Logs what became of the items of a batch; each line carries the ids of its message.</summary>
internal static class ItemLog
{
    public static void Write(ILogger log, string service, QueueDefinition queue, BatchItem item)
    {
        if (item.Failure is null && !log.IsEnabled(LogLevel.Debug))
        {
            return;
        }

        using var scope = MessageScope.Of(log, item);
        switch (item)
        {
            case { Failure: null }:
                log.LogDebug("{Service}: {Kind} {Name} {Outcome}.", service, item.Kind, item.Name, item.Outcome);
                break;
            case DeliveryItem { Delivery: var delivery, Attempt: var attempt }:
                log.LogError(
                    item.Failure, "{Queue}: {EventType} {EventId} failed (handling {Attempt} of {Max}).",
                    delivery.Queue, item.Name, delivery.EventId, attempt, queue.MaxReceives);
                break;
            default:
                log.LogError(item.Failure, "{Service}: {Kind} {Name} failed.", service, item.Kind, item.Name);
                break;
        }
    }
}
