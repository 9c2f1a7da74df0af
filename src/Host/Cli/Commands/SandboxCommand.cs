using System.CommandLine;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa sandbox</c>.</summary>
internal static class SandboxCommand
{
    public static Command Create(ShopHost host)
    {
        var data = Options.Data();
        var shop = Options.Url("--shop", "The shop that carriers, PG and tracker call back.");
        var set = Options.Set("Sandbox:MoveEvery=00:00:01");
        var command = new TaughtCommand(
            "sandbox",
            "Run the sandbox of payment gateway, carriers and mail alone, until Ctrl+C.",
            """
            Its books and faults then outlive every stop and crash of the shop, which is started with
            '--sandbox apart' on the same data folder, and finds the sandbox at Sandbox:Url and Sandbox:SmtpPort.

            Example:
              doa sandbox --data ./.doa
              doa serve --data ./.doa --sandbox apart
            """) { data, shop, set };
        command.Runs((line, _, stop) => host.Sandbox(
            new(
                Path.GetFullPath(line.GetRequiredValue(data)), line.GetRequiredValue(shop),
                Options.Pairs(line.GetRequiredValue(set))),
            stop));
        return command;
    }
}
