using DoaMarket.Contracts;
using DoaMarket.Sagas;

namespace DoaMarket.Orders;

/// <summary>Reads from a saga what its order was cancelled for.</summary>
internal static class CancelCause
{
    public static string Of(SagaState saga) =>
        saga.AskedByPerson
            ? CancelCauses.Person
            : saga.Steps.FirstOrDefault(step => step.Status is StepStatus.Failed)?.Name switch
            {
                OrderFlow.ReserveInventory => CancelCauses.Stock,
                OrderFlow.ProcessPayment => CancelCauses.Payment,
                OrderFlow.PrepareShipping => CancelCauses.Shipping,
                _ => CancelCauses.Other,
            };
}
