using k8s;
using k8s.Models;

namespace DoaMarket.Deploy;

/// <summary>The files for Kubernetes, read as strictly as the API server reads them.</summary>
internal static class Cluster
{
    public const string Folder = "deploy/kubernetes", Kustomization = $"{Folder}/kustomization.yaml";

    /// <summary>Files that hold objects of the cluster.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Tree.Files(Folder, "*.yaml").Where(file => file != Kustomization)];

    /// <summary>The objects of all files.</summary>
    public static IReadOnlyList<object> Objects { get; } = [.. Files.SelectMany(file => Read(Tree.Read(file)))];

    public static IReadOnlyList<V1Deployment> Deployments => Of<V1Deployment>();

    /// <summary>Objects of one kind.</summary>
    public static IReadOnlyList<T> Of<T>() => [.. Objects.OfType<T>()];

    /// <summary>A Deployment's only container.</summary>
    public static V1Container Container(V1Deployment deployment) => Assert.Single(deployment.Spec.Template.Spec.Containers);

    /// <summary>The service that a Deployment runs.</summary>
    public static string ServiceOf(V1Deployment deployment) => CommandLine.After([.. Container(deployment).Args], "--services")!;

    /// <summary>The objects that a text describes.</summary>
    /// <exception cref="YamlDotNet.Core.YamlException">A member is unknown, or of another type.</exception>
    public static IReadOnlyList<object> Read(string yaml) => KubernetesYaml.LoadAllFromString(yaml, typeMap: null, strict: true);
}
