using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd.Chaos;

/// <summary>The clock is set while the shop works; time that passes passes as ever.</summary>
[Trait("Run", "long")]
public sealed class ClockTests
{
    private const int Few = 3;

    // What was to be done at a time of the wrong clock is done when the right one gets there: within the reckoning's wait.
    private static readonly TimeSpan Wrong = TimeSpan.FromSeconds(ChaosRun.IsLong ? 150 : 15);

    // Beyond reply deadlines, the hold of the stock, the life of a token, and the time to pay.
    private static readonly TimeSpan[] Leaps =
        [TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(40), TimeSpan.FromHours(13), TimeSpan.FromHours(30)];

    [Fact]
    public Task Nothing_is_lost_while_the_shops_clock_is_wrong_and_when_it_is_put_right()
    {
        FakeClock? clock = null;
        return ChaosRun.Of(folder => Plan(folder, clock = new(folder)), deadlinesPass: true, hurt: async run =>
        {
            var jumps = ChaosRun.Times(Few);
            for (var jump = 1; jump <= jumps; jump++)
            {
                await run.Pause(500, 2_000);
                clock!.Set(jump % 2 == 0 ? Wrong : -Wrong);
                if (jump % 3 == 0)
                {
                    await run.Shop.Kill();
                    await run.Shop.Start(); // begins with a wrong clock
                }

                await run.Pause(1_500, 3_000);
                var resumed = await run.Resumes();
                run.Say($"clock {jump} of {jumps} wrong: orders are taken again after {resumed.TotalSeconds:0.0} s");
                clock.Set(TimeSpan.Zero);
            }
        });
    }

    [Fact]
    public Task Nothing_is_lost_when_hours_pass_in_a_moment_for_the_shop_and_the_outside_world()
    {
        FakeClock? clock = null;
        return ChaosRun.Of(
            async folder =>
            {
                var plan = await Plan(folder, clock = new(folder));
                return plan with { SandboxEnvironment = clock.Environment };
            },
            deadlinesPass: true,
            hurt: async run =>
            {
                var (jumps, now) = (ChaosRun.Times(Leaps.Length), TimeSpan.Zero);
                for (var jump = 1; jump <= jumps; jump++)
                {
                    await run.Pause(500, 2_500);
                    var leap = Leaps[jump % Leaps.Length];
                    clock!.Set(now += leap);
                    await run.Pause(1_000, 1_500);
                    var resumed = await run.Resumes();
                    run.Say($"leap {jump} of {jumps}, by {leap}: orders are taken again after {resumed.TotalSeconds:0.0} s");
                }
            });
    }

    private static Task<Plan> Plan(string folder, FakeClock clock)
    {
        // Whoever books what the PG booked hours ago must be told of the difference: not here.
        var plan = Hurtful.Plan(folder, Hurtful.ShortDeadlines.With(("Payments:ReconcileEvery", "00:00:00")));
        return Task.FromResult(plan with { Launch = plan.Launch with { Environment = clock.Environment } });
    }
}
