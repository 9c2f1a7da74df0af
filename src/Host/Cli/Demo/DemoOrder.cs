using System.Text.Json;
using DoaMarket.Host.Cli.Api;

namespace DoaMarket.Host.Cli.Demo;

/// <summary>One order of the demo, as far as is known.</summary>
internal sealed class DemoOrder(Scenario scenario, IReadOnlyList<OrderBody.Line> lines, string customer)
{
    private const string Completed = "completed";
    private static readonly string[] BeforePayment = ["create_order", "reserve_inventory"];

    public Scenario Scenario { get; } = scenario;

    public IReadOnlyList<OrderBody.Line> Lines { get; } = lines;

    public Caller Customer { get; } = Caller.Customer(customer);

    public Outcome Outcome { get; private set; } = Outcome.Waiting;

    public string OrderId { get; private set; } = "";

    public string SagaId { get; private set; } = "";

    /// <summary>From the saga's first to its last change, on the shop's clock; null while it is at work.</summary>
    public TimeSpan? Took { get; private set; }

    /// <summary>Why it was refused, or why its cancel was; otherwise the last thing seen.</summary>
    public string Remark { get; private set; } = "";

    public bool IsCancelSent { get; private set; }

    public bool IsOver => Outcome is not (Outcome.Waiting or Outcome.InProgress);

    private bool IsCancelRefused { get; set; }

    public void Placed(ApiAnswer answer)
    {
        OrderId = answer.Required("orderId");
        SagaId = answer.Required("sagaId");
        Outcome = Outcome.InProgress;
    }

    public void Refused(ApiFailure failure)
    {
        Outcome = Outcome.Refused;
        Remark = $"{failure.Code}: {failure.Message}";
    }

    public void CancelAccepted() => IsCancelSent = true;

    /// <summary>The order goes its way; at the end it will differ from what was expected, and this says why.</summary>
    public void CancelRefused(ApiFailure failure)
    {
        IsCancelSent = true;
        IsCancelRefused = true;
        Remark = $"cancel refused, {failure.Code}: {failure.Message}";
    }

    /// <summary>Whether the customer cancels on seeing this saga.</summary>
    public bool IsTimeToCancel(JsonElement saga)
    {
        var (status, step) = (saga.Text("status"), saga.Text("currentStep"));
        if (IsCancelSent || status is not ("in_progress" or Completed))
        {
            return false;
        }

        var isBeforePayment = status != Completed && BeforePayment.Contains(step, StringComparer.Ordinal);
        return Scenario.Cancel switch
        {
            CancelWhen.Never or CancelWhen.AtOnce => false, // at once: by the one who places it, without looking
            CancelWhen.WhilePaying => !isBeforePayment,
            CancelWhen.WhilePreparing => !isBeforePayment && step != "process_payment",
            CancelWhen.WhenPrepared => status == Completed,
            _ => throw new InvalidOperationException($"Nobody knows when to cancel '{Scenario.Cancel}'."),
        };
    }

    /// <summary>Takes in what the shop says about the saga now.</summary>
    public void See(JsonElement saga)
    {
        var status = saga.Text("status");
        if (!IsCancelRefused)
        {
            Remark = $"{status} at {saga.Text("currentStep")}";
        }

        // A completed order that its customer still cancels is not over: the cancel is on its way, or accepted.
        var isCancelDue = Scenario.Cancel != CancelWhen.Never && !IsCancelRefused;
        Outcome = status switch
        {
            Completed when !isCancelDue => Outcome.Completed,
            "cancelled" => Outcome.Cancelled,
            "needs_attention" => Outcome.NeedsAttention,
            _ => Outcome.InProgress,
        };
        Took = IsOver ? saga.Instant("updatedAt") - saga.Instant("createdAt") : null;
    }
}
