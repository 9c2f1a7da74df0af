namespace DoaMarket.Simulation.Tests.Planting;

/// <summary>The planted bugs, project by project.</summary>
internal static partial class PlantedBugs
{
    /// <summary>The projects that may have some: their folders below src/.</summary>
    public static IReadOnlyList<string> Projects { get; } =
    [
        "Kernel", "Sagas", "Adapters/Sqlite", "Services/Orders", "Services/Inventory", "Services/Payments",
        "Services/Shipping", "Services/Notifications",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PlantedBug> All { get; } =
        [.. Kernel, .. Store, .. Sagas, .. Orders, .. Inventory, .. Payments, .. Shipping, .. Notifications];

    /// <summary>All of them, each with its number.</summary>
    public static IReadOnlyList<NumberedBug> Numbered { get; } = [.. All.Select((bug, i) => new NumberedBug(i + 1, bug))];
}
