namespace DoaMarket.Conformance;

/// <summary>The queues in RabbitMQ.</summary>
public sealed class RabbitMqTransportConformance : TransportConformance
{
    protected override Task<IRig> StartRig() => RabbitMqRig.Start();
}
