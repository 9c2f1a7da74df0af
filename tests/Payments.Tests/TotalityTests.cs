using DoaMarket.Kernel;

namespace DoaMarket.Payments.Tests;

/// <summary>Every state × everything that can happen to it is decided on purpose.</summary>
public sealed class TotalityTests
{
    private static readonly EffectResult[] Results =
    [
        Given.Done, Given.Waiting, Given.Deposited, Given.Closed, Given.InProgress, Given.Ready, Given.Aborted, Given.Expired, Given.CancelledByOthers,
        Given.Cancelled,
        Given.NotFound, Given.Declined, Given.Unauthorized, Given.RefundRefused, Given.Timeout, Given.Broken,
        Given.CircuitOpen,
        Given.Done with { Total = new(1) }, Given.Made((Given.Part, 4_000)),
        Given.Made((Given.Part, 4_000), (Given.Refund, 8_900)),
    ];

    public static TheoryData<string> States => [.. Stories().Select(s => s.Name)];

    [Fact]
    public void The_states_tried_cover_every_status()
    {
        var statuses = Stories().Select(s => s.Tell().Payment.Status).Distinct();

        Assert.Equal(Enum.GetValues<PaymentStatus>(), statuses.Order());
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Every_message_in_every_state_is_answered_remembered_or_noted(string state)
    {
        foreach (var message in new IMessage[]
        {
            Given.ChargeRequest(), Given.RefundRequest(), Given.RefundRequest(1), Given.RefundRequest(2),
                Given.ResolveRequest(),
            Given.ResolveRequest(Given.Amount), Given.ResolveRequest(new(1)),
            Given.PartRequest(), Given.PartRequest(retryNumber: 1), Given.PartRequest(99_999, Given.OtherPart),
            Given.ResolveRequest() with { RefundId = Given.Part },
            Given.ResolveRequest(new(1)) with { RefundId = Given.OtherPart },
        })
        {
            var decision = In(state).Receive(message);

            Assert.True(decision.Changes.Count + decision.Messages.Count + decision.Notes.Count > 0,
                $"{state}: {message}");
        }
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Every_answer_in_every_state_is_taken_in_or_noted(string state)
    {
        foreach (var result in Results)
        {
            foreach (var effect in new[] { In(state).Wanted, new QueryPayment("of old", Given.Order) })
            {
                if (effect is null)
                {
                    continue;
                }

                var decision = In(state).Answer(effect, result);

                Assert.True(decision.Changes.Count + decision.Notes.Count > 0, $"{state}: {result}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Every_timer_and_webhook_in_every_state_is_decided(string state)
    {
        var shop = In(state);
        if (shop.Payment.WakeAt is not null)
        {
            Assert.NotEmpty(shop.WaitForTimer().Changes);
        }
        else
        {
            Assert.Empty(shop.FireTimer().Changes);
        }

        Assert.Contains(In(state).Hint("t"), new[] { HintOutcome.Asked, HintOutcome.NothingOpen });
    }

    private static Shop In(string state)
    {
        var story = Stories().Single(s => s.Name == state).Tell();
        return Shop.With(story.Payment, story.Now);
    }

    private static IEnumerable<(string Name, Func<Shop> Tell)> Stories()
    {
        yield return ("charge asked", () => RefundStories.Requested());
        yield return ("charge held back", () => Told(RefundStories.Requested(), Given.CircuitOpen));
        yield return ("charge asked twice", () => Do(RefundStories.Requested(), s => s.WaitForTimer()));
        yield return ("charge unknown", () => Told(RefundStories.Requested(), Given.Timeout));
        yield return ("charge being read",
            () => Do(Told(RefundStories.Requested(), Given.Timeout), s => s.WaitForTimer()));
        yield return ("charge waits to be repeated",
            () => Told(RefundStories.Requested(), Given.Timeout, Given.NotFound, Given.CircuitOpen));
        yield return ("charge asked, refund owed",
            () => Do(RefundStories.Requested(), s => s.Receive(Given.RefundRequest())));
        yield return ("charge unknown, refund owed",
            () => Do(Told(RefundStories.Requested(), Given.Timeout), s => s.Receive(Given.RefundRequest())));
        yield return ("charge unknown, part wanted",
            () => Do(Told(RefundStories.Requested(), Given.Timeout), s => s.Receive(Given.PartRequest())));
        yield return ("part asked", () => PartRefundStories.Asked());
        yield return ("part asked, another waits",
            () => Do(PartRefundStories.Asked(), s => s.Receive(Given.PartRequest(1_000, Given.OtherPart))));
        yield return ("part asked, the rest waits",
            () => Do(PartRefundStories.Asked(), s => s.Receive(Given.RefundRequest())));
        yield return ("part given back", () => Told(PartRefundStories.Asked(), Given.Made((Given.Part, 4_000))));
        yield return ("part failed", () => PartRefundStories.Failed());
        yield return ("part failed, another waits",
            () => Do(PartRefundStories.Failed(), s => s.Receive(Given.PartRequest(1_000, Given.OtherPart))));
        yield return ("part failed, all wanted",
            () => Do(PartRefundStories.Failed(), s => s.Receive(Given.RefundRequest())));
        yield return ("part settled",
            () => Do(PartRefundStories.Failed(), s => s.Receive(
                Given.ResolveRequest() with { RefundId = Given.Part })));
        yield return ("reading anew",
            () => Do(RefundStories.Paid(), s => s.Ask(new RereadPayment(Given.Payment, "reconciliation"))));
        yield return ("account asked", () => DepositStories.Requested());
        yield return ("account unknown, refund owed",
            () => Do(Told(DepositStories.Requested(), Given.Timeout), s => s.Receive(Given.RefundRequest())));
        yield return ("awaiting a deposit", () => DepositStories.Awaiting());
        yield return ("awaiting a deposit, looking", () => Do(DepositStories.Awaiting(), s => s.Hint("t0")));
        yield return ("account being closed",
            () => Do(DepositStories.Awaiting(), s => s.Receive(Given.RefundRequest())));
        yield return ("account not closed yet",
            () => Told(Do(DepositStories.Awaiting(), s => s.Receive(Given.RefundRequest())), Given.Timeout));
        yield return ("account closed",
            () => Told(Do(DepositStories.Awaiting(), s => s.Receive(Given.RefundRequest())), Given.Closed));
        yield return ("deposit expired", () => Told(DepositStories.Awaiting(), Given.Expired));
        yield return ("deposited", () => DepositStories.Paid());
        yield return ("deposited, looking", () => Do(DepositStories.Paid(), s => s.Hint("t0")));
        yield return ("deposit reversed", () => DepositStories.Reversed());
        yield return ("deposit reversed while refunding",
            () => Told(Do(DepositStories.Paid(), s => s.Receive(Given.RefundRequest())), Given.Timeout, Given.Waiting));
        yield return ("deposit reversed and expired", () => Told(DepositStories.Reversed(), Given.Expired));
        yield return ("settled while awaiting a deposit",
            () => Do(DepositStories.Awaiting(), s => s.Receive(Given.ResolveRequest())));
        yield return ("completed", () => RefundStories.Paid());
        yield return ("failed", () => Told(RefundStories.Requested(), Given.Declined));
        yield return ("failed, looking", () => Do(Told(RefundStories.Requested(), Given.Declined), s => s.Hint("t0")));
        yield return ("failed, refund answered",
            () => Do(Told(RefundStories.Requested(), Given.Declined), s => s.Receive(Given.RefundRequest())));
        yield return ("tombstone", () => Do(new Shop(), s => s.Receive(Given.RefundRequest())));
        yield return ("tombstone, looking",
            () => Do(Do(new Shop(), s => s.Receive(Given.RefundRequest())), s => s.Hint("t0")));
        yield return ("cancelled",
            () => Told(Do(Told(RefundStories.Requested(), Given.Timeout), s => s.Receive(Given.RefundRequest())),
                Given.Aborted));
        yield return ("refund asked", () => Refunding());
        yield return ("refund held back", () => Told(Refunding(), Given.CircuitOpen));
        yield return ("refund attempt failed", () => Told(Refunding(), Given.Timeout));
        yield return ("refund being read", () => Do(Told(Refunding(), Given.Timeout), s => s.WaitForTimer()));
        yield return ("refunded", () => Told(Refunding(), Given.Cancelled));
        yield return ("refund failed", () => RefundStories.FailedRefund());
        yield return ("refund failed, looking", () => Do(RefundStories.FailedRefund(), s => s.Hint("t0")));
        yield return ("settled", () => Do(RefundStories.FailedRefund(), s => s.Receive(Given.ResolveRequest())));
        yield return ("settled while unknown",
            () => Do(Told(RefundStories.Requested(), Given.Timeout), s => s.Receive(Given.ResolveRequest())));
    }

    private static Shop Refunding() => Do(RefundStories.Paid(), s => s.Receive(Given.RefundRequest()));

    private static Shop Told(Shop shop, params EffectResult[] results) => Do(shop, s => s.PgAnswers(results));

    private static Shop Do(Shop shop, Action<Shop> step)
    {
        step(shop);
        return shop;
    }
}
