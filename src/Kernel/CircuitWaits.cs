namespace DoaMarket.Kernel;

/// <summary>
/// A circuit has closed: the documents that wait at it go on now, instead of when their own timers say. The answer is
/// how many did.
/// </summary>
/// <param name="Gateway">Whose circuit.</param>
/// <param name="Keys">Documents that waited at it; one that has moved on meanwhile is left alone.</param>
public sealed record CircuitClosed(string Gateway, IReadOnlyList<DocumentKey> Keys) : Request<int>;

/// <summary>
/// Which documents wait at an open circuit, as this process's commits left them. It is only a hint for waking them: a
/// document that is not listed (the process began later, or the list was full) goes on by its own timer.
/// </summary>
public sealed class CircuitWaits
{
    /// <summary>How many documents are remembered for one gateway.</summary>
    public const int MaxRemembered = 10_000;

    /// <summary>
    /// How many are let go when a circuit closes: no more than an outside system that has just come back can take. The
    /// rest follow by their own timers.
    /// </summary>
    public const int MaxLetGo = 500;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<DocumentKey>> _byGateway = new(StringComparer.Ordinal);

    /// <summary>A document was committed.</summary>
    internal void Note(DocumentKey key, object state)
    {
        if (key.Kind.HeldAt(state) is not { } gateway)
        {
            return;
        }

        lock (_gate)
        {
            if (!_byGateway.TryGetValue(gateway, out var keys))
            {
                _byGateway.Add(gateway, keys = []);
            }

            if (keys.Count < MaxRemembered)
            {
                keys.Add(key);
            }
        }
    }

    /// <summary>Takes those that waited at a gateway, and forgets them all.</summary>
    public IReadOnlyList<DocumentKey> Take(string gateway)
    {
        lock (_gate)
        {
            return _byGateway.Remove(gateway, out var keys) ? [.. keys.Take(MaxLetGo)] : [];
        }
    }

    /// <summary>Decides <see cref="CircuitClosed"/>.</summary>
    internal static Decision LetGo(Documents documents, Asked<CircuitClosed, int> asked)
    {
        var (gateway, keys) = asked.Body;
        var decision = Decision.On(asked);
        foreach (var key in keys)
        {
            if (documents.FindAny(key) is { } state && key.Kind.HeldAt(state) == gateway)
            {
                decision.PutAny(key, key.Kind.LetGo(state, asked.Now));
            }
        }

        return decision.Answer(decision.Changes.Count);
    }
}
