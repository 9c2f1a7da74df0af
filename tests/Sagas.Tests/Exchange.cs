using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

/// <summary>
/// A small saga with a pivot: stock is held (and freed again if need be); from there money goes back and a parcel goes
/// out, both asked for until they are done.
/// </summary>
internal static class Exchange
{
    public static readonly Backoff Retries = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), MaxAttempts: 4);

    public static SagaDefinition<string> Definition { get; } = new(
        "exchange", 1, [Purchase.WriteDown, Purchase.HoldStock, GiveMoney, SendParcel, Purchase.TellBuyer]);

    /// <summary>The same, but there is no money to give.</summary>
    public static SagaDefinition<string> WithoutMoney { get; } = new(
        "exchange", 2, [Purchase.WriteDown, Purchase.HoldStock, GiveMoney.OnlyWhen(_ => false), SendParcel]);

    public static SagaStep<string> GiveMoney => new SagaStep<string>("give_money")
        .Asks((id, ask) => new Refund(id, "exchanged", ask.RetryNumber)).DoneOn<Refunded>()
        .StuckOn<RefundFailed>(m => m.Reason).Retries(Retries)
        .SettledByHandWith((id, settled) => new SettleRefund(id, settled.Reason))
        .AnsweredBy(new("bank", TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(5)));

    public static SagaStep<string> SendParcel => new SagaStep<string>("send_parcel")
        .Asks((id, ask) => new Pack(id, ask.Deadline)).DoneOn<Packed>().Retries(Retries)
        .AnsweredBy(Purchase.Warehouse);

    public static Story New() => new(Definition);

    public static Story PastPivot() => New().When(new Held(Story.Id));
}
