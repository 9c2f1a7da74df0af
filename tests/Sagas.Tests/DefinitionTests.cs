using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

public sealed class DefinitionTests
{
    private static SagaStep<string> Whole(
        TimeSpan? within, bool withUndo = true, bool withFailure = true, Participant? participant = null)
    {
        var step = new SagaStep<string>("hold_stock")
            .Asks((id, ask) => new Hold(id, ask.Deadline)).DoneOn<Held>().UndoneOn<Freed>()
            .ResendsUndo(Purchase.Resend).AnsweredBy(participant ?? Purchase.Warehouse);
        step = within is { } time ? step.Within(time) : step;
        step = withUndo ? step.UndoneBy((id, undo) => new Free(id, undo.Reason)) : step;
        return withFailure ? step.FailedOn<HoldFailed>(m => m.Reason) : step;
    }

    private static void Refuses(string says, params SagaStep<string>[] steps)
    {
        var refusal = Assert.Throws<ArgumentException>(() => new SagaDefinition<string>("purchase", 1, steps));
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'purchase' version 1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_without_a_deadline_is_refused() =>
        Refuses("step 'hold_stock' has no deadline: write .Within(…)", Whole(within: null));

    [Fact]
    public void A_step_without_an_undo_is_refused() =>
        Refuses("step 'hold_stock' has no undo: write .UndoneBy(", Whole(TimeSpan.FromSeconds(30), withUndo: false));

    [Fact]
    public void A_step_without_a_failure_reply_is_refused() => Refuses(
        "step 'hold_stock' has no failure reply: write .FailedOn<…>",
        Whole(TimeSpan.FromSeconds(30), withFailure: false));

    [Fact]
    public void All_faults_are_told_at_once()
    {
        Refuses("has no deadline", new SagaStep<string>("empty"));
        Refuses("has no undo", new SagaStep<string>("empty"));
        Refuses("does not say who answers it", new SagaStep<string>("empty"));
    }

    [Fact]
    public void Local_and_fire_and_forget_steps_need_none_of_it()
    {
        var definition = new SagaDefinition<string>("purchase", 1, [Purchase.WriteDown, Purchase.TellBuyer]);
        Assert.Equal(2, definition.Steps.Count);
    }

    [Fact]
    public void A_deadline_shorter_than_three_breaks_of_the_circuit_is_refused() => Refuses(
        "the circuit breaker of warehouse stays open",
        Whole(TimeSpan.FromSeconds(30), participant: new("warehouse", TimeSpan.Zero, TimeSpan.FromSeconds(11))));

    [Fact]
    public void An_undo_budget_shorter_than_the_participants_own_tries_is_refused() => Refuses(
        "warehouse itself may try for 01:00:00",
        Whole(TimeSpan.FromSeconds(30), participant: new("warehouse", TimeSpan.FromHours(1), TimeSpan.Zero)));

    [Fact]
    public void Only_the_last_step_that_is_asked_may_refuse_its_undo() => Refuses(
        "step 'send_parcel' may refuse its undo, but steps after it are undone first",
        Purchase.SendParcel,
        Purchase.TakeMoney);

    [Fact]
    public void What_may_come_back_later_has_no_pivot_after_it() => Refuses(
        "step 'send_parcel' may refuse its undo and come back later, but past the pivot nothing is undone any more",
        Purchase.SendParcel,
        Exchange.GiveMoney);

    [Fact]
    public void A_reply_has_one_meaning()
    {
        var ambiguous = Whole(TimeSpan.FromSeconds(30)).FailedOn<Held>(_ => "");
        Refuses("awaits Held, which another reply already uses", ambiguous);
        Refuses("two steps are called 'hold_stock'", Purchase.HoldStock, Purchase.HoldStock);
    }

    [Fact]
    public void A_step_after_the_pivot_needs_a_schedule_instead_of_an_undo()
    {
        Refuses(
            "step 'hold_stock' comes after the pivot and could fail there: write .Retries(…)",
            Exchange.GiveMoney,
            Purchase.HoldStock);
        Refuses(
            "step 'hold_stock' is retried, so it comes after the pivot and is never undone",
            Purchase.HoldStock.Retries(Exchange.Retries));
        Refuses(
            "step 'hold_stock' is retried until it is done: let it have neither a failure reply nor a deadline",
            Purchase.HoldStock.Retries(Exchange.Retries));
        Refuses(
            "step 'give_money' is retried, but only asked once",
            Exchange.GiveMoney.Retries(Exchange.Retries with { MaxAttempts = 1 }));
        Refuses(
            "step 'give_money' is asked for 00:00:56.2500000 in all, but bank itself may try for 00:01:00",
            Exchange.GiveMoney.AnsweredBy(new("bank", TimeSpan.FromMinutes(1), TimeSpan.Zero)));
        Refuses("step 'empty' has no reply that says it is done", new SagaStep<string>("empty").Retries(Exchange.Retries));
    }

    [Fact]
    public void A_saga_without_steps_is_refused() => Refuses("it has no steps");

    [Fact]
    public void The_diagram_and_the_table_come_from_the_definition()
    {
        var catalog = new MessageCatalog()
            .Add("written_down", PurchaseJson.Default.WrittenDown)
            .Add("hold", PurchaseJson.Default.Hold)
            .Add("held", PurchaseJson.Default.Held)
            .Add("hold_failed", PurchaseJson.Default.HoldFailed)
            .Add("free", PurchaseJson.Default.Free)
            .Add("freed", PurchaseJson.Default.Freed)
            .Add("tell", PurchaseJson.Default.Tell);
        var definition = new SagaDefinition<string>(
            "purchase", 1, [Purchase.WriteDown, Purchase.HoldStock, Purchase.TellBuyer]);
        Assert.Equal(
            """
            flowchart TD
              write_down[write_down] -- written_down --> hold_stock
              hold_stock[hold_stock<br/>hold] -- held --> tell_buyer
              hold_stock -. hold_failed .-> cancelled
              hold_stock -. no reply within 30 s .-> undo_hold_stock
              undo_hold_stock[undo hold_stock<br/>free] -- freed --> cancelled
              undo_hold_stock -. never answered .-> person
              tell_buyer[tell_buyer<br/>tell] -- nobody waits --> completed
              completed([completed])
              cancelled([cancelled])
              person{{a person is called}}

            """,
            SagaDiagram.Mermaid(definition, catalog));
        Assert.Contains(
            "| 2 | `hold_stock` | `hold` | `held` | `hold_failed` | 30 s | `free` | `freed` |",
            SagaDiagram.Table(definition, catalog),
            StringComparison.Ordinal);
    }
}
