using DoaMarket.Sandbox.Http;

namespace DoaMarket.Sandbox.Faults;

/// <summary>What a rule does to a call it hits.</summary>
internal enum FaultMode
{
    /// <summary>503 (421 and a closed connection for SMTP); nothing is done.</summary>
    Down,

    /// <summary>500 (451 for SMTP); nothing is done.</summary>
    Error,

    /// <summary>The call waits first and is then carried out normally.</summary>
    Slow,

    /// <summary>The answer hangs; the effect is carried out or not, as the rule says.</summary>
    Timeout,

    /// <summary>The effect is carried out, then the connection is cut without an answer.</summary>
    LoseResponse,

    /// <summary>The call is refused for good, as a business answer.</summary>
    Decline,
}

/// <summary>One fault to inject. Immutable; what is left of <see cref="Times"/> is counted by the board.</summary>
internal sealed record FaultRule(
    string Target,
    string Operation,
    FaultMode Mode,
    double Probability,
    long? Times,
    string? Match,
    TimeSpan Delay,
    bool Effect)
{
    public const int TimesMax = 1_000_000;
    public const int DelayMsMax = 60_000;

    private static readonly Dictionary<string, string[]> Operations = new(StringComparer.Ordinal)
    {
        ["pg"] = ["charge", "query", "cancel", "webhook"],
        ["carrier"] = ["register", "query", "readdress", "dispatch", "cancel_shipment", "return", "callback"],
        ["tracker"] = ["track", "register", "callback"],
        ["smtp"] = ["send"],
        ["push"] = ["send", "token"],
        ["sms"] = ["send"],
    };

    private static readonly Dictionary<string, FaultMode> Modes = new(StringComparer.Ordinal)
    {
        ["down"] = FaultMode.Down,
        ["error"] = FaultMode.Error,
        ["slow"] = FaultMode.Slow,
        ["timeout"] = FaultMode.Timeout,
        ["lose_response"] = FaultMode.LoseResponse,
        ["decline"] = FaultMode.Decline,
    };

    // A decline must be true in the books too: only calls that a provider can refuse without lying may be declined.
    private static readonly string[] Declinable = ["charge", "cancel", "register", "readdress", "send", "*"];

    private static readonly string[] Targets =
    [
        "pg", "carrier:kr.cjlogistics", "carrier:kr.hanjin", "carrier:kr.logen", "carrier:*", "tracker", "smtp", "push",
        "sms",
    ];

    public string ModeName => Modes.First(mode => mode.Value == Mode).Key;

    public bool Concerns(FaultPoint point) =>
        (Target == point.Target
            || (Target == "carrier:*" && point.Target.StartsWith("carrier:", StringComparison.Ordinal)))
        && (Operation == "*" || Operation == point.Operation)
        && (Mode != FaultMode.Decline || Declinable.Contains(point.Operation))
        && (Match is null || point.Keys.Any(key => key.Contains(Match, StringComparison.Ordinal)));

    /// <summary>Reads a rule; what is wrong with it is on <see cref="RequestFields.Problem"/>.</summary>
    public static FaultRule Read(RequestFields fields)
    {
        fields.AllowOnly("target", "operation", "mode", "probability", "times", "match", "delayMs", "effect");
        string target = fields.Text("target", 40);
        OneOf(fields, "target", target, Targets);
        string operation = fields.OptionalText("operation", 40) ?? "*";
        string[] known = Operations.GetValueOrDefault(target.Split(':')[0], []);
        OneOf(fields, "operation", operation, [.. known, "*"]);
        string modeName = fields.Text("mode", 40);
        OneOf(fields, "mode", modeName, [.. Modes.Keys]);
        FaultMode mode = Modes.GetValueOrDefault(modeName);
        if (mode == FaultMode.Decline && !Declinable.Contains(operation))
        {
            fields.Blame("mode", $"decline makes no sense for {operation}");
        }

        long? delayMs = fields.OptionalWhole("delayMs", 1, DelayMsMax);
        if (mode == FaultMode.Slow != delayMs is not null)
        {
            fields.Blame("delayMs", "is required for mode slow, and only allowed there");
        }

        bool? effect = fields.OptionalFlag("effect");
        if (effect is not null && mode != FaultMode.Timeout)
        {
            fields.Blame("effect", "is only allowed for mode timeout");
        }

        return new FaultRule(
            target, operation, mode, fields.OptionalFraction("probability") ?? 1,
            fields.OptionalWhole("times", 1, TimesMax), fields.OptionalText("match", 100),
            TimeSpan.FromMilliseconds(delayMs ?? 0), effect ?? false);
    }

    private static void OneOf(RequestFields fields, string name, string value, string[] allowed)
    {
        if (!allowed.Contains(value))
        {
            fields.Blame(name, $"must be one of {string.Join(", ", allowed)}");
        }
    }
}
