using k8s.Models;

namespace DoaMarket.Deploy;

/// <summary>What every Deployment must have, so that a process starts, works, is replaced and stops without harm.</summary>
public sealed class DeploymentTests
{
    public static TheoryData<string> Names => [.. Cluster.Deployments.Select(d => d.Metadata.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_told_what_the_program_understands(string name)
    {
        var container = Cluster.Container(Of(name));
        Assert.Empty(CommandLine.Faults([.. container.Args]));
        Assert.Equal("postgres", CommandLine.After([.. container.Args], "--mode"));
        Assert.Null(container.Command); // the image's own
        Assert.Equal([DockerfileTests.Port], container.Ports.Select(p => p.ContainerPort));
        Assert.Equal(DockerfileTests.Port, new Uri(CommandLine.After([.. container.Args], "--urls")!).Port);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_asked_whether_it_has_started_and_lives_and_may_be_sent_requests(string name)
    {
        var container = Cluster.Container(Of(name));
        var probes = new[] { container.StartupProbe, container.ReadinessProbe, container.LivenessProbe };
        Assert.All(probes, probe =>
        {
            Assert.Equal("http", probe.HttpGet.Port.Value);
            Assert.Contains($"MapGet(\"{probe.HttpGet.Path}\"", Tree.Read("src/Host/Server/ShopWeb.cs"), StringComparison.Ordinal);
        });
        // A busy shop is not a broken one (ADR 0042): what tells of new orders takes no process away.
        Assert.All(probes, probe => Assert.Equal("/health/live", probe.HttpGet.Path));
        Assert.True(Lasts(container.StartupProbe) >= TimeSpan.FromMinutes(5), "Migrations may take minutes.");
        Assert.True(Lasts(container.LivenessProbe) >= TimeSpan.FromSeconds(30), "A pause is no reason to end a process.");
        Assert.True(Lasts(container.ReadinessProbe) < Lasts(container.LivenessProbe), "First nobody is sent there, then it is ended.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_has_no_rights_that_it_does_not_need(string name)
    {
        var pod = Of(name).Spec.Template.Spec;
        var container = Cluster.Container(Of(name));
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.Equal(Tree.User, pod.SecurityContext.RunAsUser);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.Equal(["/tmp"], container.VolumeMounts.Select(m => m.MountPath));
        Assert.NotNull(Assert.Single(pod.Volumes, v => v.Name == container.VolumeMounts[0].Name).EmptyDir.SizeLimit);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_says_what_it_needs_and_how_much_it_may_take(string name)
    {
        var resources = Cluster.Container(Of(name)).Resources;
        Assert.True(resources.Requests["cpu"].ToDecimal() > 0);
        Assert.InRange(resources.Requests["memory"].ToDecimal(), 1, resources.Limits["memory"].ToDecimal());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_replaced_without_a_gap(string name)
    {
        var deployment = Of(name);
        var rolling = deployment.Spec.Strategy.RollingUpdate;
        Assert.Equal("0", rolling.MaxUnavailable.Value);
        Assert.Equal("1", rolling.MaxSurge.Value);
        Assert.True(deployment.Spec.Replicas >= 2);
        var budget = Cluster.Of<V1PodDisruptionBudget>().Single(b =>
            KubernetesTests.Covers(b.Spec.Selector.MatchLabels, deployment.Spec.Template.Metadata.Labels));
        Assert.Equal("1", budget.Spec.MaxUnavailable.Value);
        Assert.True(KubernetesTests.Covers(deployment.Spec.Selector.MatchLabels, deployment.Spec.Template.Metadata.Labels));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_given_the_time_that_the_process_takes_to_stop(string name)
    {
        var pod = Of(name).Spec.Template.Spec;
        var before = TimeSpan.FromSeconds((int)Cluster.Container(Of(name)).Lifecycle.PreStop.Sleep.Seconds);
        Assert.True(before > TimeSpan.Zero, "Until every proxy knows, requests still come.");
        Assert.True(TimeSpan.FromSeconds((int)pod.TerminationGracePeriodSeconds!) >= before + Tree.StopWithin);
    }

    private static V1Deployment Of(string name) => Cluster.Deployments.Single(d => d.Metadata.Name == name);

    private static TimeSpan Lasts(V1Probe probe) => TimeSpan.FromSeconds((probe.PeriodSeconds ?? 10) * (probe.FailureThreshold ?? 3));
}
