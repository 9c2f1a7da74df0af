using System.Reflection;
using System.Runtime.Loader;

namespace DoaMarket.Simulation.Tests.Planting;

/// <summary>
/// The shop with every planted bug in it, all of them switched off: the simulator and all that it runs, loaded a second
/// time beside the product, the projects with bugs as the tests have compiled them.
/// </summary>
public sealed class PlantedShop
{
    private readonly Context _context = new();
    private readonly List<FieldInfo> _switches = [];
    private readonly Dictionary<PlantedBug, string> _leftOut = [];
    private readonly Type _bench;
    private readonly MethodInfo _run;

    /// <summary>Compiles and loads it.</summary>
    public PlantedShop()
    {
        foreach (var bugs in PlantedBugs.Numbered.GroupBy(b => b.Bug.Project))
        {
            var name = PlantedProject.NameOf(bugs.Key);
            _context.Images.Add(name, PlantedProject.Compile(bugs.Key, bugs, _leftOut.Add));
            _switches.Add(_context.LoadFromAssemblyName(new(name))
                .GetType(Branching.SwitchClass, throwOnError: true)!.GetField(Branching.SwitchField)!);
        }

        var simulation = _context.LoadFromAssemblyName(typeof(Simulator).Assembly.GetName());
        _bench = simulation.GetType(typeof(Bench).FullName!, throwOnError: true)!;
        _run = simulation.GetType(typeof(Simulator).FullName!, throwOnError: true)!.GetMethod(nameof(Simulator.Run))!;
    }

    /// <summary>Why a bug could not be planted; null when it is there.</summary>
    internal string? ObstacleTo(PlantedBug bug) => _leftOut.GetValueOrDefault(bug);

    /// <summary>Runs seeds with one bug switched on, or none (0), until <paramref name="isEnough"/>.</summary>
    /// <param name="isEnough">Told each seed, what its world broke, and the hash of its trace.</param>
    public void Run(int bug, IEnumerable<long> seeds, int sagas, Func<long, IReadOnlyList<string>, string, bool> isEnough)
    {
        _switches.ForEach(s => s.SetValue(null, bug));
        try
        {
            using var bench = (IDisposable)Activator.CreateInstance(_bench)!;
            foreach (var seed in seeds)
            {
                dynamic result = _run.Invoke(null, [bench, seed, sagas, false])!;
                if (isEnough(seed, result.Violations, result.Hash))
                {
                    return;
                }
            }
        }
        finally
        {
            _switches.ForEach(s => s.SetValue(null, 0));
        }
    }

    // Not to be unloaded: code that could be would be compiled without tiers, which takes twice the time of most seeds.
    private sealed class Context() : AssemblyLoadContext("planted bugs", isCollectible: false)
    {
        public Dictionary<string, byte[]> Images { get; } = new(StringComparer.Ordinal);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var name = assemblyName.Name!;
            if (Images.TryGetValue(name, out var image))
            {
                return LoadFromStream(new MemoryStream(image));
            }

            var path = Path.Combine(AppContext.BaseDirectory, name + ".dll");
            return name.StartsWith("DoaMarket.", StringComparison.Ordinal) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
