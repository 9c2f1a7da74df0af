namespace DoaMarket.Conformance;

/// <summary>The embedded store.</summary>
public sealed class SqliteStoreConformance : StoreConformance
{
    protected override Task<IRig> StartRig() => SqliteRig.Start();
}

/// <summary>The embedded transport.</summary>
public sealed class SqliteTransportConformance : TransportConformance
{
    protected override Task<IRig> StartRig() => SqliteRig.Start();
}

/// <summary>The embedded store with a broker.</summary>
public sealed class SqliteOutboxConformance : OutboxConformance
{
    protected override Task<IOutboxRig> StartRig() => Task.FromResult<IOutboxRig>(new SqliteOutboxRig());
}
