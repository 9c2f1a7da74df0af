using DoaMarket.Contracts;

namespace DoaMarket.Inventory.Tests;

/// <summary>
/// The stock as one would keep it on paper: how many of each item are there, and who holds or has bought how many. It
/// knows no messages, ledger or timers, so that it cannot make the same mistakes.
/// </summary>
internal sealed class StockModel(DateTimeOffset now, InventoryOptions options)
{
    private readonly Dictionary<int, Order> _orders = [];

    public DateTimeOffset Now { get; set; } = now;

    public Dictionary<string, int> OnHand { get; } = new(StringComparer.Ordinal);

    public int ReservedOf(string item) =>
        _orders.Values.Where(o => o.Status == ReservationStatus.Held).Sum(o => o.Lines.GetValueOrDefault(item));

    public ReservationStatus? StatusOf(int order) => _orders.GetValueOrDefault(order)?.Status;

    public int LeftOf(int order, string item) => _orders.GetValueOrDefault(order)?.Lines.GetValueOrDefault(item) ?? 0;

    public void Reserve(int number, IReadOnlyDictionary<string, int> wanted, bool isLate)
    {
        if (_orders.ContainsKey(number))
        {
            return; // held or refused for ever, or given up before
        }

        var isThere = wanted.Count > 0 && wanted.All(w =>
            w.Value > 0 && OnHand.TryGetValue(w.Key, out var there) && w.Value <= there - ReservedOf(w.Key));
        _orders[number] = isLate || !isThere
            ? new(ReservationStatus.Refused, [], Now, Now)
            : new(ReservationStatus.Held, new(wanted, StringComparer.Ordinal), Now, Now + options.HoldFor);
    }

    public void Pay(int number)
    {
        if (Is(number, ReservationStatus.Held) is { } order)
        {
            Move(order, -1);
            _orders[number] = order with { Status = ReservationStatus.Committed };
        }
    }

    public void Release(int number, bool restock)
    {
        if (Is(number, ReservationStatus.Committed) is { } sold)
        {
            Move(sold, restock ? +1 : 0);
            _orders[number] = sold with
            {
                Status = restock ? ReservationStatus.Restocked : ReservationStatus.WrittenOff,
            };
        }
        else if (Is(number, ReservationStatus.Held) is { } held)
        {
            _orders[number] = held with { Status = ReservationStatus.Released };
        }
        else
        {
            _orders.TryAdd(number, new(ReservationStatus.Tombstone, [], Now, Now));
        }
    }

    public void ReleaseLines(int number, int amend, IReadOnlyDictionary<string, int> lines)
    {
        var order = _orders.GetValueOrDefault(number) ?? new(ReservationStatus.Tombstone, [], Now, Now);
        _orders[number] = order;
        if (!order.Amends.Add(amend))
        {
            return; // each partial cancel gives back once
        }

        if (order.Status is ReservationStatus.Held or ReservationStatus.Committed)
        {
            foreach (var (item, asked) in lines)
            {
                var back = Math.Min(Math.Max(asked, 0), order.Lines.GetValueOrDefault(item));
                order.Lines[item] = order.Lines.GetValueOrDefault(item) - back;
                OnHand[item] = OnHand.GetValueOrDefault(item) + (order.Status == ReservationStatus.Committed ? back : 0);
            }
        }
    }

    public void Extend(int number, DateTimeOffset until)
    {
        if (Is(number, ReservationStatus.Held) is { } order)
        {
            var latest = order.MadeAt + options.LongestHold;
            var wanted = until < latest ? until : latest;
            _orders[number] = order with { EndsAt = wanted > order.EndsAt ? wanted : order.EndsAt };
        }
    }

    public void LookAtTimer(int number)
    {
        if (Is(number, ReservationStatus.Held) is { } order && Now >= order.EndsAt)
        {
            _orders[number] = order with { Status = ReservationStatus.Expired };
        }
    }

    public void Adjust(string item, int delta)
    {
        if (OnHand.TryGetValue(item, out var there) && there + delta >= ReservedOf(item))
        {
            OnHand[item] = there + delta;
        }
    }

    private Order? Is(int number, ReservationStatus status) =>
        _orders.GetValueOrDefault(number) is { } order && order.Status == status ? order : null;

    private void Move(Order order, int sign)
    {
        foreach (var (item, quantity) in order.Lines)
        {
            OnHand[item] += sign * quantity;
        }
    }

    private sealed record Order(
        ReservationStatus Status, Dictionary<string, int> Lines, DateTimeOffset MadeAt, DateTimeOffset EndsAt)
    {
        public HashSet<int> Amends { get; } = [];
    }
}
