using DoaMarket.Host.Cli;
using DoaMarket.Sandbox;

namespace DoaMarket.Host.Server;

/// <summary>The sandbox in a process of its own: whatever becomes of the shop, its books go on.</summary>
public static class SandboxProcess
{
    /// <summary>Serves until told to stop.</summary>
    public static async Task<int> Serve(SandboxAlone settings, CancellationToken stop)
    {
        try
        {
            var configuration = ShopConfiguration.Load(settings.Configuration);
            var data = DataFolder.Of(settings.DataFolder);
            await using var sandbox = await OutsideWorld.StartSandbox(configuration, data, stop);
            CallBack(sandbox, settings.ShopUrl.TrimEnd('/'));
            Console.WriteLine($"""

                  The sandbox is running  ·  샌드박스가 시작되었습니다

                    Sandbox    {sandbox.HttpUrl.ToString().TrimEnd('/')}
                    SMTP port  {sandbox.SmtpPort}
                    Shop       {settings.ShopUrl}
                    Data       {settings.DataFolder}

                """);
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        }
        catch (Exception error)
            when (error is WrongConfigurationException or InvalidOperationException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"doa: {error.Message}");
            return 2;
        }
    }

    /// <summary>Tells a sandbox where the shop is.</summary>
    public static void CallBack(SandboxServer sandbox, string shopUrl)
    {
        sandbox.CarrierCallbackUrl = shopUrl + "/api/v1/webhooks/carriers/{carrier}";
        sandbox.PaymentWebhookUrl = new Uri(shopUrl + "/api/v1/webhooks/payments/toss");
    }
}
