using DoaMarket.Kernel;

namespace DoaMarket.Payments.Reconciling;

/// <summary>
/// Reads our own ledger for a run, page by page: a decider sees named documents only, never a list. What is read is old
/// enough to have come to rest.
/// </summary>
public sealed class LedgerReader(IStore store)
{
    private const int WaitingMax = 10;

    /// <summary>Who carries out reads of the ledger.</summary>
    public GatewayBinding Binding => new(ReconciliationKinds.LedgerGateway, 1, WaitingMax, CarryOut);

    /// <summary>Reads a page.</summary>
    /// <exception cref="ArgumentException">The effect is not a read of the ledger: a bug.</exception>
    public async Task<EffectResult> CarryOut(Effect effect, CancellationToken stop)
    {
        if (effect is not ReadLedger read)
        {
            throw new ArgumentException($"The ledger cannot carry out {effect.GetType().Name}.", nameof(effect));
        }

        var page = await store.Query(
            new(
                PaymentKinds.Ledger, "by_time", [], read.Limit, Cursor: read.Cursor,
                From: read.From.ToUnixTimeMilliseconds(), To: read.To.ToUnixTimeMilliseconds()),
            stop);
        return new LedgerRead([.. page.Documents.Select(d => (PaymentLedgerRow)d.State)], page.NextCursor);
    }
}
