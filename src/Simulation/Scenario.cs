using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Orders;

namespace DoaMarket.Simulation;

/// <summary>
/// One order's story: what its customer wants, what goes wrong outside, what people do, and how it must end. Nothing of
/// it is drawn but what chance decides in every shop: which worker goes first, and how long a call takes.
/// </summary>
public sealed class Scenario
{
    private readonly List<Mishap> _mishaps = [];
    private readonly List<Deed> _deeds = [];
    private readonly List<string> _tells = [];
    private readonly List<string> _alerts = [];
    private readonly List<OrderStatus> _otherEnds = [];

    internal Scenario(string name, string english, string korean) => (Name, English, Korean) = (name, english, korean);

    /// <summary>By which it is asked for, kebab-case.</summary>
    public string Name { get; }

    /// <summary>What happens, in a sentence.</summary>
    public string English { get; }

    /// <summary>The same in Korean.</summary>
    public string Korean { get; }

    internal IReadOnlyList<WantedLine> Lines { get; private set; } = [new(new("P-1"), null, 2)];

    internal bool IsByDeposit { get; private set; }

    internal bool IsSubmittedTwice { get; private set; }

    /// <summary>When what its caller has given up is carried out all the same.</summary>
    internal TimeSpan Late { get; private set; } = TimeSpan.FromSeconds(20);

    /// <summary>How the order ends when nothing disturbs it.</summary>
    internal OrderStatus End { get; private set; } = OrderStatus.Delivered;

    /// <summary>How else it may end when its process is away for a moment.</summary>
    internal IReadOnlyList<OrderStatus> OtherEnds => _otherEnds;

    internal IReadOnlyList<Mishap> Mishaps => _mishaps;

    internal IReadOnlyList<Deed> Deeds => _deeds;

    /// <summary>Messages without which it would not be this story.</summary>
    internal IReadOnlyList<string> Told => _tells;

    /// <summary>Alerts that a person is called by and that stay open, as they should.</summary>
    internal IReadOnlyList<string> OpenAtTheEnd => _alerts;

    internal Scenario Wants(params (string Product, int Quantity)[] lines)
    {
        Lines = [.. lines.Select(l => new WantedLine(new(l.Product), null, l.Quantity))];
        return this;
    }

    internal Scenario PaysByDeposit()
    {
        IsByDeposit = true;
        return this;
    }

    internal Scenario SubmitsTwice()
    {
        IsSubmittedTwice = true;
        return this;
    }

    /// <summary>What its caller has given up is carried out so much later.</summary>
    internal Scenario LateBy(TimeSpan late)
    {
        Late = late;
        return this;
    }

    /// <summary>Whenever something can go wrong in this way, it does, so many times.</summary>
    internal Scenario Suffers(Fault fault, int times = 1)
    {
        _mishaps.Add(new(fault, null, 0, times));
        return this;
    }

    /// <summary>The same, at calls of one kind only, and not at the first few of them.</summary>
    internal Scenario Suffers<TEffect>(Fault fault, int times = 1, int after = 0) where TEffect : Effect
    {
        _mishaps.Add(new(fault, typeof(TEffect), after, times));
        return this;
    }

    /// <summary>So long after a message was sent for the first time, somebody does something.</summary>
    internal Scenario Upon(string message, TimeSpan after, Action<Script> act)
    {
        _deeds.Add(new(message, after, act, IsRepeated: false));
        return this;
    }

    /// <summary>So long after a message was sent, each time, somebody does something.</summary>
    internal Scenario Whenever(string message, TimeSpan after, Action<Script> act)
    {
        _deeds.Add(new(message, after, act, IsRepeated: true));
        return this;
    }

    internal Scenario Tells(params string[] messages)
    {
        _tells.AddRange(messages);
        return this;
    }

    internal Scenario LeavesOpen(string alert)
    {
        _alerts.Add(alert);
        return this;
    }

    internal Scenario Ends(OrderStatus end)
    {
        End = end;
        return this;
    }

    internal Scenario OrEnds(OrderStatus end)
    {
        _otherEnds.Add(end);
        return this;
    }

    /// <inheritdoc />
    public override string ToString() => Name;
}

/// <summary>Something that goes wrong so many times.</summary>
/// <param name="At">The calls that it can happen at; null for any.</param>
/// <param name="After">So many times it does not happen first.</param>
internal sealed record Mishap(Fault Fault, Type? At, int After, int Times);

/// <summary>What somebody does so long after a message was sent: for the first time, or each time.</summary>
internal sealed record Deed(string Upon, TimeSpan After, Action<Script> Act, bool IsRepeated);
