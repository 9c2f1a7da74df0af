namespace DoaMarket.Simulation.Tests.Planting;

/// <summary>A checker that cannot fail proves nothing: each planted bug must be caught, within these seeds.</summary>
[Trait("Run", "long")]
public sealed class PlantedBugTests(PlantedShop shop, ITestOutputHelper output) : IClassFixture<PlantedShop>
{
    private const string Wanted = "DOA_PLANTED_BUGS";
    private const int MaxSeeds = 100, Sagas = 30, FewestBugs = 50;

    /// <summary>All, or those with one of the words of DOA_PLANTED_BUGS (webhook|letter) in their names.</summary>
    public static TheoryData<string> Names
    {
        get
        {
            var words = (Environment.GetEnvironmentVariable(Wanted) ?? "").Split('|');
            return [.. PlantedBugs.All.Select(b => b.Name)
                .Where(name => words.Any(word => name.Contains(word, StringComparison.Ordinal)))];
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_caught(string name)
    {
        var (number, bug) = PlantedBugs.Numbered.Single(b => b.Bug.Name == name);
        Assert.True(shop.ObstacleTo(bug) is null, $"'{name}' cannot be planted in src/{bug.File}: {shop.ObstacleTo(bug)}.");
        var others = new SortedSet<string>(StringComparer.Ordinal);
        var isCaught = false;
        var written = CatchingSeeds.Of(name);
        shop.Run(number, Seeds(written), Sagas, (seed, violations, _) =>
        {
            if (violations.FirstOrDefault(v => bug.Breaks.Contains(CodeOf(v), StringComparer.Ordinal)) is { } broken)
            {
                output.WriteLine($"{name}: seed {seed}: {broken.Split('\n')[0]}");
                if (seed != written && Environment.GetEnvironmentVariable("DOA_UPDATE_DOCS") == "1")
                {
                    CatchingSeeds.Keep(name, seed);
                }

                return isCaught = true;
            }

            others.UnionWith(violations.Select(CodeOf));
            return false;
        });

        Assert.True(
            isCaught,
            $"'{name}' was not caught by {MaxSeeds} seeds of {Sagas} orders: a fault or a check is missing. It breaks "
                + $"{(others.Count == 0 ? "nothing" : string.Join(", ", others))}; expected was {string.Join(" or ", bug.Breaks)}.");
    }

    [Fact]
    public void With_none_switched_on_the_shop_lives_as_the_product_does()
    {
        using var bench = new Bench();
        shop.Run(bug: 0, Seeds().Take(3), Sagas, (seed, violations, hash) =>
        {
            Assert.Empty(violations);
            Assert.Equal(Simulator.Run(bench, seed, Sagas).Hash, hash);
            return false;
        });
    }

    [Fact]
    public void There_are_enough_of_them() => Assert.True(PlantedBugs.All.Count >= FewestBugs);

    [Fact]
    public void Nothing_that_is_released_has_one()
    {
        var product = Directory.EnumerateFiles(AppContext.BaseDirectory, "DoaMarket.*.dll")
            .Select(Path.GetFileNameWithoutExtension).Where(name => !name!.EndsWith(".Tests", StringComparison.Ordinal))
            .Select(name => System.Reflection.Assembly.Load(name!)).ToList();

        Assert.Contains(typeof(Simulator).Assembly, product);
        Assert.All(product, assembly => Assert.Null(assembly.GetType(Branching.SwitchClass)));
    }

    private static IEnumerable<long> Seeds(long? first = null) =>
        new[] { first }.OfType<long>().Concat(Enumerable.Range(1, MaxSeeds).Select(seed => (long)seed)).Distinct();

    private static string CodeOf(string violation) => violation.Split(':')[0];
}
