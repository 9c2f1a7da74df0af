using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using DoaMarket.Kernel;

namespace DoaMarket.Simulation;

/// <summary>
/// What happened, as a hash and, if somebody reads along, as lines. Two runs with the same hash did the same.
/// </summary>
internal sealed class Trace(WorldClock clock, bool keepsLines)
{
    private ulong _hash = 0xCBF29CE484222325UL;

    /// <summary>The lines, with the order that each is about.</summary>
    public List<(DateTimeOffset At, string? Order, string Text)> Lines { get; } = [];

    /// <summary>Whether lines are wanted: their text costs time.</summary>
    public bool KeepsLines => keepsLines;

    /// <summary>The hash so far.</summary>
    public string Hash => _hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Takes in that something happened.</summary>
    public void Note(int what, int where)
    {
        Mix((ulong)clock.Now.UtcTicks);
        Mix(((ulong)(uint)what << 32) | (uint)where);
    }

    /// <summary>Takes in a commit.</summary>
    public void Note(UnitCommit commit)
    {
        Mix((ulong)clock.Now.UtcTicks);
        foreach (var write in commit.Documents)
        {
            Mix(write.Key.Id);
            Mix((ulong)write.ExpectedVersion);
            Mix(write.Body);
        }

        foreach (var message in commit.Messages)
        {
            Mix(message.Envelope.EventType);
            Mix(message.Body);
        }

        Mix((ulong)commit.Settlements.Count);
    }

    /// <summary>Writes a line.</summary>
    public void Line(string? order, string text) => Lines.Add((clock.Now, order, text));

    private void Mix(string text) => Mix(MemoryMarshal.AsBytes(text.AsSpan()));

    private void Mix(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            Mix(word);
        }

        ulong rest = 0;
        foreach (var left in bytes[(words.Length * 8)..])
        {
            rest = (rest << 8) | left;
        }

        Mix(rest + ((ulong)bytes.Length << 56));
    }

    private void Mix(ulong word)
    {
        unchecked
        {
            _hash = (_hash ^ word) * 0x9FB21C651E98DF25UL;
            _hash ^= _hash >> 35;
        }
    }
}

/// <summary>Tells a world's trace as a story, order by order; of one order, as it went.</summary>
internal static class Story
{
    public static string Of(Trace trace, bool isOneOrder)
    {
        var text = new StringBuilder();
        foreach (var chapter in trace.Lines.GroupBy(l => isOneOrder ? "" : l.Order ?? "", StringComparer.Ordinal))
        {
            text.Append(chapter.Key.Length == 0 ? "The shop" : $"Order {chapter.Key}").Append('\n');
            foreach (var line in chapter)
            {
                var since = line.At - WorldClock.Start;
                text.Append(
                    CultureInfo.InvariantCulture, $"  {(int)since.TotalDays}d {since:hh\\:mm\\:ss\\.fff}  {line.Text}\n");
            }
        }

        return text.ToString();
    }
}
