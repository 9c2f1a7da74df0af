using k8s.Models;

namespace DoaMarket.Deploy;

/// <summary>The files for Kubernetes: read strictly, complete, and in agreement with each other.</summary>
public sealed class KubernetesTests
{
    // Whoever needs them applies them by hand: kustomization.yaml and autoscaling.yaml say how.
    private static readonly string[] Optional = ["autoscaling.yaml", "secret.example.yaml"];

    public static TheoryData<string> Files => [.. Cluster.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_what_kubernetes_allows(string file) => Assert.NotEmpty(Cluster.Read(Tree.Read(file)));

    [Theory]
    [InlineData("replicas: 2", "replica: 2")]
    [InlineData("replicas: 2", "replicas: two")]
    [InlineData("readOnlyRootFilesystem:", "readOnlyRootFileSystem:")]
    [InlineData("  strategy:", "  replicas: 3\n  strategy:")]
    public void A_slip_of_the_pen_is_found(string right, string wrong)
    {
        var text = Tree.Read($"{Cluster.Folder}/orders.yaml");
        Assert.Contains(right, text, StringComparison.Ordinal);

        Assert.ThrowsAny<YamlDotNet.Core.YamlException>(() => Cluster.Read(text.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_service_has_a_deployment_and_no_deployment_runs_anything_else() => Assert.Equal(
        Tree.Services, Cluster.Deployments.Select(Cluster.ServiceOf).Order(StringComparer.Ordinal));

    [Fact]
    public void A_services_file_differs_from_the_others_in_its_name_alone() => Assert.Single(Tree.Services
        .Select(service => Tree.Read($"{Cluster.Folder}/{service}.yaml").Replace(service, "*", StringComparison.Ordinal))
        .Distinct(StringComparer.Ordinal));

    [Fact]
    public void The_kustomization_names_every_file_but_the_optional_ones() => Assert.Equal(
        Cluster.Files.Select(Path.GetFileName).Except(Optional, StringComparer.Ordinal).Order(StringComparer.Ordinal),
        Tree.Yaml(Cluster.Kustomization)["resources"]!.AsArray().Select(r => r!.GetValue<string>()).Order(StringComparer.Ordinal));

    [Fact]
    public void The_kustomization_replaces_the_image_that_the_deployments_name()
    {
        var replaced = Tree.Yaml(Cluster.Kustomization)["images"]!.AsArray().Select(i => i!["name"]!.GetValue<string>());
        Assert.Equal(replaced, Cluster.Deployments.Select(d => Cluster.Container(d).Image).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_service_answers_where_the_settings_say()
    {
        var settings = Assert.Single(Cluster.Of<V1ConfigMap>()).Data;
        Assert.All(Tree.Services, service =>
        {
            var url = new Uri(settings[$"DOA__Services__{char.ToUpperInvariant(service[0])}{service[1..]}__Url"]);
            var answering = Cluster.Of<V1Service>().Single(s => s.Metadata.Name == url.Host);
            Assert.Equal("/", url.PathAndQuery);
            Assert.Contains(answering.Spec.Ports, p => p.Port == url.Port);
            var deployment = Cluster.Deployments.Single(d => Covers(answering.Spec.Selector, d.Spec.Template.Metadata.Labels));
            Assert.Equal(service, Cluster.ServiceOf(deployment));
            Assert.All(answering.Spec.Ports, p => Assert.Contains(Cluster.Container(deployment).Ports, c => c.Name == p.TargetPort.Value));
        });
    }

    [Fact]
    public void What_a_deployment_reads_its_settings_from_is_there()
    {
        var maps = Cluster.Of<V1ConfigMap>().Select(m => m.Metadata.Name).ToList();
        var secrets = Cluster.Of<V1Secret>().Select(s => s.Metadata.Name).ToList();
        Assert.All(Cluster.Deployments.SelectMany(d => Cluster.Container(d).EnvFrom), from => Assert.True(
            maps.Contains(from.ConfigMapRef?.Name ?? "") || secrets.Contains(from.SecretRef?.Name ?? ""), "Settings are read from what is not there."));
        Assert.Empty(maps.Except(Cluster.Deployments.SelectMany(d => Cluster.Container(d).EnvFrom).Select(f => f.ConfigMapRef?.Name)));
    }

    [Fact]
    public void The_autoscaler_of_a_service_looks_at_its_queue_and_never_takes_the_second_process_away()
    {
        var scalers = Cluster.Of<V2HorizontalPodAutoscaler>();
        Assert.Equal(Cluster.Deployments.Select(d => d.Metadata.Name).Order(StringComparer.Ordinal),
            scalers.Select(s => s.Spec.ScaleTargetRef.Name).Order(StringComparer.Ordinal));
        Assert.All(scalers, scaler =>
        {
            var service = Cluster.ServiceOf(Cluster.Deployments.Single(d => d.Metadata.Name == scaler.Spec.ScaleTargetRef.Name));
            var metric = Assert.Single(scaler.Spec.Metrics).External.Metric;
            Assert.Equal("doa_queue_depth", metric.Name);
            Assert.Equal(Tree.QueueOf(service), metric.Selector.MatchLabels["queue"]);
            Assert.True(scaler.Spec.MinReplicas >= 2 && scaler.Spec.MaxReplicas > scaler.Spec.MinReplicas);
        });
        Assert.Contains("\"doa.queue.depth\"", Tree.Read("src/Host/Server/Telemetry.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_shop_and_the_way_in_reach_a_process()
    {
        var policy = Assert.Single(Cluster.Of<V1NetworkPolicy>()).Spec;
        Assert.Equal(["Ingress"], policy.PolicyTypes);
        Assert.All(Cluster.Deployments, d => Assert.True(Covers(policy.PodSelector.MatchLabels, d.Spec.Template.Metadata.Labels)));
        Assert.All(policy.Ingress.SelectMany(i => i.Ports), p => Assert.Equal("http", p.Port.Value));
    }

    internal static bool Covers(IDictionary<string, string> selector, IDictionary<string, string> labels) =>
        selector.Count > 0 && selector.All(s => labels.TryGetValue(s.Key, out var value) && value == s.Value);
}
