using System.Globalization;
using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using TestResult = FsCheck.TestResult;

namespace DoaMarket.Properties;

/// <summary>
/// Tries a claim on many generated cases, the same ones every time. A case that refutes it is made as small as it gets,
/// and told together with the one command that replays it. (Compiled into the test projects that have claims.)
/// </summary>
internal static class Claim
{
    private const string Replay = "DOA_CLAIM_REPLAY", Cases = "DOA_CLAIM_CASES";

    // Gamma is SplitMix64's golden one; it must be odd.
    private const ulong Seed = 1, Gamma = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Holds for all cases, or fails.</summary>
    /// <param name="cases">What is generated.</param>
    /// <param name="smaller">Cases that are a little simpler, the simplest first.</param>
    /// <param name="claim">Throws when a case refutes it.</param>
    /// <param name="count">How many cases; DOA_CLAIM_CASES overrules it.</param>
    public static void HoldsForAll<T>(
        Gen<T> cases, Func<T, IEnumerable<T>> smaller, Action<T> claim, int count, [CallerMemberName] string name = "",
        [CallerFilePath] string file = "")
    {
        var last = new Last();
        var config = Config.Quick.WithRunner(last).WithQuietOnSuccess(true).WithMaxTest(
            Number(Environment.GetEnvironmentVariable(Cases)) is { } asked ? (int)asked : count);
        config = Environment.GetEnvironmentVariable(Replay)?.Split(',') is [var seed, var gamma, var size]
            ? config.WithMaxTest(1).WithReplay(Number(seed)!.Value, Number(gamma)!.Value, (int)Number(size)!.Value)
            : config.WithReplay(Seed, Gamma);
        Check.One(config, Prop.ForAll(Arb.From(cases, smaller), claim));
        if (last.Result is TestResult.Failed failed)
        {
            Assert.Fail(Told(failed, name, Path.GetFileName(Path.GetDirectoryName(file)!)));
        }

        Assert.True(last.Result is TestResult.Passed, $"{last.Result}");
    }

    /// <summary>A list with parts left out, the large parts first, or with one member made smaller.</summary>
    public static IEnumerable<IReadOnlyList<T>> Smaller<T>(
        IReadOnlyList<T> list, Func<T, IEnumerable<T>> smallerMember)
    {
        for (var part = list.Count; part > 0; part /= 2)
        {
            for (var from = 0; from + part <= list.Count; from += part)
            {
                yield return [.. list.Take(from), .. list.Skip(from + part)];
            }
        }

        for (var i = 0; i < list.Count; i++)
        {
            foreach (var member in smallerMember(list[i]))
            {
                yield return [.. list.Take(i), member, .. list.Skip(i + 1)];
            }
        }
    }

    private static string Told(TestResult.Failed failed, string name, string project)
    {
        var (data, shrunk, outcome, last, size) = (failed.Item1, failed.Item3, failed.Item4, failed.Item6, failed.Item7);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Refuted by case {data.NumberOfTests}, made smaller {data.NumberOfShrinks} times:
            {string.Join('\n', shrunk)}
            {(outcome as Outcome.Failed)?.Item.Message}
            Replay: {Replay}={last.Seed},{last.Gamma},{size} dotnet test tests/{project} -c Release --filter {name}
            """);
    }

    private static ulong? Number(string? text) =>
        ulong.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;

    private sealed class Last : IRunner
    {
        public TestResult? Result { get; private set; }

        public void OnFinished(string name, TestResult result) => Result = result;

        public void OnStartFixture(Type fixture)
        {
        }

        public void OnArguments(
            int number, FSharpList<object> arguments, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every)
        {
        }

        public void OnShrink(FSharpList<object> arguments, FSharpFunc<FSharpList<object>, string> everyShrink)
        {
        }
    }
}
