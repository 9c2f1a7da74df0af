using DoaMarket.Contracts;
using DoaMarket.Orders;
using DoaMarket.Sagas;

namespace DoaMarket.Audit;

/// <summary>
/// A step of the order's saga that another service is asked for, with the wire names of its messages.
/// </summary>
/// <param name="Ask">The command that does it.</param>
/// <param name="Failed">The reply that proves it not done.</param>
/// <param name="Undo">The command that undoes it.</param>
/// <param name="Undone">The replies that confirm the undo.</param>
internal sealed record AskedStep(
    int Index, string Name, string Ask, string Failed, string Undo, IReadOnlyList<string> Undone)
{
    /// <summary>The definition that running sagas follow; its waits do not matter here.</summary>
    public static SagaDefinition<Order> Definition { get; } = OrderFlow.Definition(
        new OrdersOptions(),
        new OrderParticipants(
            new(ShopTopology.Inventory, TimeSpan.Zero, TimeSpan.Zero),
            new(ShopTopology.Payments, TimeSpan.Zero, TimeSpan.Zero),
            new(ShopTopology.Shipping, TimeSpan.Zero, TimeSpan.Zero)));

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<AskedStep> All { get; } =
    [
        .. Definition.Steps.Select((step, i) => (Step: step, Index: i)).Where(s => s.Step.Kind == StepKind.Asked)
            .Select(s => new AskedStep(
                s.Index, s.Step.Name, Wire(s.Step.Ask!.Type), Wire(s.Step.Failed!.Type), Wire(s.Step.Undo!.Type),
                [.. s.Step.Undone.Concat(s.Step.Refusal is { } refusal ? [refusal.UndoneOn] : []).Select(Wire)])),
    ];

    private static string Wire(Type type) => ShopMessages.Catalog.NameOf(type);
}
