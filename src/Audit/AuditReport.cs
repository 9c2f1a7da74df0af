namespace DoaMarket.Audit;

/// <summary>What an audit found, one result per invariant.</summary>
/// <param name="Results">In the order in which they are shown; empty when nothing could be audited.</param>
/// <param name="Refusal">Why nothing could be audited (no database in the folder), in words; otherwise null.</param>
public sealed record AuditReport(IReadOnlyList<AuditResult> Results, string? Refusal = null)
{
    /// <summary>How many rows break an invariant.</summary>
    public int Violations => Results.Sum(result => result.Violations.Count);
}

/// <summary>One invariant's result.</summary>
/// <param name="Code">Its short name: S1, M2, G4.</param>
/// <param name="Title">What must hold, in words, and to what it was applied.</param>
/// <param name="Checked">How many rows were looked at; 0 when what it needs was not at hand.</param>
/// <param name="Violations">The offending rows, in words.</param>
public sealed record AuditResult(string Code, string Title, long Checked, IReadOnlyList<string> Violations);
