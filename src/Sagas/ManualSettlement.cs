using System.Globalization;
using System.Text.Json.Serialization;

namespace DoaMarket.Sagas;

/// <summary>What a person may tell of a settlement besides the reason; each step takes one of them at most.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SettlementDetail>))]
public enum SettlementDetail
{
    /// <summary>The reason only.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>How much money was given back.</summary>
    [JsonStringEnumMemberName("amount")]
    Amount,

    /// <summary>Whether the goods are there, to be put back into stock.</summary>
    [JsonStringEnumMemberName("restock")]
    Restock,
}

/// <summary>How a person settled a step outside the system.</summary>
/// <param name="Reason">What was done and why.</param>
/// <param name="AmountWon">What was given back, in won; null when it is all that is owed.</param>
/// <param name="Restock">Whether the goods are there; false when they are lost and must not be put back.</param>
public sealed record ManualSettlement(
    string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? AmountWon = null,
    bool Restock = true)
{
    /// <summary>What is told besides the reason, beyond what a step takes; null when nothing is.</summary>
    internal SettlementDetail? Excess(SettlementDetail taken) => this switch
    {
        { AmountWon: not null } when taken is not SettlementDetail.Amount => SettlementDetail.Amount,
        { Restock: false } when taken is not SettlementDetail.Restock => SettlementDetail.Restock,
        _ => null,
    };

    /// <summary>The settlement in words, for the timeline and the audit.</summary>
    public override string ToString() => this switch
    {
        { AmountWon: { } won } => $"{Reason} [{won.ToString("N0", CultureInfo.InvariantCulture)} won given back]",
        { Restock: false } => $"{Reason} [the goods are lost: nothing goes back into stock]",
        _ => Reason,
    };
}
