namespace DoaMarket.Sandbox.Faults;

/// <summary>One call as the fault rules see it.</summary>
/// <param name="Target">pg, carrier:{id}, tracker, smtp, push or sms.</param>
/// <param name="Operation">What the call asks for.</param>
/// <param name="Keys">Order ids, billing keys, references or addresses that a rule can match on.</param>
internal sealed record FaultPoint(string Target, string Operation, params IReadOnlyList<string> Keys);
