using DoaMarket.Host.Cli;
using DoaMarket.Host.Server;

return await DoaCommand.Run(args, new ShopHost(
    ShopServer.Serve, ShopServer.Start, ShopAuditor.Run, ShopMove.Run, SandboxProcess.Serve));
