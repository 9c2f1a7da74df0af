using DoaMarket.Kernel;

namespace DoaMarket.Sqlite;

/// <summary>What SQLite's result codes mean to the kernel (https://www.sqlite.org/rescode.html).</summary>
internal static class SqliteErrors
{
    private const int Busy = 5, Locked = 6, NoMemory = 7, ReadOnly = 8, Interrupt = 9, InputOutput = 10;
    private const int Full = 13, CannotOpen = 14, Constraint = 19;
    private const int ConstraintPrimaryKey = 1555, ConstraintUnique = 2067;

    /// <summary>
    /// A key that is taken is a conflict; other data errors are refused; the rest means that the store cannot write
    /// now.
    /// </summary>
    public static CommitOutcome? OutcomeOf(SqliteException error) => error.Code switch
    {
        Constraint when error.ExtendedCode is ConstraintPrimaryKey or ConstraintUnique =>
            CommitOutcome.Conflict,
        Busy or Locked or NoMemory or ReadOnly or Interrupt or InputOutput or Full or CannotOpen => null,
        _ => CommitOutcome.Refused,
    };

    /// <param name="error">What SQLite said.</param>
    /// <param name="committing">Whether COMMIT said it: what was not flushed may be found in the log all the same.</param>
    public static StoreUnavailableException Unavailable(SqliteException error, bool committing = false) =>
        error.Code switch
        {
            Full =>
                new("The disk is full: free space in the data folder. Nothing was lost; work goes on by itself.", error),
            var code => new($"SQLite cannot write now: {error.Message}", error)
            {
                MayHaveCommitted = committing && code == InputOutput,
            },
        };
}
