using System.Text;
using System.Text.Json;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using Microsoft.Extensions.Logging;

namespace DoaMarket.Stats;

/// <summary>
/// Reads the journal for a rebuild, page by page, and hands the pages to the loop of Stats. Where it is, the books say: a
/// process that starts anew goes on there.
/// </summary>
public sealed class Rebuilder(
    IStore store, IJournal journal, ChangeFeed feed, ServiceLoops loops, StatsOptions options, TimeProvider time,
    ILogger<Rebuilder> log)
{
    private const int ComparisonsWhilePending = 40;
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(10), PendingWait = TimeSpan.FromMilliseconds(100);

    private static readonly IReadOnlyList<string> Counted =
    [
        .. ShopTopology.Topology.Rules.Where(r => r.Services.Contains(ShopTopology.Stats, StringComparer.Ordinal))
            .Select(r => r.EventType),
    ];

    /// <summary>Works until stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        var opened = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!opened)
                {
                    await Ask(new OpenBooks(await journal.Head(stop) > 0), stop);
                    opened = true;
                }

                var books = await feed.WaitFor(
                    StatsKinds.Books, StatsKinds.BooksKey.Id, b => b.Rebuild is not null, store.Find, LookAgainAfter,
                    time, stop);
                if (books is not null)
                {
                    await Finish(books, stop);
                }
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                await Complain(error, stop);
            }
        }
    }

    /// <summary>Brings a rebuild to its end.</summary>
    internal async Task Finish(StatsBooks books, CancellationToken stop)
    {
        while (books.Rebuild is { } rebuild)
        {
            // The end is read after the beginning was committed: what is sent later is counted as it is heard.
            var through = rebuild.Through ?? await journal.Head(stop);
            books = rebuild.Through is not null && rebuild.At >= through
                ? await TurnThePage(books, rebuild, stop)
                : await Replay(rebuild, through, options.ReplayPageSize, stop);
        }

        log.LogInformation("The statistics were rebuilt: {Result}", books.Last);
        await Ask(new ResolveAlert(StatsModule.RebuildStuck, ShopTopology.Stats, "The rebuild has ended.", false), stop);
    }

    // A page that cannot be counted is counted message by message: the guilty one is skipped, as its queue has
    // dead-lettered it.
    private async Task<StatsBooks> Replay(Rebuild rebuild, long through, int size, CancellationToken stop)
    {
        var page = await journal.After(rebuild.At, through, Counted, size, stop);
        var at = page.Count < size ? through : page[^1].Sequence;
        var readable = page.Select(Read).OfType<Heard>().ToList();
        try
        {
            return await Ask(
                new ReplayPage(rebuild.Generation, rebuild.At, at, through, readable, page.Count - readable.Count),
                stop);
        }
        catch (Exception error) when (error is not (
            OperationCanceledException or ServiceBusyException or StoreUnavailableException))
        {
            if (size > 1)
            {
                return await Replay(rebuild, through, 1, stop);
            }

            log.LogError(error, "{EventType} {EventId} cannot be counted.", page[0].EventType, page[0].EventId);
            return await Ask(new ReplayPage(rebuild.Generation, rebuild.At, at, through, [], page.Count), stop);
        }
    }

    private async Task<StatsBooks> TurnThePage(StatsBooks books, Rebuild rebuild, CancellationToken stop)
    {
        var comparison = await Comparison.Of(store, books.Generation, rebuild.Generation, stop);
        for (var i = 0; i < ComparisonsWhilePending && comparison is { Different: > 0, HasPending: true }; i++)
        {
            await Task.Delay(PendingWait, time, stop); // the old figures have yet to hear what the journal tells
            comparison = await Comparison.Of(store, books.Generation, rebuild.Generation, stop);
        }

        return await Ask(
            new FinishRebuild(
                rebuild.Generation, comparison.Compared, comparison.Different, comparison.Examples),
            stop);
    }

    private Heard? Read(JournalEntry entry)
    {
        try
        {
            var message = ShopMessages.Catalog.Read(entry.EventType, Encoding.UTF8.GetBytes(entry.Body));
            return Heard.Of((IOrderMessage)message, entry.Timestamp, entry.EventId);
        }
        catch (JsonException error)
        {
            log.LogWarning(error, "{EventType} {EventId} cannot be read.", entry.EventType, entry.EventId);
            return null;
        }
    }

    private async Task Complain(Exception error, CancellationToken stop)
    {
        log.LogError(error, "The statistics could not be rebuilt; it is tried again in {Wait}.", options.RebuildRetryAfter);
        try
        {
            await Ask(
                new RaiseAlert(new Alert(
                    StatsModule.RebuildStuck, AlertSeverity.P3, ShopTopology.Stats,
                    $"The statistics could not be rebuilt: {error.Message} The old figures stay; it is tried again.")),
                stop);
        }
        catch (Exception busy) when (busy is ServiceBusyException or StoreUnavailableException)
        {
            log.LogWarning("The alert about it was not written: {Reason}", busy.Message);
        }

        await Task.Delay(options.RebuildRetryAfter, time, stop);
    }

    private Task<TReply> Ask<TReply>(Request<TReply> request, CancellationToken stop)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        return loops.Of(ShopTopology.Stats).Ask(request, id, new Trail(new CorrelationId(id)), stop);
    }
}
