using System.CommandLine;
using DoaMarket.Host.Cli.Api;
using DoaMarket.Host.Cli.Views;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa order place|show|cancel</c>.</summary>
internal static class OrderCommand
{
    public static Command Create(Surroundings surroundings) =>
        new("order", "Place, look at and cancel orders.")
        {
            PlaceCommand.Create(surroundings), Show(surroundings), Cancel(surroundings),
        };

    private static TaughtCommand Show(Surroundings surroundings)
    {
        var id = Id();
        var url = Options.Url();
        var json = Options.Json();
        var command = new TaughtCommand(
            "show",
            "Show an order with its payment, parcel and saga steps.",
            """
            Example:
              doa order show 0199c6b2-5d3e-7cc1-8f3a-6a1f0d9f1c11
            """) { id, url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var answer = await api.Get(PathOf(line.GetRequiredValue(id)), Caller.Operator, stop);
            answer.Show(line.GetValue(json), terminal, OrderView.Print);
            return 0;
        });
        return command;
    }

    private static TaughtCommand Cancel(Surroundings surroundings)
    {
        var id = Id();
        var url = Options.Url();
        var json = Options.Json();
        var reason = Options.Reason();
        var command = new TaughtCommand(
            "cancel",
            "Cancel an order; what was done is undone step by step.",
            """
            A parcel already on its way comes back as a return.

            Example:
              doa order cancel 0199c6b2-5d3e-7cc1-8f3a-6a1f0d9f1c11 --reason "changed my mind"
            """) { id, reason, url, json };
        command.Runs(async (line, terminal, stop) =>
        {
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings);
            var body = new { reason = line.GetRequiredValue(reason) };
            var answer = await api.Post(PathOf(line.GetRequiredValue(id)) + "/cancel", Caller.Operator, body, stop);
            answer.Show(line.GetValue(json), terminal, OrderView.Print);
            return 0;
        });
        return command;
    }

    private static Argument<string> Id() => new("id") { Description = "The order's id, as 'order place' printed it." };

    private static string PathOf(string id) => $"orders/{Uri.EscapeDataString(id)}";
}
