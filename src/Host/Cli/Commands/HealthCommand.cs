using System.CommandLine;
using DoaMarket.Host.Cli.Api;

namespace DoaMarket.Host.Cli.Commands;

/// <summary><c>doa health</c>: for containers, which have no other tool to ask with.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    public static TaughtCommand Create()
    {
        var url = Options.Url();
        var live = new Option<bool>("--live")
        {
            Description = "Ask only whether the process runs, not whether it takes new orders.",
        };
        var command = new TaughtCommand(
            "health",
            "Ask a shop whether it takes new orders. The exit code is 0 when it does, 1 when it does not.",
            """
            Examples:
              doa health
              doa health --live --url http://127.0.0.1:5080
            """) { url, live };
        command.Runs(async (line, terminal, stop) =>
        {
            var shop = new Uri(line.GetRequiredValue(url).TrimEnd('/') + "/");
            using var http = new HttpClient { Timeout = AnswerWithin };
            try
            {
                using var answer = await http.GetAsync(
                    new Uri(shop, line.GetValue(live) ? "health/live" : "health/ready"), stop);
                await terminal.Raw.WriteLineAsync(await answer.Content.ReadAsStringAsync(stop));
                return answer.IsSuccessStatusCode ? 0 : 1;
            }
            catch (HttpRequestException unreachable)
            {
                throw new ShopUnreachable(shop, unreachable.Message, unreachable);
            }
            catch (TaskCanceledException late) when (!stop.IsCancellationRequested)
            {
                throw new ShopUnreachable(shop, $"no answer within {AnswerWithin.TotalSeconds:0} s", late);
            }
        });
        return command;
    }
}
