namespace DoaMarket.Architecture.Tests;

/// <summary>References go one way: that is what keeps the services apart and the outside world independent.</summary>
public sealed class ReferenceTests
{
    private const string Kernel = "src/Kernel/Kernel.csproj";
    private const string Contracts = "src/Contracts/Contracts.csproj";
    private const string Sagas = "src/Sagas/Sagas.csproj";
    private const string Orders = "src/Services/Orders/Orders.csproj";
    private const string Sandbox = "src/Sandbox/Sandbox.csproj";

    /// <summary>
    /// Host puts everything together; Audit looks into every service's documents and writes nothing; Simulation runs them all.
    /// </summary>
    private static readonly string[] SeeAllServices =
        ["src/Audit/Audit.csproj", "src/Host/Host.csproj", "src/Simulation/Simulation.csproj"];

    private static readonly Project[] Product = [.. SourceTree.Projects.Where(p => p.IsProduct)];

    [Fact]
    public void The_kernel_refers_to_nothing_of_ours() => Assert.Empty(Of(Kernel).References);

    [Fact]
    public void Contracts_and_sagas_refer_to_the_kernel_alone()
    {
        Assert.Equal([Kernel], Of(Contracts).References);
        Assert.Equal([Kernel], Of(Sagas).References);
    }

    [Fact]
    public void The_sandbox_refers_to_nothing_of_ours_since_it_must_be_able_to_contradict_us() => Assert.Empty(Of(Sandbox).References);

    [Fact]
    public void A_service_refers_neither_to_another_service_nor_to_an_adapter_nor_to_the_sandbox() => Assert.All(
        Product.Where(p => p.IsService),
        service => Assert.DoesNotContain(service.References, r => Of(r) is { IsService: true } or { IsAdapter: true } or { Path: Sandbox }));

    [Fact]
    public void Only_orders_knows_sagas() => Assert.Equal([Orders], Product.Where(p => p.References.Contains(Sagas)).Select(p => p.Path));

    [Fact]
    public void An_adapter_refers_to_the_kernel_alone() =>
        Assert.All(Product.Where(p => p.IsAdapter), adapter => Assert.Equal([Kernel], adapter.References));

    [Fact]
    public void Only_the_host_the_audit_and_the_simulation_see_services() => Assert.All(
        Product.Where(p => !SeeAllServices.Contains(p.Path, StringComparer.Ordinal)),
        project => Assert.DoesNotContain(project.References, r => Of(r).IsService));

    [Fact]
    public void The_product_never_refers_to_tests() =>
        Assert.All(Product, project => Assert.All(project.References, r => Assert.True(Of(r).IsProduct, $"{project.Path} refers to {r}.")));

    private static Project Of(string path) => SourceTree.Projects.Single(p => p.Path == path);
}
