using DoaMarket.Kernel;

namespace DoaMarket.Orders;

/// <summary>Pages of orders with their sagas, for lists of customers, sellers and operators.</summary>
internal static class OrderLists
{
    private const int MaxPagesScanned = 50;

    /// <summary>
    /// Reads a page and keeps what is wanted. A filter may leave a page short: then the next ones are read until
    /// something is found, and the cursor tells where to go on. At most <see cref="MaxPagesScanned"/> are read at once.
    /// </summary>
    /// <param name="wantedOrder">Looks at what was bought, before the saga is read.</param>
    public static async Task<(IReadOnlyList<(Order Order, OrderSaga Saga)> Page, string? Next)> Read(
        IStore store, DocumentQuery query, Func<OrderSaga, bool> wanted, CancellationToken stop,
        Func<Order, bool>? wantedOrder = null)
    {
        var found = new List<(Order, OrderSaga)>();
        for (var i = 0; ; i++)
        {
            var page = await store.Query(query, stop);
            foreach (var document in page.Documents)
            {
                if (await Pair(store, document, wantedOrder, stop) is { } pair && wanted(pair.Saga))
                {
                    found.Add(pair);
                }
            }

            if (found.Count > 0 || page.NextCursor is null || i == MaxPagesScanned)
            {
                return (found, page.NextCursor);
            }

            query = query with { Cursor = page.NextCursor };
        }
    }

    // The two are made in one commit; a reader between two reads may still see the order before its saga's last change.
    private static async Task<(Order Order, OrderSaga Saga)?> Pair(
        IStore store, StoredDocument document, Func<Order, bool>? wantedOrder, CancellationToken stop)
    {
        var id = document.State switch
        {
            Order its => its.OrderId,
            OrderSaga its => its.OrderId,
            _ => ((SellerOrder)document.State).OrderId,
        };
        var order = document.State as Order ?? (Order?)(await store.Find(OrderKinds.Orders.Key(id), stop))?.State;
        if (order is null || wantedOrder?.Invoke(order) is false)
        {
            return null;
        }

        var saga = document.State as OrderSaga ?? (await store.Find(OrderKinds.Sagas.Key(id), stop))?.State as OrderSaga;
        return saga is null ? null : (order, saga);
    }
}
