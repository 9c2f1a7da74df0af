namespace DoaMarket.Stats.Tests;

public sealed class DurationsTests
{
    [Fact]
    public void A_percentile_is_never_too_low_and_at_most_a_sixteenth_too_high()
    {
        var random = new Random(1);
        long[] all = [.. Enumerable.Range(0, 5_000).Select(_ => (long)Math.Exp(random.NextDouble() * 22))];
        var counted = all.Aggregate(Durations.None, (sum, ms) => sum.Plus(Durations.Of(ms)));
        Array.Sort(all);

        Assert.Equal(all.Length, counted.Count);
        Assert.Equal(all.Sum(), counted.SumMs);
        foreach (var percent in new[] { 1, 50, 95, 99, 100 })
        {
            var exact = all[(((all.Length * percent) + 99) / 100) - 1];
            Assert.InRange(counted.PercentileMs(percent)!.Value, exact, exact + (exact / 16));
        }
    }

    [Fact]
    public void Buckets_follow_on_each_other_and_there_is_a_last_one()
    {
        for (var bucket = 0; bucket < Durations.MaxBuckets; bucket++)
        {
            var longest = Durations.LongestOf(bucket);
            Assert.Equal(bucket, Durations.BucketOf(longest));
            if (bucket < Durations.MaxBuckets - 1)
            {
                Assert.Equal(bucket + 1, Durations.BucketOf(longest + 1));
            }
        }

        Assert.Equal(Durations.MaxBuckets - 1, Durations.Of(long.MaxValue).Buckets.Keys.Single());
    }

    [Fact]
    public void What_was_put_in_can_be_taken_out_again()
    {
        var some = Durations.Of(5).Plus(Durations.Of(700)).Plus(Durations.Of(700));

        Assert.Equal(Durations.Of(5).Plus(Durations.Of(700)), some.Plus(Durations.Of(700), -1));
        Assert.Equal(Durations.None, some.Plus(some, -1));
        Assert.Null(Durations.None.PercentileMs(50));
        Assert.Null(Durations.None.MeanMs());
        Assert.Equal(468, some.MeanMs()); // 1,405 / 3 = 468.3
    }

    [Fact]
    public void What_ended_before_it_began_took_no_time() => Assert.Equal(Durations.Of(0), Durations.Of(-3));
}
