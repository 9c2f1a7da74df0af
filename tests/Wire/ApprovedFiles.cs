using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DoaMarket.Wire;

/// <summary>
/// The approved JSON of each message, in tests/Wire/Approved. What a test makes of a message must equal its file; set
/// DOA_UPDATE_WIRE=1 to write the files anew, and read the difference before committing it: it is a change of a public contract.
/// </summary>
internal static class ApprovedFiles
{
    // Indented, and Korean as Korean: the files are read by people. Members, order and values are those of the wire.
    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Where they are: in the tree, not beside the built test.</summary>
    public static string Folder { get; } = FindFolder();

    /// <summary>True when the files are to be written instead of compared.</summary>
    public static bool IsUpdate => Environment.GetEnvironmentVariable("DOA_UPDATE_WIRE") == "1";

    /// <summary>The wire names that have a file.</summary>
    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f));

    /// <summary>The text of a message's file.</summary>
    public static string Read(string wireName) =>
        File.ReadAllText(PathOf(wireName)).Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>Writes a message's file.</summary>
    public static void Write(string wireName, string text) => File.WriteAllText(PathOf(wireName), text);

    /// <summary>The JSON of the wire in the form of the files.</summary>
    public static string Indented(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static string PathOf(string wireName) => Path.Combine(Folder, wireName + ".json");

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var approved = Path.Combine(folder.FullName, "tests", "Wire", "Approved");
            if (Directory.Exists(approved))
            {
                return approved;
            }
        }

        throw new DirectoryNotFoundException("tests/Wire/Approved is nowhere above the built test.");
    }
}
