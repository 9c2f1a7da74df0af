using System.Text;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Wire;

/// <summary>The form of every message is approved: other programs read it, and messages of last week wait in queues.</summary>
[Collection("approved files")] // one after another, since an update writes what the others read
public sealed class ApprovedMessageTests
{
    private static readonly MessageCatalog Catalog = ShopMessages.Catalog;

    /// <summary>Every wire name.</summary>
    public static TheoryData<string> WireNames => [.. Catalog.All.Select(t => t.WireName)];

    [Theory]
    [MemberData(nameof(WireNames))]
    public void A_message_is_written_as_approved(string wireName)
    {
        var written = ApprovedFiles.Indented(Catalog.Write(Samples.Of(wireName)));

        if (ApprovedFiles.IsUpdate)
        {
            ApprovedFiles.Write(wireName, written);
        }

        Assert.Equal(ApprovedFiles.Read(wireName), written);
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public void An_approved_message_reads_and_writes_back_the_same(string wireName)
    {
        var approved = ApprovedFiles.Read(wireName);

        var message = Catalog.Read(wireName, Encoding.UTF8.GetBytes(approved));

        Assert.Equal(Catalog.Of(message).WireName, wireName);
        Assert.Equal(approved, ApprovedFiles.Indented(Catalog.Write(message)));
    }

    [Fact]
    public void Every_message_has_an_approved_file_and_every_file_a_message() =>
        Assert.Equal(Catalog.All.Select(t => t.WireName).Order(StringComparer.Ordinal), ApprovedFiles.Names.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(WireNames))]
    public void A_wire_name_is_lower_case_with_its_owner_before_the_dot(string wireName) =>
        Assert.Matches("^(order|inventory|payment|shipping|return|notification|alert)\\.[a-z]+(_[a-z]+)*$", wireName);

    [Fact]
    public void Only_the_commands_to_the_carrier_and_to_the_PG_carry_personal_data() => Assert.Equal(
        ["payment.requested", "shipping.prepare_requested"],
        Samples.All.Where(m => m is IPersonalMessage).Select(m => Catalog.Of(m).WireName).Order(StringComparer.Ordinal));

    [Fact]
    public void What_the_journal_keeps_of_them_names_nobody_and_can_charge_no_card()
    {
        string[] personal = ["홍길동", "010-1234-5678", "세종대로", "5층", "문 앞", "bk_ok"];

        foreach (var message in Samples.All.OfType<IPersonalMessage>())
        {
            var kept = ApprovedFiles.Indented(Catalog.Write(message.Masked()));

            Assert.All(personal, secret => Assert.DoesNotContain(secret, kept, StringComparison.Ordinal));
        }
    }
}
