using System.ComponentModel.DataAnnotations;

namespace DoaMarket.Sqlite;

/// <summary>Where the embedded database lives, and its bounds.</summary>
public sealed record SqliteOptions
{
    /// <summary>The folder of the database; null keeps everything in memory (simulation).</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// For how long nobody looks into the tables for timers and deliveries of which this process does not know, in
    /// milliseconds: a file may be edited by hand, a database in memory may not.
    /// </summary>
    internal long TrustMs => Folder is null ? long.MaxValue : 5_000;

    /// <summary>Batches of services that one group commit may hold.</summary>
    [Range(1, 1_000)]
    public int MaxUnitsPerCommit { get; init; } = 64;

    /// <summary>Units of work that may wait for the writer; more callers wait themselves.</summary>
    [Range(1, 10_000)]
    public int MaxUnitsWaiting { get; init; } = 256;

    /// <summary>Messages handed over in memory per queue; the rest waits in the database.</summary>
    [Range(1, 10_000)]
    public int MaxHandedOver { get; init; } = 512;

    /// <summary>Documents kept in memory per generation; there are two.</summary>
    [Range(0, 1_000_000)]
    public int MaxCachedDocuments { get; init; } = 20_000;

    /// <summary>Read connections kept open.</summary>
    [Range(1, 100)]
    public int MaxIdleReaders { get; init; } = 12;
}
