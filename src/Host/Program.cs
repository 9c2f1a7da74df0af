using DoaMarket.Host.Cli;
using DoaMarket.Host.Server;

// Temporary until the command line is merged.
using var stop = new CancellationTokenSource();
return await ShopServer.Serve(
    new ServeSettings("embedded", null, args.ElementAtOrDefault(0) ?? "http://127.0.0.1:5080", args.ElementAtOrDefault(1) ?? "./.doa", null, new Dictionary<string, string?>(StringComparer.Ordinal)),
    stop.Token);
