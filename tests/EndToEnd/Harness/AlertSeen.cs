namespace DoaMarket.EndToEnd.Harness;

/// <summary>An alert as operators see it.</summary>
internal sealed record AlertSeen(
    string Id, string Type, string Severity, string Subject, string? OrderId, string Status)
{
    /// <summary>Whether it is about the circuit to a gateway, of whichever process.</summary>
    public bool IsCircuitOf(string gateway) => Type == "CIRCUIT_OPEN" && Subject.Split('@')[0] == gateway;

    /// <summary>Alerts of an order, open and resolved.</summary>
    public static async Task<IReadOnlyList<AlertSeen>> Of(Shop shop, Placed order) =>
        [.. (await All(shop)).Where(a => a.OrderId == order.OrderId)];

    /// <summary>All alerts, open and resolved.</summary>
    public static async Task<IReadOnlyList<AlertSeen>> All(Shop shop)
    {
        var alerts = (await (await shop.Operator()).Get("ops/alerts?all=true&limit=100")).Expect(200).List;
        return [.. alerts.Select(a => new AlertSeen(
            a.Text("alertId"), a.Text("type"), a.Text("severity"), a.Text("subject"),
            a!["orderId"]?.GetValue<string>(), a.Text("status")))];
    }
}
