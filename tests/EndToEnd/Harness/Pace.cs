global using Settings = System.Collections.Generic.Dictionary<string, string>;

namespace DoaMarket.EndToEnd.Harness;

/// <summary>
/// How fast the shop under test lives. The start-up check demands of these values that every reply deadline is at least
/// three circuit breaks, and that 0.75 × the sum of an undo's waits covers the longest that Payments and Shipping may
/// try themselves. With the values below the waits are 1 + 2 + 10 × 4 = 43 s, so 32 s; Payments needs 25.2 s at most,
/// Shipping 24.8 s.
/// </summary>
internal static class Pace
{
    /// <summary>Outside calls are given up after seconds, parcels travel in one, and leave almost at once.</summary>
    public static Settings Fast { get; } = new(StringComparer.Ordinal)
    {
        ["Sandbox:Url"] = "http://127.0.0.1:0",
        ["Sandbox:SmtpPort"] = "0",
        ["Sandbox:HangFor"] = "00:00:02.5", // longer than the PG's time limit
        ["Sandbox:MoveEvery"] = "00:00:00.4",

        ["Orders:ReserveInventoryWithin"] = "00:00:20",
        ["Orders:ProcessPaymentWithin"] = "00:00:20",
        ["Orders:PrepareShippingWithin"] = "00:00:20",
        ["Orders:FirstUndoResend"] = "00:00:01",
        ["Orders:LongestUndoResend"] = "00:00:04",
        ["Orders:UndoAttempts"] = "12",

        ["Pg:Timeout"] = "00:00:01.5",
        ["Pg:Break"] = "00:00:01",
        ["Payments:CallTimeout"] = "00:00:01.5",
        ["Payments:CallSlack"] = "00:00:00.5",
        ["Payments:SettleAfter"] = "00:00:02",
        ["Payments:DepositPoll"] = "00:00:01",
        ["Payments:FirstQueryWait"] = "00:00:00.2",
        ["Payments:LongestQueryWait"] = "00:00:01",
        ["Payments:RefundBackoff:First"] = "00:00:00.3",
        ["Payments:RefundBackoff:Cap"] = "00:00:01",
        ["Payments:RefundBackoff:MaxAttempts"] = "4",

        ["Carriers:Timeout"] = "00:00:00.9",
        ["Carriers:Break"] = "00:00:01",
        ["Carriers:MinimumCalls"] = "4",
        ["Shipping:CallPatience"] = "00:00:02", // more than twice the carriers' time limit
        ["Shipping:SettleAfter"] = "00:00:02",
        ["Shipping:AskAgain:First"] = "00:00:00.3",
        ["Shipping:AskAgain:Cap"] = "00:00:01",
        ["Shipping:AskAgain:MaxAttempts"] = "4",
        ["Shipping:HoldBeforeDispatch"] = "00:00:00.3",

        ["Smtp:Break"] = "00:00:01",
        ["Push:Break"] = "00:00:01",
        ["Sms:Break"] = "00:00:01",
        ["Notifications:Backoff:First"] = "00:00:00.3",
        ["Notifications:Backoff:Cap"] = "00:00:01",
        ["Notifications:Backoff:MaxAttempts"] = "30",
    };

    /// <summary>A prepared parcel stays: it is not dispatched before its cancel, however slow the machine.</summary>
    public static Settings Holding { get; } = Fast.With(("Shipping:HoldBeforeDispatch", "01:00:00"));

    /// <summary>Deadlines as short as the circuit breaks allow, for tests in which they pass.</summary>
    public static Settings Impatient { get; } =
        Fast.With(("Orders:ProcessPaymentWithin", "00:00:03"), ("Orders:PrepareShippingWithin", "00:00:03"));

    /// <summary>Deadlines that outlast restarts.</summary>
    public static Settings Enduring { get; } = Fast.With(
        ("Orders:ReserveInventoryWithin", "00:01:30"),
        ("Orders:ProcessPaymentWithin", "00:01:30"),
        ("Orders:PrepareShippingWithin", "00:01:30"));

    /// <summary>The same with other values for some keys.</summary>
    public static Settings With(this Settings settings, params (string Key, string Value)[] changes)
    {
        var changed = new Settings(settings, StringComparer.Ordinal);
        foreach (var (key, value) in changes)
        {
            changed[key] = value;
        }

        return changed;
    }
}
