using System.Text.Json.Serialization;
using DoaMarket.Kernel;

namespace DoaMarket.Conformance;

// The smallest shop that tells implementations of the seams apart: boxes on shelves, and a message about a box.
public sealed record Box(string Shelf, int Items, DateTimeOffset? WakeAt = null);

public sealed record BoxMoved(string Box, string? Secret = null) : IMessage, IPersonalMessage
{
    string? IMessage.Subject => Box;

    public IMessage Masked() => this with { Secret = Secret is null ? null : "***" };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Box))]
[JsonSerializable(typeof(BoxMoved))]
public sealed partial class ShelfJson : JsonSerializerContext;

public static class Shelf
{
    public const string Service = "shelves";

    public static readonly DocumentKind<Box> Boxes = new DocumentKind<Box>(Service, "boxes", ShelfJson.Default.Box, b => b.WakeAt)
        .Column("shelf", b => b.Shelf)
        .Column("items", b => (long)b.Items)
        .Index("by_shelf", "shelf", "items");

    public static readonly DocumentKind<Box> Labels = new DocumentKind<Box>(Service, "labels", ShelfJson.Default.Box)
        .Column("shelf", b => b.Shelf)
        .UniqueIndex("by_label", "shelf");

    public static readonly MessageCatalog Catalog = new MessageCatalog().Add("box.moved", ShelfJson.Default.BoxMoved);

    public static readonly QueueDefinition Queue = new(Service, "shelf-service", "shelf-service-queue", TimeSpan.FromSeconds(60));

    public static readonly QueueDefinition Second = new("scales", "scale-service", "scale-service-queue", TimeSpan.FromSeconds(30));

    public static readonly Topology Topology = new(
        [Queue, Second, new("journal", "journal", "journal-queue", TimeSpan.FromSeconds(60))],
        [new("box.moved", "shelf-service", [Service, "scales"])],
        "journal");

    private static readonly Guid Origin = new("019a0000-0000-7000-8000-000000000000");

    public static Guid Id(int n) => DerivedId.From(Origin, n);

    public static DocumentWrite New(string key, Box box) => Write(key, 0, box);

    public static DocumentWrite Change(StoredDocument before, Box box) => Write(before.Key.Id, before.Version, box, before.Handled);

    public static DocumentWrite Write(string key, long version, Box box, IReadOnlyList<Guid>? handled = null) =>
        new(Boxes.Key(key), version, box, Boxes.Write(box), box.WakeAt, box.WakeAt, handled ?? [], 0);

    public static OutgoingMessage Message(int id, DateTimeOffset now, string? secret = null, bool again = false, byte[]? body = null)
    {
        var message = new BoxMoved($"box-{id}", secret);
        var envelope = new Envelope(
            new(Id(id)), "box.moved", "v1", now, "shelf-service", new(Id(0)), null, null, new("u-1"), new("00-trace-01", "test"), message);
        return new(
            envelope, body ?? Catalog.Write(message.Masked()), secret is null ? null : Catalog.Write(message), Topology.Route("box.moved"), again);
    }

    public static UnitCommit Unit(
        DateTimeOffset now,
        IReadOnlyList<DocumentWrite>? documents = null,
        IReadOnlyList<OutgoingMessage>? messages = null,
        IReadOnlyList<Settlement>? settlements = null) => new(Service, now, documents ?? [], messages ?? [], [], settlements ?? []);
}

/// <summary>A clock that moves only when told.</summary>
public sealed class HandClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
