namespace DoaMarket.Sandbox.Http;

/// <summary>Which field of a request is wrong, and the rule it breaks.</summary>
internal sealed record FieldProblem(string Field, string Reason)
{
    public Answer ToAnswer(int status = 400, string code = "INVALID_REQUEST") =>
        Answer.Error(status, code, $"{Field} {Reason}.", Field);
}
