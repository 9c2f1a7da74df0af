using DoaMarket.Sagas;

namespace DoaMarket.Audit;

/// <summary>
/// G3 and G4: nothing is undone that was not done, everything that may have been done is, and in reverse order.
/// </summary>
internal static class CompensationInvariants
{
    public static IEnumerable<AuditResult> Of(ShopRecords shop, Scope scope)
    {
        var owed = new Check("G3", scope.Title(
            "an undo follows its step's command; each commanded step of a cancelled saga is undone, "
            + "or proved not done"));
        var reverse = new Check("G4", "an earlier step's undo begins only after the later step's undo is confirmed");
        foreach (var order in shop.Orders.Where(o => o.Saga is not null))
        {
            owed.LookAt(Unowed(order).Concat(scope.Covers(order) ? NotUndone(order) : []));
            reverse.LookAt(OutOfOrder(order));
        }

        return [owed.Result, reverse.Result];
    }

    private static IEnumerable<string> Unowed(OrderFile order)
    {
        foreach (var step in AskedStep.All)
        {
            if (order.First(step.Undo) is { } undo && !order.WasTold([step.Ask], before: undo))
            {
                yield return $"order {order.Id}: {step.Undo} {undo.Id} was sent before {step.Ask}";
            }
        }
    }

    private static IEnumerable<string> NotUndone(OrderFile order)
    {
        if (order.Saga!.State.Saga is not { Status: SagaStatus.Cancelled } saga)
        {
            yield break;
        }

        foreach (var step in AskedStep.All.Where(s => order.First(s.Ask) is not null))
        {
            var status = saga.Steps.FirstOrDefault(s => s.Name == step.Name)?.Status;
            var proof = status switch
            {
                StepStatus.Compensated => step.Undone,
                StepStatus.Failed => [step.Failed],
                _ => null,
            };
            if (proof is null)
            {
                yield return $"order {order.Id}: cancelled, but {step.Name}, which was commanded, is "
                    + (status is { } s ? Words.Of(s) : "unknown");
            }
            else if (!order.WasTold(proof))
            {
                yield return $"order {order.Id}: {step.Name} is {Words.Of(status!.Value)}, "
                    + $"but nobody told {string.Join(" or ", proof)}";
            }
        }
    }

    /// <summary>
    /// A later step that was commanded before has to be confirmed as undone, or proved not done, by then.
    /// </summary>
    private static IEnumerable<string> OutOfOrder(OrderFile order)
    {
        foreach (var earlier in AskedStep.All)
        {
            if (order.First(earlier.Undo) is not { } undo)
            {
                continue;
            }

            foreach (var later in AskedStep.All.Where(
                s => s.Index > earlier.Index && order.WasTold([s.Ask], before: undo)))
            {
                if (!order.WasTold([.. later.Undone, later.Failed], before: undo))
                {
                    yield return $"order {order.Id}: {earlier.Undo} {undo.Id} was sent before {later.Name} was undone";
                }
            }
        }
    }
}
