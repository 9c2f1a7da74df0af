using System.Text.Json.Serialization;
using DoaMarket.Kernel;

namespace DoaMarket.Kernel.Tests;

// A service small enough to see through: coins go into a bank; a full bank asks a gateway outside to count it.
public sealed record CoinDropped(string Bank, int Won) : IMessage
{
    string? IMessage.Subject => Bank;
}

public sealed record BankGrew(string Bank, int Total) : IMessage;

public sealed record Bank(int Total, DateTimeOffset? WakeAt = null, string? Counting = null, int Counted = 0);

public sealed record CountBank(string Key) : Effect("counter", Key);

public sealed record CountedTo(int Total) : EffectResult;

public sealed record Withdraw(string Bank, int Won) : Request<int>;

/// <summary>Raises an alert, resolves it, and raises it again, in one decision.</summary>
public sealed record Shake(string Bank) : Request<bool>;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Bank))]
[JsonSerializable(typeof(CoinDropped))]
[JsonSerializable(typeof(BankGrew))]
public sealed partial class PiggybankJson : JsonSerializerContext;

public static class Piggybank
{
    public const string Service = "banks";

    public static readonly DocumentKind<Bank> Banks = new DocumentKind<Bank>(
            Service, "banks", PiggybankJson.Default.Bank, b => b.WakeAt, wanted: b => b.Counting is { } key ? new CountBank(key) : null)
        .WaitsAtCircuit(
            b => b is { Counting: null, WakeAt: not null } ? "counter" : null, (b, now) => b with { WakeAt = now })
        .Column("total", b => (long)b.Total)
        .Index("by_total", "total");

    public static readonly MessageCatalog Catalog = new MessageCatalog()
        .Add("coin.dropped", PiggybankJson.Default.CoinDropped)
        .Add("bank.grew", PiggybankJson.Default.BankGrew)
        .Add("alert.raised", KernelJson.Default.AlertRaised)
        .Add("alert.resolved", KernelJson.Default.AlertResolved);

    public static readonly Topology Topology = new(
        [
            new(Service, "bank-service", "bank-service-queue", TimeSpan.FromSeconds(60)),
            new("listener", "listener-service", "listener-service-queue", TimeSpan.FromSeconds(60)),
            new("journal", "journal", "journal-queue", TimeSpan.FromSeconds(60)),
        ],
        [new("coin.dropped", "test", [Service]), new("bank.grew", "bank-service", ["listener"])],
        "journal");

    public static ServiceModule Module() => new ServiceModule(Service)
        .Owns(Banks)
        .On<CoinDropped>(m => Banks.Key(m.Message.Bank), Drop)
        .OnDue(Banks, (_, due) => due.State.Total < 0
            ? throw new InvalidOperationException("A bank in debt cannot wake.")
            : due.State.Total == 0 ? Decision.On(due).Remove(Banks, due.Key)
            : Decision.On(due).Put(Banks, due.Key, due.State with { WakeAt = null }).Remark("woken", due.Key))
        .OnAnswer(Banks, (_, a) => a.Result is CountedTo { Total: < 0 }
            ? throw new InvalidOperationException("Nobody can have counted less than nothing.")
            : a.Result is CountedTo counted
            ? Decision.On(a).Put(Banks, a.Key, a.State with { Counting = null, Counted = counted.Total })
            : Decision.On(a))
        .OnRequest<Withdraw, int>(r => [Banks.Key(r.Bank)], (docs, asked) =>
        {
            var bank = docs.Find(Banks, asked.Body.Bank) ?? new Bank(0);
            var left = bank.Total - asked.Body.Won;
            return Decision.On(asked).Put(Banks, asked.Body.Bank, bank with { Total = left }).Answer(left);
        })
        .OnRequest<Shake, bool>(r => [Banks.Key(r.Bank)], (_, asked) =>
        {
            var alert = new Alert("SHAKEN", AlertSeverity.P3, asked.Body.Bank, "It rattles.");
            return Decision.On(asked).Raise(alert).Resolve(alert.Type, alert.Subject, "quiet").Raise(alert).Answer(true);
        });

    private static Decision Drop(Documents docs, Incoming<CoinDropped> m)
    {
        var bank = docs.Find(Banks, m.Message.Bank) ?? new Bank(0);
        if (m.Message.Won < 0)
        {
            throw new InvalidOperationException("A coin cannot be worth less than nothing.");
        }

        if (m.Message.Won > 10_000)
        {
            return Decision.On(m).Remark("not_a_coin", "Banks take coins.");
        }

        // A coin of nothing asks for the bank to be counted.
        var grown = bank with { Total = bank.Total + m.Message.Won, Counting = m.Message.Won == 0 ? "count-1" : bank.Counting };
        return Decision.On(m).Put(Banks, m.Message.Bank, grown).Send(new BankGrew(m.Message.Bank, grown.Total));
    }
}
