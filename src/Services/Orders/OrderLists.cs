using DoaMarket.Kernel;

namespace DoaMarket.Orders;

/// <summary>Pages of orders with their sagas, for lists of customers, sellers and operators.</summary>
internal static class OrderLists
{
    private const int MaxPagesScanned = 50;

    /// <summary>
    /// Reads a page and keeps what is wanted. A filter may leave a page short: then the next ones are read until
    /// something is found, and the cursor tells where to go on.
    /// </summary>
    public static async Task<(IReadOnlyList<(Order Order, OrderSaga Saga)> Page, string? Next)> Read(
        IStore store, DocumentQuery query, Func<OrderSaga, bool> wanted, CancellationToken stop)
    {
        var found = new List<(Order, OrderSaga)>();
        for (var i = 0; ; i++)
        {
            var page = await store.Query(query, stop);
            foreach (var document in page.Documents)
            {
                if (await Pair(store, document, stop) is { } pair && wanted(pair.Saga))
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
        IStore store, StoredDocument document, CancellationToken stop)
    {
        var order = document.State as Order;
        var id = order?.OrderId ?? ((SellerOrder)document.State).OrderId;
        order ??= (Order?)(await store.Find(OrderKinds.Orders.Key(id), stop))?.State;
        return order is not null && (await store.Find(OrderKinds.Sagas.Key(id), stop))?.State is OrderSaga saga
            ? (order, saga)
            : null;
    }
}
