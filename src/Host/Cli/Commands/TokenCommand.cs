using System.CommandLine;
using DoaMarket.Host.Cli.Api;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa token</c>.</summary>
internal static class TokenCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var user = new Option<string>("--user") { Description = "For whom.", HelpName = "id", Required = true };
        var role = new Option<string>("--role")
        {
            Description = "As what.",
            HelpName = "customer|seller|operator",
            Required = true,
        };
        role.AcceptOnlyFromAmong("customer", "seller", "operator");
        var url = Options.Url();
        var command = new TaughtCommand(
            "token",
            "Print a short-lived token that an embedded shop issues, for curl and other tools.",
            """
            Example:
              curl -H "Authorization: Bearer $(doa token --user u-1 --role customer)" 127.0.0.1:5080/api/v1/orders
            """) { user, role, url };
        command.Runs(async (line, terminal, stop) =>
        {
            // A token from the environment is for using, not for printing: this always asks the shop.
            using var api = new ApiClient(line.GetRequiredValue(url), surroundings with { Token = null });
            var caller = new Caller(line.GetRequiredValue(user), line.GetRequiredValue(role));
            await terminal.Raw.WriteLineAsync(await api.Token(caller, stop));
            return 0;
        });
        return command;
    }
}
