using DoaMarket.Kernel;

namespace DoaMarket.Sagas;

/// <summary>
/// A saga's definition as a picture and a table, so that the documents cannot say anything else than the code.
/// </summary>
public static class SagaDiagram
{
    /// <summary>A Mermaid flowchart: solid arrows are replies, dotted ones are failures and deadlines.</summary>
    public static string Mermaid<TSubject>(SagaDefinition<TSubject> definition, MessageCatalog catalog)
    {
        var arrows = definition.Steps.SelectMany((step, i) =>
        {
            var forward = i + 1 < definition.Steps.Count ? definition.Steps[i + 1].Name : "completed";
            var earlier = definition.Steps.Take(i).LastOrDefault(s => s.Kind is StepKind.Asked);
            return Arrows(step, forward, earlier is null ? "cancelled" : $"undo_{earlier.Name}", catalog);
        });
        return Lines(
        [
            "flowchart TD",
            .. arrows,
            "  completed([completed])",
            "  cancelled([cancelled])",
            "  person{{a person is called}}",
        ]);
    }

    /// <summary>The steps as a Markdown table.</summary>
    public static string Table<TSubject>(SagaDefinition<TSubject> definition, MessageCatalog catalog) => Lines(
    [
        "| # | step | asks | done on | failed on | within | undone by | undone on |",
        "|---|---|---|---|---|---|---|---|",
        .. definition.Steps.Select((step, i) => $"| {i + 1} | {string.Join(" | ", Cells(step, catalog))} |"),
    ]);

    private static IEnumerable<string> Arrows<TSubject>(
        SagaStep<TSubject> step, string forward, string back, MessageCatalog catalog)
    {
        string Wire(Type? type) => type is null ? "done" : catalog.NameOf(type);

        if (step.Kind is StepKind.Local)
        {
            yield return $"  {step.Name}[{step.Name}] -- {Wire(step.Done)} --> {forward}";
            yield break;
        }

        var box = $"{step.Name}[{step.Name}<br/>{Wire(step.Ask?.Type)}]";
        if (step.Kind is StepKind.FireAndForget)
        {
            yield return $"  {box} -- nobody waits --> {forward}";
            yield break;
        }

        if (step.Kind is StepKind.Retried)
        {
            var stuck = step.Stuck is { } told ? $"{Wire(told.Type)} or never answered" : "never answered";
            yield return $"  {box} -- {Wire(step.Done)} --> {forward}";
            yield return $"  {step.Name} -. not answered: asked again .-> {step.Name}";
            yield return $"  {step.Name} -. {stuck} .-> person";
            yield break;
        }

        var undo = $"undo_{step.Name}";
        var undone = string.Join(" or ", step.Undone.Select(Wire));
        var failed = step.UndoFailed is { } reply ? $"{Wire(reply.Type)} or never answered" : "never answered";
        yield return $"  {box} -- {Wire(step.Done)} --> {forward}";
        yield return $"  {step.Name} -. {Wire(step.Failed?.Type)} .-> {back}";
        yield return $"  {step.Name} -. no reply within {Words.Of(step.Deadline!.Value)} .-> {undo}";
        foreach (var arrow in Waiting(step, forward, undo, Wire))
        {
            yield return arrow;
        }

        yield return $"  {undo}[undo {step.Name}<br/>{Wire(step.Undo?.Type)}] -- {undone} --> {back}";
        yield return $"  {undo} -. {failed} .-> person";
        if (step.Refusal is { } refusal)
        {
            var refused = Wire(refusal.RefusedOn.Type);
            yield return $"  {undo} -- {refused}, asked by nobody --> {forward}";
            yield return $"  {undo} -- {refused}, asked by a person --> return_{step.Name}[it comes back]";
            yield return $"  return_{step.Name} -- {Wire(refusal.UndoneOn)} --> {back}";
            yield return $"  return_{step.Name} -. not within {Words.Of(refusal.Within)} .-> person";
        }
    }

    private static IEnumerable<string> Waiting<TSubject>(
        SagaStep<TSubject> step, string forward, string undo, Func<Type?, string> wire)
    {
        if (step is not { Wait: { } wait, Hold: { } hold })
        {
            yield break;
        }

        var (holds, waits) = ($"hold_{step.Name}", $"wait_{step.Name}");
        yield return $"  {step.Name} -- {wire(wait.On)} --> {holds}[hold for longer<br/>{wire(hold.Ask.Type)}]";
        yield return $"  {holds} -- {wire(hold.HeldOn)} --> {waits}[wait for somebody outside]";
        yield return $"  {holds} -. not within {Words.Of(hold.Within)} .-> {undo}";
        yield return $"  {waits} -- {wire(step.Done)} --> {forward}";
        yield return $"  {waits} -. not until it is due, and {Words.Of(wait.Grace)} more .-> {undo}";
    }

    private static string[] Cells<TSubject>(SagaStep<TSubject> step, MessageCatalog catalog)
    {
        string Wire(Type? type) => type is null ? "–" : $"`{catalog.NameOf(type)}`";
        var undone = string.Join(" or ", step.Undone.Select(Wire));
        var back = step.Refusal is { } refusal
            ? $"; after {Wire(refusal.RefusedOn.Type)}: {Wire(refusal.UndoneOn)} within {Words.Of(refusal.Within)}"
            : "";
        var longer = step is { Wait: { } wait, Hold: { } hold }
            ? $"; after {Wire(wait.On)} and {Wire(hold.HeldOn)}: until it is due, and {Words.Of(wait.Grace)} more"
            : "";
        return
        [
            $"`{step.Name}`",
            step.Kind is StepKind.Local ? "– (local)" : Wire(step.Ask?.Type),
            step.Kind is StepKind.FireAndForget ? "nobody waits" : Wire(step.Done),
            step.Stuck is { } stuck ? $"a person is called on {Wire(stuck.Type)}" : Wire(step.Failed?.Type),
            step.Retry is { } retry ? $"asked again, {retry.MaxAttempts} times"
                : (step.Deadline is { } within ? Words.Of(within) : "–") + longer,
            step.Kind switch
            {
                StepKind.Local => "– (local)",
                StepKind.Retried => "– (after the pivot)",
                _ => Wire(step.Undo?.Type),
            },
            undone.Length == 0 ? "–" : undone + back,
        ];
    }

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
