using System.Globalization;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd.Chaos;

/// <summary>
/// The wall clock of a process, set forward and back while it runs; time that only passes stays as it is. libfaketime reads
/// the offset from a file once a second.
/// </summary>
internal sealed class FakeClock
{
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    private readonly string _file;

    /// <param name="folder">Where the offset is written.</param>
    public FakeClock(string folder)
    {
        Assert.SkipUnless(File.Exists(Library), $"There is no {Library}: install libfaketime.");
        _file = Path.Combine(folder, "clock");
        Set(TimeSpan.Zero);
    }

    /// <summary>What a process that has this clock gets.</summary>
    public Settings Environment => new(StringComparer.Ordinal)
    {
        ["LD_PRELOAD"] = Library,
        ["FAKETIME_TIMESTAMP_FILE"] = _file,
        ["FAKETIME_CACHE_DURATION"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        // With the fix, waits of .NET's threads never end (libfaketime 0.9.10, glibc 2.36).
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    /// <summary>Sets it, relative to the true time.</summary>
    public void Set(TimeSpan offset)
    {
        var draft = _file + ".new"; // moved into place, so that nobody reads half of it
        File.WriteAllText(draft, string.Create(CultureInfo.InvariantCulture, $"{offset.TotalSeconds:+0;-0;+0}\n"));
        File.Move(draft, _file, overwrite: true);
    }
}
