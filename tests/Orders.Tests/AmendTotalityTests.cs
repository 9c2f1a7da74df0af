using DoaMarket.Contracts;
using DoaMarket.Sagas;

namespace DoaMarket.Orders.Tests;

/// <summary>Every state of a partial cancel meets every message about it, and what follows is decided on purpose.</summary>
public sealed class AmendTotalityTests
{
    private const string Nothing = "";

    /// <summary>State, message → where the partial cancel stands afterwards, what is sent.</summary>
    public static TheoryData<string, string, SagaStatus, string> Table => new()
    {
        { "asked", "amended", SagaStatus.InProgress, "PartialRefundRequested" },
        { "approved", "amended", SagaStatus.InProgress, Nothing },
        { "refunded", "amended", SagaStatus.InProgress, Nothing },
        { "stuck", "amended", SagaStatus.NeedsAttention, Nothing },
        { "done", "amended", SagaStatus.Completed, Nothing },
        { "refused", "amended", SagaStatus.Compensating, "ShippingAmendUndoRequested" },
        { "undoing", "amended", SagaStatus.Compensating, Nothing },
        { "undone", "amended", SagaStatus.Cancelled, Nothing },
        { "superseded", "amended", SagaStatus.Completed, Nothing },

        { "asked", "refused", SagaStatus.Cancelled, "OrderAmendRefused" },
        { "approved", "refused", SagaStatus.InProgress, Nothing },
        { "refunded", "refused", SagaStatus.InProgress, Nothing },
        { "stuck", "refused", SagaStatus.NeedsAttention, Nothing },
        { "done", "refused", SagaStatus.Completed, Nothing },
        { "refused", "refused", SagaStatus.Cancelled, Nothing },
        { "undoing", "refused", SagaStatus.Cancelled, "OrderAmendRefused" },
        { "undone", "refused", SagaStatus.Cancelled, Nothing },
        { "superseded", "refused", SagaStatus.Completed, Nothing },

        // Undone before it was asked for: the way forward is closed, unless the pivot is behind.
        { "asked", "undone", SagaStatus.Cancelled, "OrderAmendRefused" },
        { "approved", "undone", SagaStatus.InProgress, Nothing },
        { "refunded", "undone", SagaStatus.InProgress, Nothing },
        { "stuck", "undone", SagaStatus.NeedsAttention, Nothing },
        { "done", "undone", SagaStatus.Completed, Nothing },
        { "refused", "undone", SagaStatus.Cancelled, Nothing },
        { "undoing", "undone", SagaStatus.Cancelled, "OrderAmendRefused" },
        { "undone", "undone", SagaStatus.Cancelled, Nothing },
        { "superseded", "undone", SagaStatus.Completed, Nothing },

        { "asked", "refund", SagaStatus.InProgress, Nothing },
        { "approved", "refund", SagaStatus.InProgress, "ReleaseLinesRequested" },
        { "refunded", "refund", SagaStatus.InProgress, Nothing },
        { "stuck", "refund", SagaStatus.InProgress, "ReleaseLinesRequested" },
        { "done", "refund", SagaStatus.Completed, Nothing },
        { "refused", "refund", SagaStatus.Cancelled, Nothing },
        { "undoing", "refund", SagaStatus.Compensating, Nothing },
        { "undone", "refund", SagaStatus.Cancelled, Nothing },
        { "superseded", "refund", SagaStatus.Completed, Nothing },

        { "asked", "refund failed", SagaStatus.InProgress, Nothing },
        { "approved", "refund failed", SagaStatus.NeedsAttention, Nothing },
        { "refunded", "refund failed", SagaStatus.InProgress, Nothing },
        { "stuck", "refund failed", SagaStatus.NeedsAttention, Nothing },
        { "done", "refund failed", SagaStatus.Completed, Nothing },
        { "refused", "refund failed", SagaStatus.Cancelled, Nothing },
        { "undoing", "refund failed", SagaStatus.Compensating, Nothing },
        { "undone", "refund failed", SagaStatus.Cancelled, Nothing },
        { "superseded", "refund failed", SagaStatus.Completed, Nothing },

        { "asked", "released", SagaStatus.InProgress, Nothing },
        { "approved", "released", SagaStatus.InProgress, Nothing },
        { "refunded", "released", SagaStatus.Completed, "OrderAmended" },
        { "stuck", "released", SagaStatus.NeedsAttention, Nothing },
        { "done", "released", SagaStatus.Completed, Nothing },
        { "refused", "released", SagaStatus.Cancelled, Nothing },
        { "undoing", "released", SagaStatus.Compensating, Nothing },
        { "undone", "released", SagaStatus.Cancelled, Nothing },
        { "superseded", "released", SagaStatus.Completed, Nothing },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Every_state_meets_every_message(string state, string message, SagaStatus after, string sent)
    {
        var story = In(state);
        var (order, attention) = (story.Saga.Saga.Status, story.OpenAlerts.Count);
        story.When(Message(story, message));
        Assert.Equal((after, sent), (story.Amend.Saga.Status, string.Join(", ", story.Sent.Select(m => m.GetType().Name))));
        Assert.Equal(AmendFact.Of(story.Amend), story.AmendFact with { Cancelled = AmendFact.Of(story.Amend).Cancelled });
        Assert.Equal(order, story.Saga.Saga.Status); // it is the partial cancel's matter, never the order's
        Assert.Equal(after is SagaStatus.NeedsAttention ? 1 : 0, story.OpenAlerts.Count);
        Assert.True(attention <= 1);
    }

    private static OrderStory In(string state)
    {
        var story = state is "asked" or "refused" or "undoing" or "undone"
            ? OrderStory.AmendAsked()
            : OrderStory.AmendApproved();
        switch (state)
        {
            case "refunded":
                return story.When(story.DifferenceRefunded);
            case "stuck":
                return story.When(story.DifferenceRefused);
            case "done":
                return story.When(story.DifferenceRefunded, story.CancelledReleased);
            case "refused":
                return story.When(story.ParcelGone);
            case "undoing":
                return story.WhenNoReplyComesToTheAmend();
            case "undone":
                return story.WhenNoReplyComesToTheAmend().When(story.ParcelWholeAgain);
            case "superseded":
                story.When(story.DifferenceRefused);
                story.Cancel();
                return story;
            default:
                return story;
        }
    }

    private static IOrderMessage Message(OrderStory story, string name) => name switch
    {
        "amended" => story.ParcelAmended,
        "refused" => story.ParcelGone,
        "undone" => story.ParcelWholeAgain,
        "refund" => story.DifferenceRefunded,
        "refund failed" => story.DifferenceRefused,
        _ => story.CancelledReleased,
    };
}
