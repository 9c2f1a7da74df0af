using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace DoaMarket.Simulation.Tests.Planting;

/// <summary>
/// Compiles a project of the product as its build does (the same sources, source generators, references and name), with
/// its bugs in it.
/// </summary>
internal static class PlantedProject
{
    private const string Prefix = "DoaMarket.";

    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14);

    // What the runtime of these tests sees: the framework, and the packages of all projects.
    private static readonly Lazy<List<MetadataReference>> Outside = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith(Prefix, StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    // Those of the framework that these tests are built for; the project file tells where they lie.
    private static readonly Lazy<ISourceGenerator[]> Generators = new(() =>
    [
        .. typeof(PlantedProject).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Where(a => a.Key == "SourceGenerator")
            .SelectMany(a => new AnalyzerFileReference(a.Value!, new Loader()).GetGenerators(LanguageNames.CSharp)),
    ]);

    /// <summary>The name of a project's assembly.</summary>
    public static string NameOf(string project) => Prefix + project.Split('/')[^1];

    /// <summary>The assembly's image.</summary>
    /// <param name="project">Its folder below src/.</param>
    /// <param name="bugs">Its bugs.</param>
    /// <param name="isLeftOut">Told each bug that cannot be planted, and why; the others are.</param>
    public static byte[] Compile(string project, IEnumerable<NumberedBug> bugs, Action<PlantedBug, string> isLeftOut)
    {
        var folder = Path.Combine(SourceTree.Root, "src", project);
        var sources = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(f => f is "bin" or "obj"))
            .Concat(Directory.EnumerateFiles(SourceTree.BuiltSourcesOf(project), "*.cs"))
            .Order(StringComparer.Ordinal)
            .Select(Parse).ToDictionary(source => source.FilePath, StringComparer.Ordinal);
        var built = Assembly.Load(new AssemblyName(NameOf(project)));
        var healthy = CSharpCompilation.Create(
            NameOf(project), sources.Values.Append(CSharpSyntaxTree.ParseText(Branching.SwitchSource, Language)),
            Outside.Value.Concat(References(built)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable, deterministic: true));
        CSharpGeneratorDriver.Create(Generators.Value, parseOptions: Language)
            .RunGeneratorsAndUpdateCompilation(healthy, out var whole, out _);

        var planted = new List<NumberedBug>();
        foreach (var bug in bugs)
        {
            if (Branching.Obstacle(sources.GetValueOrDefault(bug.Bug.Path), bug.Bug) is { } obstacle)
            {
                isLeftOut(bug.Bug, obstacle);
            }
            else
            {
                planted.Add(bug);
            }
        }

        while (true)
        {
            var result = Emit(planted.GroupBy(b => sources[b.Bug.Path]).Aggregate(
                whole, (c, ofOne) => c.ReplaceSyntaxTree(ofOne.Key, Branching.Plant(ofOne.Key, ofOne))), built);
            if (result.Image is { } image)
            {
                return image;
            }

            var error = result.Errors.FirstOrDefault(e => NumberOf(e) is not null) ?? throw new InvalidOperationException(
                $"{NameOf(project)} does not compile as its build does: {result.Errors[0]}. Has it other options now?");
            var bad = planted.Single(b => b.Number == NumberOf(error));
            isLeftOut(bad.Bug, error.GetMessage(CultureInfo.InvariantCulture));
            planted.Remove(bad);
        }
    }

    private static SyntaxTree Parse(string path) => CSharpSyntaxTree.ParseText(
        SourceText.From(File.ReadAllText(path).ReplaceLineEndings("\n"), Encoding.UTF8), Language, path);

    private static IEnumerable<MetadataReference> References(Assembly built) => built.GetReferencedAssemblies()
        .Where(name => name.Name!.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => MetadataReference.CreateFromFile(Assembly.Load(name).Location));

    private static (byte[]? Image, IReadOnlyList<Diagnostic> Errors) Emit(Compilation compilation, Assembly built)
    {
        using var image = new MemoryStream();
        var resources = built.GetManifestResourceNames().Select(
            name => new ResourceDescription(name, () => built.GetManifestResourceStream(name)!, isPublic: true));
        var result = compilation.Emit(image, manifestResources: resources);
        return result.Success
            ? (image.ToArray(), [])
            : (null, [.. result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)]);
    }

    private static int? NumberOf(Diagnostic error) =>
        Branching.NumberAt(error.Location.SourceTree?.GetRoot().FindNode(error.Location.SourceSpan));

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
