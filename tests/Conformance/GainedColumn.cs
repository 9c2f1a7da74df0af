using DoaMarket.Kernel;

namespace DoaMarket.Conformance;

/// <summary>A kind as an earlier release declared it, and as the next one does: with a column, and an index over it.</summary>
internal static class GainedColumn
{
    /// <summary>More than are filled at once.</summary>
    public const int Rows = 2_345;

    public static DocumentKind<Box> Before { get; } =
        new DocumentKind<Box>(Shelf.Service, "boxes", ShelfJson.Default.Box).Column("shelf", b => b.Shelf);

    /// <summary>The next release's kind; <paramref name="read"/> is done for each document that is filled in.</summary>
    public static DocumentKind<Box> After(Action<Box>? read = null) =>
        new DocumentKind<Box>(Shelf.Service, "boxes", ShelfJson.Default.Box)
            .Column("shelf", b => b.Shelf)
            .Column("items", b =>
            {
                read?.Invoke(b);
                return (long)b.Items;
            })
            .Index("by_items", "items");

    public static async Task Write(IStore store)
    {
        foreach (var some in Enumerable.Range(0, Rows).Chunk(500))
        {
            var boxes = some.Select(i => new DocumentWrite(
                Before.Key($"box-{i:D4}"), 0, new Box("north", i), Before.Write(new Box("north", i)), null, null, [], 0));
            await using var work = await store.Begin(Shelf.Service, [], CancellationToken.None);
            await work.Commit(Shelf.Unit(new HandClock().GetUtcNow(), [.. boxes]), CancellationToken.None);
        }
    }

    /// <summary>Every document is found by the column that its kind has gained.</summary>
    public static async Task AssertFilled(IStore store, DocumentKind<Box> kind)
    {
        for (var i = 0; i < Rows; i += 46)
        {
            var page = await store.Query(new(kind, "by_items", [(long)i], 2), CancellationToken.None);
            Assert.Equal($"box-{i:D4}", Assert.Single(page.Documents).Key.Id);
        }
    }
}
