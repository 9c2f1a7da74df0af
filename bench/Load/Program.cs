using System.CommandLine;
using DoaMarket.Load;

var urls = new Option<string[]>("--url")
{
    Description = "The shop's address; of a shop of several processes one for each, which take turns.",
    DefaultValueFactory = _ => ["http://127.0.0.1:5080"],
};
var orders = new Option<int>("--orders")
{
    Description = "How many orders.",
    DefaultValueFactory = _ => 5_000,
};
var inFlight = new Option<int>("--in-flight")
{
    Description = "Closed loop: orders under way at once.",
    DefaultValueFactory = _ => 200,
};
var rate = new Option<double>("--rate")
{
    Description = "Open loop: orders per second; 0 is the closed loop.",
    DefaultValueFactory = _ => 0,
};
var pid = new Option<int>("--pid")
{
    Description = "The shop's process, to report its memory and processor time.",
    DefaultValueFactory = _ => 0,
};
var command = new RootCommand(
    "Places orders over HTTP, each with Prefer: wait, and reports orders per second "
    + "and the time from POST to the end of the saga.\n"
    + "Example: Load --orders 5000 --in-flight 200")
{
    urls, orders, inFlight, rate, pid,
};
command.SetAction((parsed, stop) => OrderLoad.Run(
    [.. parsed.GetValue(urls)!.Select(url => new Uri(url))], parsed.GetValue(orders), parsed.GetValue(inFlight), parsed.GetValue(rate),
    parsed.GetValue(pid), stop));
return await command.Parse(args).InvokeAsync();
