namespace DoaMarket.Sandbox.Faults;

/// <summary>The fault rules in force. In memory: a restarted sandbox is a healthy one.</summary>
internal sealed class FaultBoard
{
    public const int RulesMax = 100;

    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private int _lastId;

    /// <summary>The first rule that hits this call, if any; hitting uses up one of its times.</summary>
    public FaultRule? Draw(FaultPoint point, Func<FaultRule, bool>? only = null)
    {
        lock (_gate)
        {
            foreach (Entry entry in _entries)
            {
                if (!entry.Rule.Concerns(point) || only?.Invoke(entry.Rule) == false || !Chance(entry.Rule.Probability))
                {
                    continue;
                }

                entry.Hits++;
                if (entry.Hits >= entry.Rule.Times)
                {
                    _entries.Remove(entry);
                }

                return entry.Rule;
            }

            return null;
        }
    }

    /// <summary>Adds a rule behind the others; null when the board is full.</summary>
    public int? Add(FaultRule rule)
    {
        lock (_gate)
        {
            if (_entries.Count >= RulesMax)
            {
                return null;
            }

            _entries.Add(new Entry(++_lastId, rule));
            return _lastId;
        }
    }

    public void Replace(IReadOnlyList<FaultRule> rules)
    {
        lock (_gate)
        {
            _entries.Clear();
            _entries.AddRange(rules.Select(rule => new Entry(++_lastId, rule)));
        }
    }

    public bool Remove(int id)
    {
        lock (_gate)
        {
            return _entries.RemoveAll(entry => entry.Id == id) > 0;
        }
    }

    public IReadOnlyList<object> Listing()
    {
        lock (_gate)
        {
            return [.. _entries.Select(entry => entry.Shown())];
        }
    }

    private static bool Chance(double probability) => probability >= 1 || Random.Shared.NextDouble() < probability;

    private sealed class Entry(int id, FaultRule rule)
    {
        public int Id => id;

        public FaultRule Rule => rule;

        public long Hits { get; set; }

        public object Shown() => new
        {
            id,
            target = rule.Target,
            operation = rule.Operation,
            mode = rule.ModeName,
            probability = rule.Probability,
            times = rule.Times,
            match = rule.Match,
            delayMs = rule.Mode == FaultMode.Slow ? (long?)rule.Delay.TotalMilliseconds : null,
            effect = rule.Mode == FaultMode.Timeout ? (bool?)rule.Effect : null,
            hits = Hits,
        };
    }
}
