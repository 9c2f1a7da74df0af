using DoaMarket.Kernel;

namespace DoaMarket.Simulation;

/// <summary>An outside system as the world plays it: it keeps books of its own and breaks in every way it can.</summary>
internal interface IOutside
{
    /// <summary>Who carries out the effects of one run of the process.</summary>
    IEnumerable<GatewayBinding> Bindings(ShopRun run);
}
