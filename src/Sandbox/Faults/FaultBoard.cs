namespace DoaMarket.Sandbox.Faults;

/// <summary>The fault rules in force. In memory: a restarted sandbox is a healthy one.</summary>
internal sealed class FaultBoard
{
    public const int RulesMax = 100;

    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];
    private int lastId;

    /// <summary>The first rule that hits this call, if any; hitting uses up one of its times.</summary>
    public FaultRule? Draw(FaultPoint point, Func<FaultRule, bool>? only = null)
    {
        lock (gate)
        {
            foreach (Entry entry in entries)
            {
                if (!entry.Rule.Concerns(point) || only?.Invoke(entry.Rule) == false || !Chance(entry.Rule.Probability))
                {
                    continue;
                }

                entry.Hits++;
                if (entry.Hits >= entry.Rule.Times)
                {
                    entries.Remove(entry);
                }

                return entry.Rule;
            }

            return null;
        }
    }

    /// <summary>Adds a rule behind the others; null when the board is full.</summary>
    public int? Add(FaultRule rule)
    {
        lock (gate)
        {
            if (entries.Count >= RulesMax)
            {
                return null;
            }

            entries.Add(new Entry(++lastId, rule));
            return lastId;
        }
    }

    public void Replace(IReadOnlyList<FaultRule> rules)
    {
        lock (gate)
        {
            entries.Clear();
            entries.AddRange(rules.Select(rule => new Entry(++lastId, rule)));
        }
    }

    public bool Remove(int id)
    {
        lock (gate)
        {
            return entries.RemoveAll(entry => entry.Id == id) > 0;
        }
    }

    public IReadOnlyList<object> Listing()
    {
        lock (gate)
        {
            return [.. entries.Select(entry => entry.Shown())];
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
