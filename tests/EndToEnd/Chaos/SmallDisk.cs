using System.Diagnostics;
using System.Globalization;

namespace DoaMarket.EndToEnd.Chaos;

/// <summary>
/// A disk of a few megabytes, for which nobody needs to be root: a memory file system that is mounted in a namespace of its
/// own. Programs that are to see it run inside; it is gone when the process that holds it ends.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private static readonly TimeSpan MountsWithin = TimeSpan.FromSeconds(30);
    private readonly Process _keeper;
    private readonly string _path;

    private SmallDisk(Process keeper, string path) => (_keeper, _path) = (keeper, path);

    /// <summary>Runs a program where the disk is seen.</summary>
    public IReadOnlyList<string> Inside =>
        ["nsenter", "--target", Id, "--user", "--mount", "--preserve-credentials", "--"];

    /// <summary>Where this process, which is outside, finds the disk.</summary>
    public string FromOutside => $"/proc/{Id}/root{_path}";

    private string Id => _keeper.Id.ToString(CultureInfo.InvariantCulture);

    private string Filler => Path.Combine(FromOutside, "filler");

    /// <summary>Mounts one.</summary>
    /// <param name="path">Where it is seen inside; outside, the folder stays as it is.</param>
    public static async Task<SmallDisk> Mount(string path, int megabytes)
    {
        Directory.CreateDirectory(path);
        // It reads until this process ends or lets go of it: nothing is left mounted, whatever happens.
        var mount = $"mount -t tmpfs -o size={megabytes}m tmpfs '{path}' && echo mounted && exec cat";
        var keeper = Process.Start(
            new ProcessStartInfo("unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", mount])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        if (await keeper.StandardOutput.ReadLineAsync().WaitAsync(MountsWithin) == "mounted")
        {
            return new SmallDisk(keeper, path);
        }

        var why = await keeper.StandardError.ReadToEndAsync();
        keeper.Dispose();
        Assert.Skip($"A file system cannot be mounted in a namespace here: {why}");
        throw new UnreachableException();
    }

    /// <summary>Takes all space that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4_096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // full
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Free() => File.Delete(Filler);

    /// <summary>Copies what is on it to the folder that it hides, for whoever looks into a failure.</summary>
    public void Keep()
    {
        foreach (var file in new DirectoryInfo(FromOutside).GetFiles().Where(f => f.LinkTarget is null))
        {
            file.CopyTo(Path.Combine(_path, file.Name), overwrite: true);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForExit();
        _keeper.Dispose();
    }
}
