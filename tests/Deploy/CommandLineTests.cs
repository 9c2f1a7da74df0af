namespace DoaMarket.Deploy;

/// <summary>The check of command lines finds what the program would refuse.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("serve --mode postgres --services orders,payments --urls http://0.0.0.0:8080")]
    [InlineData("health --live --url http://127.0.0.1:8080")]
    [InlineData("sandbox --data /data --shop http://127.0.0.1:8081")]
    public void What_the_program_understands_passes(string line) => Assert.Empty(CommandLine.Faults(line.Split(' ')));

    [Theory]
    [InlineData("start --mode postgres", "command 'start'")]
    [InlineData("serve --mode postgresql", "mode 'postgresql'")]
    [InlineData("serve --service orders", "option --service")]
    [InlineData("serve --services orders,billing", "service 'billing'")]
    public void What_it_does_not_is_found(string line, string fault) =>
        Assert.Contains(fault, Assert.Single(CommandLine.Faults(line.Split(' '))), StringComparison.Ordinal);

    [Fact]
    public void The_services_are_those_that_the_host_makes() =>
        Assert.Equal(["inventory", "notifications", "orders", "payments", "shipping", "stats"], Tree.Services);
}
