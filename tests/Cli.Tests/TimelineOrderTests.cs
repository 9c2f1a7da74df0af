using DoaMarket.Host.Ops;

namespace DoaMarket.Cli.Tests;

/// <summary>Where a timeline's entries stand that are no messages: behind what came before them, before what came of them.</summary>
public sealed class TimelineOrderTests
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-11-26T12:00:00Z", null);

    [Theory]
    [InlineData(TimelineKind.Outside, "payments", "asked it refunded release")]
    [InlineData(TimelineKind.Outside, "shipping", "asked refunded release it")]
    [InlineData(TimelineKind.Operator, "orders", "asked it refunded release")]
    [InlineData(TimelineKind.Remark, "payments", "asked refunded release it")]
    public void In_the_same_millisecond_a_cause_stands_before_what_came_of_it(TimelineKind kind, string service, string order)
    {
        List<TimelineEntry> lines =
        [
            new(Noon.AddMilliseconds(-1), TimelineKind.Command, "orders", "asked"),
            new(Noon, TimelineKind.Fact, "payments", "refunded"),
            new(Noon, TimelineKind.Command, "orders", "release"),
        ];

        TimelineLines.Merge(lines, [new(Noon.AddTicks(9_000), kind, service, "it")]);

        Assert.Equal(order, string.Join(' ', lines.Select(l => l.Name)));
    }

    [Fact]
    public void Entries_stand_between_earlier_and_later_messages_whatever_order_they_come_in()
    {
        List<TimelineEntry> lines =
            [new(Noon, TimelineKind.Fact, "orders", "first"), new(Noon.AddSeconds(2), TimelineKind.Fact, "orders", "last")];

        TimelineLines.Merge(lines, [Outside(3, "d"), Outside(1, "b"), Outside(-1, "a")]);

        Assert.Equal(["a", "first", "b", "last", "d"], lines.Select(l => l.Name));
        static TimelineEntry Outside(int second, string name) =>
            new(Noon.AddSeconds(second), TimelineKind.Outside, "payments", name);
    }
}
