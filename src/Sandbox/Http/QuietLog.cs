using Microsoft.Extensions.Logging;

namespace DoaMarket.Sandbox.Http;

/// <summary>The log when none is given: warnings and errors, to the console.</summary>
internal static class QuietLog
{
    public static ILoggerFactory Create() => LoggerFactory.Create(log =>
        log.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true));
}
