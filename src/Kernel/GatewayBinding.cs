namespace DoaMarket.Kernel;

/// <summary>Who carries out the effects of one gateway, and how many at a time.</summary>
/// <param name="Gateway">The name that effects carry.</param>
/// <param name="MaxConcurrent">How many effects run at once.</param>
/// <param name="MaxWaiting">How many more may wait; beyond that an effect is refused and its document's
/// timer asks again.</param>
/// <param name="CarryOut">Does it. Business outcomes are results; an exception becomes
/// <see cref="EffectFailed"/>.</param>
public sealed record GatewayBinding(
    string Gateway, int MaxConcurrent, int MaxWaiting, Func<Effect, CancellationToken, Task<EffectResult>> CarryOut);
