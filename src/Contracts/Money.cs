using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DoaMarket.Contracts;

/// <summary>An amount in Korean won. Won have no fractions; arithmetic that would overflow throws.</summary>
[JsonConverter(typeof(MoneyConverter))]
public readonly record struct Money(long Won) : IComparable<Money>
{
    /// <summary>The only currency there is here (ISO 4217).</summary>
    public const string Currency = "KRW";

    /// <summary>Nothing.</summary>
    public static readonly Money Zero = new(0);

    /// <summary>Adds.</summary>
    public static Money operator +(Money left, Money right) => new(checked(left.Won + right.Won));

    /// <summary>Subtracts; the result may be negative.</summary>
    public static Money operator -(Money left, Money right) => new(checked(left.Won - right.Won));

    /// <summary>A price times a quantity.</summary>
    public static Money operator *(Money price, int quantity) => new(checked(price.Won * quantity));

    /// <summary>Compares amounts.</summary>
    public static bool operator <(Money left, Money right) => left.Won < right.Won;

    /// <summary>Compares amounts.</summary>
    public static bool operator >(Money left, Money right) => left.Won > right.Won;

    /// <summary>Compares amounts.</summary>
    public static bool operator <=(Money left, Money right) => left.Won <= right.Won;

    /// <summary>Compares amounts.</summary>
    public static bool operator >=(Money left, Money right) => left.Won >= right.Won;

    /// <inheritdoc />
    public int CompareTo(Money other) => Won.CompareTo(other.Won);

    /// <summary>For people: "12,900원".</summary>
    public override string ToString() => Won.ToString("N0", CultureInfo.InvariantCulture) + "원";
}

/// <summary>Writes money as an integer number of won.</summary>
public sealed class MoneyConverter : JsonConverter<Money>
{
    /// <inheritdoc />
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetInt64());

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Won);
}
