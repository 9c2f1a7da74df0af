using System.Globalization;

namespace DoaMarket.Audit;

/// <summary>One invariant while it is being checked.</summary>
internal sealed class Check(string code, string title)
{
    /// <summary>More rows than this help nobody; the last one says how many are left out.</summary>
    private const int MaxRowsKept = 1_000;

    private readonly List<string> _rows = [];
    private long _checked;
    private long _leftOut;

    /// <summary>The finding so far.</summary>
    public AuditResult Result =>
        new(code, title, _checked, _leftOut == 0 ? _rows : [.. _rows, $"… and {Number(_leftOut)} more."]);

    /// <summary>Counts a row that is looked at.</summary>
    public void Look(long rows = 1) => _checked += rows;

    /// <summary>Notes a row that breaks the invariant.</summary>
    public void Break(string row)
    {
        if (_rows.Count < MaxRowsKept)
        {
            _rows.Add(row);
        }
        else
        {
            _leftOut++;
        }
    }

    /// <summary>Notes the row unless the condition holds.</summary>
    public void Expect(bool holds, Func<string> row)
    {
        if (!holds)
        {
            Break(row());
        }
    }

    /// <summary>Looks at a row and notes each thing that is wrong with it.</summary>
    public void LookAt(IEnumerable<string> faults)
    {
        Look();
        foreach (var fault in faults)
        {
            Break(fault);
        }
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
