using DoaMarket.Api;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>
/// Pages of sagas, newest first: those of orders and those of partial cancels, which are documents of two kinds. The
/// cursor says where each of the two goes on.
/// </summary>
internal static class SagaLists
{
    private const int MaxPagesScanned = 50;
    private const char Between = '~';
    private const string AtItsEnd = "-";

    public static async Task<(IReadOnlyList<SagaView> Page, string? Next)> Read(
        IStore store, string? status, ApiPaging paging, Func<SagaView, bool> wanted, CancellationToken stop)
    {
        string?[] cursors = paging.Cursor?.Split(Between) is [var orders, var amends]
            ? [orders, amends]
            : paging.Cursor is null ? ["", ""] : throw new FormatException("The cursor is not one of ours.");
        var found = new List<SagaView>();
        for (var i = 0; ; i++)
        {
            var page = await Merged(store, status, paging.Limit, cursors, stop);
            found.AddRange(page.Where(wanted));
            if (cursors is [AtItsEnd, AtItsEnd])
            {
                return (found, null);
            }

            if (found.Count > 0 || i == MaxPagesScanned)
            {
                return (found, string.Join(Between, cursors));
            }
        }
    }

    /// <summary>The newest of both kinds; the cursors move past what was taken of each.</summary>
    private static async Task<IReadOnlyList<SagaView>> Merged(
        IStore store, string? status, int limit, string?[] cursors, CancellationToken stop)
    {
        DocumentQuery[] queries = [QueryOf(OrderKinds.Sagas, status, limit), QueryOf(OrderKinds.Amends, status, limit)];
        var pages = new DocumentPage[queries.Length];
        for (var kind = 0; kind < queries.Length; kind++)
        {
            pages[kind] = cursors[kind] == AtItsEnd
                ? new DocumentPage([], null)
                : await store.Query(queries[kind] with { Cursor = CursorOf(cursors[kind]) }, stop);
        }

        var newest = pages
            .SelectMany((page, kind) => page.Documents.Select(document => (Kind: kind, document.State)))
            .OrderByDescending(d => CreatedAt(d.State)).Take(limit).ToList();
        for (var kind = 0; kind < queries.Length; kind++)
        {
            var taken = newest.Count(d => d.Kind == kind);
            if (taken == pages[kind].Documents.Count)
            {
                cursors[kind] = pages[kind].NextCursor ?? AtItsEnd;
            }
            else if (taken > 0)
            {
                var again = queries[kind] with { Cursor = CursorOf(cursors[kind]), Limit = taken };
                cursors[kind] = (await store.Query(again, stop)).NextCursor ?? AtItsEnd;
            }
        }

        var views = new List<SagaView>();
        foreach (var (_, state) in newest)
        {
            if (await ViewOf(store, state, stop) is { } view)
            {
                views.Add(view);
            }
        }

        return views;
    }

    private static DocumentQuery QueryOf(DocumentKind kind, string? status, int limit) => status is not null
        ? new(kind, "by_status", [status], limit, Descending: true)
        : new(kind == OrderKinds.Sagas ? OrderKinds.Orders : kind, "by_time", [], limit, Descending: true);

    private static string? CursorOf(string? cursor) => cursor is "" ? null : cursor;

    private static DateTimeOffset CreatedAt(object state) => state switch
    {
        Order order => order.OrderedAt,
        OrderSaga saga => saga.Saga.CreatedAt,
        _ => ((AmendSaga)state).Saga.CreatedAt,
    };

    private static async Task<SagaView?> ViewOf(IStore store, object state, CancellationToken stop) => state switch
    {
        OrderSaga saga => SagaView.Of(saga),
        Order order => await Find(store, order.OrderId, stop) is { } its ? SagaView.Of(its) : null,
        _ => await ViewOf(store, (AmendSaga)state, stop),
    };

    /// <summary>The view of a partial cancel's saga, which tells where its order stands.</summary>
    public static async Task<SagaView?> ViewOf(IStore store, AmendSaga amend, CancellationToken stop) =>
        await Find(store, amend.Amend.OrderId, stop) is { } its ? SagaView.Of(amend, its.Status) : null;

    private static async Task<OrderSaga?> Find(IStore store, OrderId order, CancellationToken stop) =>
        (OrderSaga?)(await store.Find(OrderKinds.Sagas.Key(order), stop))?.State;
}
