namespace DoaMarket.Postgres;

/// <summary>
/// What one commit does with messages: those that it sends, those that its service has received, and dead letters. They
/// travel in this database (<see cref="QueueChanges"/>), or through a broker (<see cref="OutboxChanges"/>).
/// </summary>
internal interface IMessageChanges
{
    /// <summary>Adds the statements.</summary>
    void Write(Script script);

    /// <summary>The commit went through and its answer was lost: reads what the answer would have told.</summary>
    /// <exception cref="Kernel.StoreUnavailableException">It cannot be read now.</exception>
    ValueTask LookUp(CancellationToken stop);

    /// <summary>Tells whoever waits, once it is known how the commit ended.</summary>
    void End(bool isCommitted);
}
