namespace DoaMarket.Audit.Tests;

/// <summary>A checker that cannot fail proves nothing.</summary>
public sealed class PlantedFaultTests
{
    public static TheoryData<string> Faults => [.. PlantedFaults.All.Select(f => $"{f.Code}: {f.What}")];

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_planted_fault_is_reported_under_its_code_and_no_other(string fault)
    {
        var (code, _, plant) = PlantedFaults.All.Single(f => $"{f.Code}: {f.What}" == fault);
        var shop = Stories.Shop();
        plant(shop);
        var broken = shop.Audit().Results.Where(r => r.Violations.Count > 0);
        Assert.Equal([code], broken.Select(r => r.Code));
    }

    [Fact]
    public void Every_invariant_has_a_planted_fault()
    {
        var codes = Stories.Shop().Audit().Results.Select(r => r.Code);
        Assert.Empty(codes.Except(PlantedFaults.All.Select(f => f.Code), StringComparer.Ordinal));
    }
}
