namespace DoaMarket.Simulation.Tests.Planting;

/// <summary>In the loop, its store, and the engine of the sagas.</summary>
internal static partial class PlantedBugs
{
    private static PlantedBug[] Kernel =>
    [
        new("takes in again what a document has taken in", "Kernel/Batch.cs",
            "document.HasHandled(item.Id)", "document.HasHandled(Guid.Empty)", "O4"),
        new("does not remember what a document takes in", "Kernel/Batch.cs",
            "document.Remember(item.Id);", "_ = item.Id;", "O2", "O4", "S5", "M1", "O1"),
        new("sends the first message of a decision and forgets the others", "Kernel/Batch.cs",
            "messages.AddRange(item.Messages);", "messages.AddRange(item.Messages.Take(1));", "O1", "G3"),
        new("acknowledges what has failed for the last time", "Kernel/Batch.cs",
            "if (item.Failure is not { } failure)",
            "if (item.Failure is not { } failure || item.Attempt >= frame.Queue.MaxReceives)", "O2"),
        new("takes a lost answer to a commit for a yes", "Kernel/BatchHandling.cs",
            "Next = BatchStep.Begin;\n            if (batch.Work", "Next = Next == BatchStep.Commit ? BatchStep.Settle : BatchStep.Begin;\n            if (batch.Work", "X1", "O2"),
        new("sets no timer for a new document", "Kernel/BatchDocuments.cs",
            "var wake = HasFired || due is null || column is null || due < column ? due : column;",
            "var wake = HasFired || due is null || due < column ? due : column;", "G2"),
        new("forgets what caused a message", "Kernel/MessageWriter.cs",
            "var cause = decision.Trail.CausationId;", "var cause = (EventId?)null;", "O3"),
        new("never closes an alert", "Kernel/AlertBook.cs",
            "entry.Change(before with { ResolvedAt = now, Resolution = resolution });", "entry.Change(before);", "M6", "G2"),
        new("says that it wakes a parked document, and does not", "Kernel/OperatorRequests.cs",
            "return decision.Wake(key)\n", "return decision\n", "G2", "M2", "M5", "O2"),
        new("answers a repeated reply under a new id", "Kernel/Decision.cs",
            "Add(new(original.EventId, message, original.At));",
            "Add(new(new(DerivedId.From(Occasion.Id, _messages.Count)), message, original.At));", "O1"),
    ];

    private static PlantedBug[] Store =>
    [
        new("writes over a newer version", "Adapters/Sqlite/SqliteCommit.cs",
            "values[^1] = write.ExpectedVersion;",
            "values[^1] = session.Number($\"SELECT version FROM {SqliteSchema.TableOf(kind)} WHERE key = $1\", write.Key.Id) ?? 0L;", "S2", "S3", "G1", "O2"),
        new("does not look whether a newer version was there", "Adapters/Sqlite/SqliteCommit.cs",
            "else if (session.Execute(table.Update, values) == 0)", "else if (session.Execute(table.Update, values) < 0)", "S2", "S3", "G1", "O2"),
        new("delivers to the first queue alone", "Adapters/Sqlite/SqliteCommit.cs",
            "foreach (var queue in message.Queues)", "foreach (var queue in message.Queues.Take(1))", "O2"),
        new("acknowledges before the commit", "Adapters/Sqlite/SqliteTransport.cs",
            "UPDATE deliveries SET run = $1, receives = receives + 1, visible_at = $2 WHERE queue = $3 AND seq IN (",
            "DELETE FROM deliveries WHERE $1 <> '' AND $2 > 0 AND queue = $3 AND seq IN (", "O2"),
        new("keeps no row of what it hands over in memory", "Adapters/Sqlite/SqliteCommit.cs",
            "if (added > 0 && inMemory)", "if (inMemory && session.Execute(\"DELETE FROM deliveries WHERE queue = $1 AND seq = $2\", queue.Queue, sequence) > 0)", "O2"),
        new("keeps the half of a unit that was refused", "Adapters/Sqlite/SqliteWriter.cs",
            "_session.Execute(\"ROLLBACK\");\n            unit.Fail", "_session.Execute(\"COMMIT\");\n            unit.Fail", "O1", "S2", "S3", "X1"),
        new("redrives a letter that is not dead any more", "Adapters/Sqlite/SqliteDeadLetters.cs",
            "settled_because = $2 WHERE id = $3 AND status = 'dead'\"", "settled_because = $2 WHERE id = $3\"", "O5"),
        new("buries a letter without its personal data", "Adapters/Sqlite/SqliteDeadLetters.cs",
            "letter.Error, letter.Headers, letter.Body,", "letter.Error, letter.Headers, letter.MaskedBody,", "O5"),
    ];

    private static PlantedBug[] Sagas =>
    [
        new("does not wait until an undo is confirmed", "Sagas/SagaTurn.Compensation.cs",
            "BeginUndo(i);\n                    return;", "BeginUndo(i);\n                    break;", "G1", "G4"),
        new("undoes in the order of doing", "Sagas/SagaTurn.Compensation.cs",
            "for (var i = _steps.Length - 1; i >= 0; i--)", "for (var i = 0; i < _steps.Length; i++)", "G4"),
        new("forgets a command whose reply never came", "Sagas/SagaTurn.Compensation.cs",
            "StepStatus.InProgress or StepStatus.TimedOut or StepStatus.Completed;", "StepStatus.Completed;", "G1", "G3"),
        new("undoes what was never asked", "Sagas/SagaTurn.Compensation.cs",
            "StepStatus.InProgress or StepStatus.TimedOut or StepStatus.Completed;",
            "StepStatus.InProgress or StepStatus.TimedOut or StepStatus.Completed or StepStatus.Skipped;", "G3"),
        new("says cancelled when it begins to cancel", "Sagas/SagaTurn.Compensation.cs",
            "_actions.Add(new SagaAction.CancellingBegan(reason));",
            "_actions.Add(new SagaAction.CancellingBegan(reason)); _actions.Add(new SagaAction.Cancelled(reason));", "G6", "O1", "G3"),
        new("sets no timer after a step", "Sagas/SagaTurn.cs",
            "WakeBy(_steps[i].DeadlineAt!.Value);", "_ = i;", "G2"),
        new("calls nobody when an undo fails", "Sagas/SagaTurn.Compensation.cs",
            "_actions.Add(new SagaAction.NeedsAttention(Name(i), reason, toldByParticipant));", "_ = toldByParticipant;", "G2"),
        new("takes a refused undo for an undo", "Sagas/SagaTurn.Replies.cs",
            "if (!MustComeBack(i))\n        {\n            ProvedDone(i, reason);",
            "if (!MustComeBack(i))\n        {\n            Undone(i, UndoReport.Undone);\n            UndoNext();", "G3", "G4", "G6"),
        new("lets a timer act on a saga that is over", "Sagas/SagaTurn.cs",
            "s => s.Status is StepStatus.InProgress or StepStatus.Compensating);",
            "s => s.Status is StepStatus.InProgress or StepStatus.Compensating or StepStatus.Completed);", "R1", "G1"),
    ];
}
