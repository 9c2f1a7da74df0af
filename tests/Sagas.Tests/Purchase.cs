using System.Text.Json.Serialization;
using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

/// <summary>A small saga with every kind of step, for the tests of the engine.</summary>
internal static class Purchase
{
    public static readonly Backoff Resend = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), MaxAttempts: 5);

    public static readonly Participant Warehouse = new("warehouse", TimeSpan.Zero, TimeSpan.Zero);

    public static SagaDefinition<string> Definition { get; } = new(
        "purchase", 1, [WriteDown, HoldStock, TakeMoney, SendParcel, TellBuyer]);

    /// <summary>The same, paid by bank transfer: the buyer may take days, and the stock is held for as long.</summary>
    public static SagaDefinition<string> ByTransfer { get; } = new(
        "purchase", 2,
        [
            WriteDown,
            HoldStock.DoneOn<HeldFor>(heldUntil: m => m.Until),
            TakeMoney
                .MayWaitOn<BuyerMustPay>(m => m.DueAt, grace: TimeSpan.FromHours(1))
                .HeldBy<HoldOn, HeldOn>((id, until) => new HoldOn(id, until), m => m.Until, TimeSpan.FromSeconds(20)),
            SendParcel,
            TellBuyer,
        ]);

    public static SagaStep<string> WriteDown => new SagaStep<string>("write_down").Locally().DoneOn<WrittenDown>();

    public static SagaStep<string> HoldStock => new SagaStep<string>("hold_stock")
        .Asks((id, ask) => new Hold(id, ask.Deadline)).DoneOn<Held>().FailedOn<HoldFailed>(m => m.Reason)
        .Within(TimeSpan.FromSeconds(30))
        .UndoneBy((id, undo) => new Free(id, undo.Reason, undo.SettlementOf("send_parcel")?.Restock ?? true)).UndoneOn<Freed>()
        .ResendsUndo(Resend).AnsweredBy(Warehouse);

    public static SagaStep<string> TakeMoney => new SagaStep<string>("take_money")
        .Asks((id, ask) => new Charge(id, ask.Deadline)).DoneOn<Charged>().FailedOn<ChargeFailed>(m => m.Reason)
        .Within(TimeSpan.FromSeconds(60))
        .UndoneBy((id, undo) => new Refund(id, undo.Reason, undo.RetryNumber))
        .UndoneOn<Refunded>().UndoneOn<NeverCharged>()
        .UndoFailedOn<RefundFailed>(m => m.Reason)
        .SettledByHandWith(
            (id, settled) => new SettleRefund(id, settled.Reason, settled.AmountWon), SettlementDetail.Amount)
        .ResendsUndo(Resend).AnsweredBy(new("bank", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(5)));

    public static SagaStep<string> SendParcel => new SagaStep<string>("send_parcel")
        .Asks((id, ask) => new Pack(id, ask.Deadline)).DoneOn<Packed>().FailedOn<PackFailed>(m => m.Reason)
        .Within(TimeSpan.FromSeconds(30))
        .UndoneBy((id, undo) => new Unpack(id, undo.Reason, undo.AskedByPerson, undo.RetryNumber)).UndoneOn<Unpacked>()
        .UndoRefusedOn<HandedOver, CameBack>(m => m.Reason, within: TimeSpan.FromDays(21))
        .SettledByHandWith(
            (id, settled) => new SettleParcel(id, settled.Reason, settled.Restock), SettlementDetail.Restock)
        .ResendsUndo(Resend).AnsweredBy(new("carrier", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5)));

    public static SagaStep<string> TellBuyer => new SagaStep<string>("tell_buyer").Tells(id => new Tell(id));
}

internal sealed record WrittenDown(string Id) : IMessage;

internal sealed record Hold(string Id, DateTimeOffset Deadline) : IMessage;

internal sealed record Held(string Id) : IMessage;

internal sealed record HeldFor(string Id, DateTimeOffset Until) : IMessage;

internal sealed record BuyerMustPay(string Id, DateTimeOffset DueAt) : IMessage;

internal sealed record HoldOn(string Id, DateTimeOffset Until) : IMessage;

internal sealed record HeldOn(string Id, DateTimeOffset Until) : IMessage;

internal sealed record HoldFailed(string Id, string Reason) : IMessage;

internal sealed record Free(string Id, string Reason, bool Restock = true) : IMessage;

internal sealed record Freed(string Id) : IMessage;

internal sealed record Charge(string Id, DateTimeOffset Deadline) : IMessage;

internal sealed record Charged(string Id) : IMessage;

internal sealed record ChargeFailed(string Id, string Reason) : IMessage;

internal sealed record Refund(string Id, string Reason, int RetryNumber) : IMessage;

internal sealed record Refunded(string Id) : IMessage;

internal sealed record NeverCharged(string Id) : IMessage;

internal sealed record RefundFailed(string Id, string Reason) : IMessage;

internal sealed record SettleRefund(string Id, string Reason, long? AmountWon = null) : IMessage;

internal sealed record Pack(string Id, DateTimeOffset Deadline) : IMessage;

internal sealed record Packed(string Id) : IMessage;

internal sealed record PackFailed(string Id, string Reason) : IMessage;

internal sealed record Unpack(string Id, string Reason, bool MustComeBack, int RetryNumber) : IMessage;

internal sealed record Unpacked(string Id) : IMessage;

internal sealed record HandedOver(string Id, string Reason) : IMessage;

internal sealed record OnItsWayBack(string Id) : IMessage;

internal sealed record CameBack(string Id) : IMessage;

internal sealed record SettleParcel(string Id, string Reason, bool Restock = true) : IMessage;

internal sealed record Tell(string Id) : IMessage;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SagaState))]
[JsonSerializable(typeof(WrittenDown))]
[JsonSerializable(typeof(Hold))]
[JsonSerializable(typeof(Held))]
[JsonSerializable(typeof(HoldFailed))]
[JsonSerializable(typeof(Free))]
[JsonSerializable(typeof(Freed))]
[JsonSerializable(typeof(HeldFor))]
[JsonSerializable(typeof(Charge))]
[JsonSerializable(typeof(Charged))]
[JsonSerializable(typeof(ChargeFailed))]
[JsonSerializable(typeof(BuyerMustPay))]
[JsonSerializable(typeof(HoldOn))]
[JsonSerializable(typeof(HeldOn))]
[JsonSerializable(typeof(Refund))]
[JsonSerializable(typeof(Refunded))]
[JsonSerializable(typeof(NeverCharged))]
[JsonSerializable(typeof(RefundFailed))]
[JsonSerializable(typeof(Tell))]
internal sealed partial class PurchaseJson : JsonSerializerContext;
