using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>
/// The documents that were written or read last. This process alone writes, so what is here is what the file has;
/// should anybody have edited the file by hand, the version check of the commit notices, and the document is read
/// again.
/// </summary>
internal sealed class DocumentCache(int maxPerGeneration)
{
    private readonly Lock _gate = new();
    private Dictionary<DocumentKey, StoredDocument> _young = [];
    private Dictionary<DocumentKey, StoredDocument> _old = [];

    public bool TryGet(DocumentKey key, out StoredDocument? document)
    {
        lock (_gate)
        {
            if (_young.TryGetValue(key, out document))
            {
                return true;
            }

            if (_old.TryGetValue(key, out document))
            {
                Add(document);
                return true;
            }

            return false;
        }
    }

    public void Set(StoredDocument document)
    {
        lock (_gate)
        {
            Add(document);
        }
    }

    /// <summary>Sets what a reader found, unless a commit has put a newer one here meanwhile.</summary>
    public void SetIfNewer(StoredDocument document)
    {
        lock (_gate)
        {
            if (!(_young.TryGetValue(document.Key, out var known) || _old.TryGetValue(document.Key, out known))
                || known.Version < document.Version)
            {
                Add(document);
            }
        }
    }

    public void Remove(DocumentKey key)
    {
        lock (_gate)
        {
            _young.Remove(key);
            _old.Remove(key);
        }
    }

    private void Add(StoredDocument document)
    {
        if (maxPerGeneration == 0)
        {
            return;
        }

        if (_young.Count >= maxPerGeneration)
        {
            (_old, _young) = (_young, []);
        }

        _young[document.Key] = document;
    }
}
