using System.Net;
using System.Net.Sockets;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>What a shop under test is made of.</summary>
/// <param name="Settings">How it is configured.</param>
internal sealed record Plan(Settings Settings)
{
    /// <summary>Whether the sandbox has a process of its own, so that its books survive what is done to the shop.</summary>
    public bool IsSandboxApart { get; init; }

    /// <summary>The mode that it runs in whatever DOA_TEST_MODE says; null leaves it to that.</summary>
    public string? Mode { get; init; }

    /// <summary>Its processes where a mode has several; null leaves them to the mode.</summary>
    public IReadOnlyList<NodePlan>? Nodes { get; init; }

    /// <summary>The PostgreSQL database that it works on, which is somebody else's to drop; null makes one.</summary>
    public string? Database { get; init; }

    /// <summary>Makes its ground, where a test has a server of its own; null leaves it to the mode.</summary>
    public Func<Task<Ground>>? Ground { get; init; }

    /// <summary>How the shop's processes are started.</summary>
    public Launch Launch { get; init; } = Launch.Plain;

    /// <summary>The data folder.</summary>
    public string Data { get; init; } = Path.Combine(Path.GetTempPath(), "doa-e2e", Guid.NewGuid().ToString("N"));

    /// <summary>The data folder of a sandbox apart; null when it is the shop's.</summary>
    public string? SandboxData { get; init; }

    /// <summary>Variables that a sandbox apart gets besides its settings.</summary>
    public Settings SandboxEnvironment { get; init; } = Launch.Plain.Environment;

    /// <summary>How long a client waits for an answer.</summary>
    public TimeSpan ClientPatience { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// An address that a process keeps over its restarts: below the ports that systems give to whoever asks for any, so
    /// that nobody takes it meanwhile by chance.
    /// </summary>
    public static string FreeUrl()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 32_000);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return $"http://127.0.0.1:{port}";
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // somebody else's
            }
        }
    }
}
