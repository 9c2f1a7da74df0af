using DoaMarket.Sandbox.Http;

namespace DoaMarket.Sandbox.Pg;

/// <summary>What happens between the effect and the answer.</summary>
internal enum PgAfter
{
    Answer,

    /// <summary>The capture is made, but the answer hangs.</summary>
    HangThenAnswer,

    /// <summary>The answer hangs, then the charge is given up: nothing was captured.</summary>
    HangThenAbandon,
}

/// <summary>Outcome of a PG call.</summary>
/// <param name="Answer">What to answer.</param>
/// <param name="IsDefinite">Whether the answer is remembered under the idempotency key.</param>
/// <param name="After">What happens before the answer is sent.</param>
/// <param name="PaymentKey">The payment to abandon.</param>
internal sealed record PgResult(
    Answer Answer, bool IsDefinite, PgAfter After = PgAfter.Answer, string? PaymentKey = null)
{
    public static PgResult Error(string code, string? detail = null) =>
        new(PgErrors.Answer(code, detail), PgErrors.IsDefinite(code));

    public static PgResult Of(PgPayment payment) => new(Http.Answer.Json(200, payment.ToToss()), IsDefinite: true);
}

/// <summary>A PG call whose input is in order, ready to be carried out in one transaction.</summary>
/// <param name="Operation">charge or cancel.</param>
/// <param name="Keys">What fault rules can match on.</param>
/// <param name="Effect">Does it: session, idempotency key, whether it must be declined.</param>
internal sealed record PgCommand(
    string Operation, string[] Keys, Func<Store.SqlSession, string?, bool, PgResult> Effect);
