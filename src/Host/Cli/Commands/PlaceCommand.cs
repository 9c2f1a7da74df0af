using System.CommandLine;
using System.Globalization;
using DoaMarket.Host.Cli.Api;
using DoaMarket.Host.Cli.Views;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa order place</c>.</summary>
internal sealed class PlaceCommand
{
    private const int WaitMaxSeconds = 60;

    private readonly Option<string> _product = new("--product")
    {
        Description = "What is bought: a productId of GET /api/v1/products.",
        HelpName = "id",
        Required = true,
    };

    private readonly Option<string?> _variant = new("--variant")
    {
        Description = "Which variant of it, where it has several.",
        HelpName = "id",
    };

    private readonly Option<int> _quantity = new("--quantity")
    {
        Description = "How many.",
        HelpName = "pieces",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<string> _billingKey = new("--billing-key")
    {
        Description = "The registered card. The sandbox knows bk_ok, bk_declined, bk_insufficient, "
            + "bk_timeout_then_success, bk_timeout_forever, bk_refund_fails_twice and bk_refund_fails.",
        HelpName = "key",
        DefaultValueFactory = _ => OrderBody.CardThatWorks,
    };

    private readonly Option<string> _postalCode = new("--postal-code")
    {
        Description = "Where to. In the sandbox no carrier delivers to 00001, carriers are down for 00002, "
            + "and nobody is ever home at 00003.",
        HelpName = "code",
        DefaultValueFactory = _ => OrderBody.UsualPostalCode,
    };

    private readonly Option<string> _user = new("--user")
    {
        Description = "Who buys.",
        HelpName = "id",
        DefaultValueFactory = _ => "u-1",
    };

    private readonly Option<int> _wait = new("--wait")
    {
        Description = $"Wait for the order's outcome, this many seconds at most (0 to {WaitMaxSeconds}).",
        HelpName = "seconds",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<string> _url = Options.Url();
    private readonly Option<bool> _json = Options.Json();

    public static Command Create(Surroundings surroundings)
    {
        var place = new PlaceCommand();
        place._quantity.Between(1, 10_000);
        place._wait.Between(0, WaitMaxSeconds);
        var command = new TaughtCommand(
            "place",
            "Place an order as a customer would.",
            """
            Examples:
              doa order place --product P-1001 --wait 10
              doa order place --product P-1001 --billing-key bk_declined --wait 10
            """)
        {
            place._product, place._variant, place._quantity, place._billingKey, place._postalCode, place._user,
            place._wait, place._url, place._json,
        };
        command.Runs((line, terminal, stop) => place.Run(surroundings, line, terminal, stop));
        return command;
    }

    private async Task<int> Run(
        Surroundings surroundings, ParseResult line, Terminal terminal, CancellationToken stop)
    {
        var seconds = line.GetValue(_wait);
        using var api = new ApiClient(line.GetRequiredValue(_url), surroundings, TimeSpan.FromSeconds(seconds));
        var body = OrderBody.Of(
            [new OrderBody.Line(line.GetRequiredValue(_product), line.GetValue(_variant), line.GetValue(_quantity))],
            line.GetRequiredValue(_billingKey), line.GetRequiredValue(_postalCode));
        var headers = new List<(string, string)> { ("Idempotency-Key", Guid.CreateVersion7().ToString()) };
        if (seconds > 0)
        {
            headers.Add(("Prefer", "wait=" + seconds.ToString(CultureInfo.InvariantCulture)));
        }

        var caller = Caller.Customer(line.GetRequiredValue(_user));
        var answer = await api.Post("orders", caller, body, stop, [.. headers]);
        answer.Show(line.GetValue(_json), terminal, OrderView.Print);
        return 0;
    }
}
