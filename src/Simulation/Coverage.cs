namespace DoaMarket.Simulation;

/// <summary>How often each fault has hit each step.</summary>
public sealed class Coverage
{
    private static readonly int Steps = Enum.GetValues<FlowStep>().Length;
    private readonly long[] _hits = new long[Enum.GetValues<Fault>().Length * Steps];

    /// <summary>How often.</summary>
    public long this[Fault fault, FlowStep step] => _hits[((int)fault * Steps) + (int)step];

    /// <summary>Cells that should have been hit and were not.</summary>
    public IReadOnlyList<(Fault Fault, FlowStep Step)> Missing =>
    [
        .. Enum.GetValues<Fault>().SelectMany(f => FaultCells.Of(f).Select(s => (f, s))).Where(c => this[c.f, c.s] == 0),
    ];

    /// <summary>Counts a hit.</summary>
    public void Count(Fault fault, FlowStep step) => _hits[((int)fault * Steps) + (int)step]++;

    /// <summary>Adds another's hits.</summary>
    public void Add(Coverage other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < _hits.Length; i++)
        {
            _hits[i] += other._hits[i];
        }
    }
}
