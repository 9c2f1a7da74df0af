using System.Diagnostics;

namespace DoaMarket.Kernel.Tests;

/// <summary>Spans go from what caused a message to what it caused, over the commit and outside calls.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task One_trace_goes_through_message_call_and_answer()
    {
        var trace = ActivityTraceId.CreateRandom();
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == KernelTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    if (span.TraceId == trace)
                    {
                        spans.Add(span);
                    }
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var called = new TaskCompletionSource();
        await using var world = new LoopWorld(gateway: _ =>
        {
            called.SetResult();
            return Task.FromResult<EffectResult>(new CountedTo(5));
        });

        await world.Send(new CoinDropped("pig", 0), traceparent: $"00-{trace}-00000000000000aa-01");
        await world.Drain();
        await called.Task;

        var handled = Assert.Single(spans, s => s.OperationName == "message coin.dropped");
        Assert.Equal(ActivityKind.Consumer, handled.Kind);
        Assert.Equal("00000000000000aa", handled.ParentSpanId.ToString());
        Assert.Equal(("done", "pig"), ((string?)handled.GetTagItem("doa.outcome"), (string?)handled.GetTagItem("orderId")));
        Assert.NotNull(handled.GetTagItem("correlationId"));
        var call = Assert.Single(spans, s => s.Kind == ActivityKind.Client);
        Assert.Equal(handled.SpanId, call.ParentSpanId);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task A_message_carries_the_span_that_sent_it_and_without_a_listener_the_one_that_it_came_with()
    {
        const string sentFrom = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
        await using var world = new LoopWorld();
        await world.Send(new CoinDropped("pig", 3), traceparent: sentFrom);
        await world.Drain();
        var grew = (await world.Journal.ByCorrelation(
            new(LoopWorld.MessageId(0)), 10, TestContext.Current.CancellationToken)).Single(m => m.EventType == "bank.grew");
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", grew.Traceparent, StringComparison.Ordinal);
    }
}
