using System.Security.Cryptography;
using DoaMarket.Api;

namespace DoaMarket.Host.Server;

/// <summary>
/// The folder of the embedded mode and of the sandbox: the database, the sandbox's own books, and keys made when they are
/// needed first. Several processes may share it.
/// </summary>
public sealed class DataFolder
{
    /// <summary>Name of the sandbox's database in the folder.</summary>
    public const string SandboxFileName = "sandbox.db";

    /// <summary>Name of the file that says that the folder's shop is elsewhere.</summary>
    public const string MovedName = "moved";

    private DataFolder(string path) => Path = path;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The sandbox's own database: the oracle of audits.</summary>
    public string SandboxFile => System.IO.Path.Combine(Path, SandboxFileName);

    /// <summary>Names the folder; it is made when something is put into it.</summary>
    public static DataFolder Of(string path) => new(path);

    /// <summary>Signs the tokens of this folder's shop.</summary>
    public byte[] TokenKey() => Convert.FromBase64String(Secret("token.key"));

    /// <summary>The secret that carriers sign their callbacks with, in Standard Webhooks' form.</summary>
    public string WebhookSecret() => "whsec_" + Secret("webhook.key");

    /// <summary>The secret key of the sandbox's PG.</summary>
    public string PgSecretKey() =>
        "test_sk_" + Convert.ToHexStringLower(Convert.FromBase64String(Secret("pg.key")))[..32];

    /// <summary>The bearer key of the sandbox's carriers.</summary>
    public string CarrierKey() =>
        "ck_" + Convert.ToHexStringLower(Convert.FromBase64String(Secret("carrier.key")))[..32];

    /// <summary>The private key of the service account that pushes in the sandbox, PEM.</summary>
    public string PushPrivateKey() => Kept("push.pem", () =>
    {
        using var key = RSA.Create(2_048);
        return key.ExportPkcs8PrivateKeyPem();
    });

    /// <summary>The public half of <see cref="PushPrivateKey"/>, PEM.</summary>
    public string PushPublicKey()
    {
        using var key = RSA.Create();
        key.ImportFromPem(PushPrivateKey());
        return key.ExportSubjectPublicKeyInfoPem();
    }

    /// <summary>The secret half of the key of the sandbox's tracker.</summary>
    public string TrackerKey() => Convert.ToHexStringLower(Convert.FromBase64String(Secret("tracker.key")))[..32];

    /// <summary>The secret in the address that the tracker calls.</summary>
    public string TrackerCallbackSecret() =>
        Convert.ToHexStringLower(Convert.FromBase64String(Secret("tracker-callback.key")))[..32];

    /// <summary>Where the folder's shop has moved to; null while it is here.</summary>
    public string? MovedTo => File.Exists(MovedFile) ? File.ReadAllText(MovedFile).Trim() : null;

    /// <summary>Says that the folder's shop is elsewhere: two shops with the same orders would pay and ship twice.</summary>
    public void SayMoved(string where) => File.WriteAllText(MovedFile, where + Environment.NewLine);

    /// <summary>Refuses a folder whose shop is elsewhere.</summary>
    /// <exception cref="WrongConfigurationException">It is. The text says what to do.</exception>
    public void RefuseIfMoved()
    {
        if (MovedTo is { } place)
        {
            throw new WrongConfigurationException(
                $"The shop of the folder '{System.IO.Path.GetFullPath(Path)}' has moved to {place}. Start it there, with --mode "
                + $"postgres. If it never arrived there, delete the file {System.IO.Path.GetFullPath(MovedFile)} and start again.");
        }
    }

    private string MovedFile => System.IO.Path.Combine(Path, MovedName);

    private string Secret(string name) =>
        Kept(name, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(ApiTokens.MinKeyBytes)));

    private string Kept(string name, Func<string> make)
    {
        var file = System.IO.Path.Combine(Path, "keys", name);
        if (!File.Exists(file))
        {
            var draft = $"{file}.{Guid.NewGuid():N}.new"; // written aside, so that a crash leaves no half key
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            File.WriteAllText(draft, make());
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            try
            {
                File.Move(draft, file);
            }
            catch (IOException) when (File.Exists(file))
            {
                File.Delete(draft); // the sandbox's process, or the shop's, was quicker
            }
        }

        return File.ReadAllText(file);
    }
}
