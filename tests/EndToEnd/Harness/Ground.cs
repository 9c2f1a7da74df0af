namespace DoaMarket.EndToEnd.Harness;

/// <summary>A process of a shop as it is planned.</summary>
/// <param name="Services">What it runs, comma-separated; null runs all.</param>
/// <param name="Own">What it is configured with, unlike the others; null is nothing.</param>
internal sealed record NodePlan(string? Services, Settings? Own = null);

/// <summary>
/// What a mode is to a shop under test: where its data lies, and of which processes it consists. DOA_TEST_MODE chooses the
/// mode of all shops whose plan names none, so that every test runs in every mode. A further mode is a class beside these
/// and a line in <see cref="For"/>; what its tests look into or change beside the shop is its <see cref="ShopDatabase"/>.
/// A test that makes no sense in a mode says so by <see cref="OnlyEmbedded"/>.
/// </summary>
internal abstract class Ground : IAsyncDisposable
{
    public const string Embedded = "embedded", Postgres = "postgres", RabbitMq = "rabbitmq";

    /// <summary>
    /// Trait of the tests that `./test --all` and CI run once more in a mode, which is its value: one for each path that matters there.
    /// `./test --mode` runs all.
    /// </summary>
    public const string Gate = "Gate";

    /// <summary>Several processes, each with some of the services; some services have two copies.</summary>
    public static IReadOnlyList<NodePlan> Shared { get; } =
    [
        new("orders,stats"), new("orders,inventory,payments"), new("inventory,shipping,notifications,stats"),
    ];

    /// <summary>Several processes that are all the same.</summary>
    public static IReadOnlyList<NodePlan> Copies { get; } = [new(null), new(null), new(null)];

    /// <summary>The mode of shops whose plan names none.</summary>
    public static string Usual { get; } =
        Environment.GetEnvironmentVariable("DOA_TEST_MODE") is { Length: > 0 } mode ? mode : Embedded;

    /// <summary>Its processes; requests come in at the first one.</summary>
    public abstract IReadOnlyList<NodePlan> Nodes { get; }

    /// <summary>Whether the sandbox has to have a process of its own.</summary>
    public abstract bool NeedsSandboxApart { get; }

    /// <summary>What every process of the shop is configured with, beside what the test says.</summary>
    public abstract Settings Settings { get; }

    /// <summary>What `doa serve` is told.</summary>
    public abstract IReadOnlyList<string> ServeArguments { get; }

    /// <summary>What `doa audit` is told, beside the data folder.</summary>
    public abstract IReadOnlyList<string> AuditArguments { get; }

    /// <summary>Whether it can be audited beside its processes.</summary>
    public virtual bool IsAuditedAtWork => true;

    /// <summary>The shop's data, to be looked into and changed beside the shop.</summary>
    public abstract ShopDatabase Database { get; }

    /// <summary>The ground of a plan.</summary>
    public static async Task<Ground> For(Plan plan) => (plan.Mode ?? Usual) switch
    {
        Embedded => new EmbeddedGround(plan.Data),
        Postgres => await PostgresGround.New(plan.Nodes ?? Shared, plan.Database),
        RabbitMq => await RabbitMqGround.New(plan.Nodes ?? Shared),
        var other => throw new InvalidOperationException(
            $"DOA_TEST_MODE is '{other}'. Write {Embedded}, {Postgres} or {RabbitMq}, or leave it out."),
    };

    /// <summary>Skips the test in other modes.</summary>
    public static void OnlyEmbedded(string because) =>
        Assert.SkipUnless(Usual == Embedded, $"Not in mode {Usual}: {because}");

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();
}

/// <summary>The embedded mode: one process and one file.</summary>
internal sealed class EmbeddedGround(string folder) : Ground
{
    public override IReadOnlyList<NodePlan> Nodes { get; } = [new(null)];

    public override bool NeedsSandboxApart => false;

    public override Settings Settings { get; } = new(StringComparer.Ordinal);

    public override IReadOnlyList<string> ServeArguments => [];

    public override IReadOnlyList<string> AuditArguments => [];

    public override ShopDatabase Database { get; } = new SqliteShopDatabase(folder);

    public override ValueTask DisposeAsync() => default;
}
