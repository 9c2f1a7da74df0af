using DoaMarket.Kernel;

namespace DoaMarket.Stats.Tests;

/// <summary>Shows a decider only the documents whose keys it named, as the kernel does.</summary>
internal sealed class NamedDocuments(IReadOnlyDictionary<DocumentKey, object> all, params IEnumerable<DocumentKey> keys)
    : Documents
{
    private readonly HashSet<DocumentKey> _named = [.. keys];

    public void Name(IEnumerable<DocumentKey> more) => _named.UnionWith(more);

    protected override object? Find(DocumentKey key) => _named.Contains(key)
        ? all.GetValueOrDefault(key)
        : throw new InvalidOperationException($"{key} was not named.");

    protected override object? FindCommitted(DocumentKey key) => Find(key);
}
