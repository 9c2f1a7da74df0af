using DoaMarket.Kernel;

namespace DoaMarket.Orders;

/// <summary>Counts the open event streams, in all and by user: each costs a connection and a watch.</summary>
/// <param name="maxInAll">Bound in all.</param>
/// <param name="maxPerUser">Bound for one user.</param>
public sealed class EventStreams(int maxInAll, int maxPerUser)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UserId, int> _byUser = [];
    private int _inAll;

    /// <summary>What comes of a wish for a stream.</summary>
    public enum Entry
    {
        /// <summary>It may be opened.</summary>
        Granted,

        /// <summary>The user has too many already (429).</summary>
        UserIsFull,

        /// <summary>The shop has too many already (503).</summary>
        ShopIsFull,
    }

    /// <summary>Takes a place, until it is disposed of.</summary>
    public Entry TryEnter(UserId user, out IDisposable? place)
    {
        lock (_gate)
        {
            place = null;
            var its = _byUser.GetValueOrDefault(user);
            if (its >= maxPerUser)
            {
                return Entry.UserIsFull;
            }

            if (_inAll >= maxInAll)
            {
                return Entry.ShopIsFull;
            }

            _inAll++;
            _byUser[user] = its + 1;
            place = new Place(this, user);
            return Entry.Granted;
        }
    }

    private void Leave(UserId user)
    {
        lock (_gate)
        {
            _inAll--;
            if (--_byUser[user] == 0)
            {
                _byUser.Remove(user);
            }
        }
    }

    private sealed class Place(EventStreams streams, UserId user) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                streams.Leave(user);
            }
        }
    }
}
