namespace DoaMarket.Conformance;

/// <summary>The store in PostgreSQL.</summary>
public sealed class PostgresStoreConformance : StoreConformance
{
    protected override Task<IRig> StartRig() => PostgresRig.Start();
}

/// <summary>The queues in PostgreSQL.</summary>
public sealed class PostgresTransportConformance : TransportConformance
{
    protected override Task<IRig> StartRig() => PostgresRig.Start();
}

/// <summary>PostgreSQL with a broker.</summary>
public sealed class PostgresOutboxConformance : OutboxConformance
{
    protected override Task<IOutboxRig> StartRig() => PostgresOutboxRig.Start();
}
