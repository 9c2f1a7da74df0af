namespace DoaMarket.Sandbox.Pg;

/// <summary>How a payment made with a sandbox key behaves; the wire name follows <c>bk_</c> or <c>pk_</c>.</summary>
internal enum PgBehaviour
{
    Ok,
    Declined,
    Insufficient,
    TimeoutThenSuccess,
    TimeoutForever,
    RefundFailsTwice,
    RefundFails,

    /// <summary>Nobody pays into the virtual account.</summary>
    NoDeposit,

    /// <summary>The bank takes the first deposit into the virtual account back.</summary>
    DepositReversed,
}

/// <summary>A sandbox key as given by a client.</summary>
/// <param name="Behaviour">How the payment will behave.</param>
/// <param name="IsTemplate">Whether the key is the bare behaviour, which any number of payments may use.</param>
internal sealed record PgKey(PgBehaviour Behaviour, bool IsTemplate)
{
    private static readonly (string Name, PgBehaviour Behaviour)[] Names =
    [
        ("ok", PgBehaviour.Ok),
        ("declined", PgBehaviour.Declined),
        ("insufficient", PgBehaviour.Insufficient),
        ("timeout_then_success", PgBehaviour.TimeoutThenSuccess),
        ("timeout_forever", PgBehaviour.TimeoutForever),
        // The longer name first: it also begins with the shorter one.
        ("refund_fails_twice", PgBehaviour.RefundFailsTwice),
        ("refund_fails", PgBehaviour.RefundFails),
    ];

    // A virtual account has no key of the customer's: its behaviour is chosen by who pays in.
    private static readonly (string Name, PgBehaviour Behaviour)[] OfAccounts =
    [
        ("no_deposit", PgBehaviour.NoDeposit),
        ("deposit_reversed", PgBehaviour.DepositReversed),
        ("refund_fails_twice", PgBehaviour.RefundFailsTwice),
        ("refund_fails", PgBehaviour.RefundFails),
    ];

    /// <summary>Virtual accounts: <c>va_</c> and a behaviour; anybody else pays in.</summary>
    public static PgBehaviour OfCustomerName(string customer) =>
        OfAccounts.FirstOrDefault(entry => customer == "va_" + entry.Name, (Name: "", Behaviour: PgBehaviour.Ok)).Behaviour;

    /// <summary>Registered cards: exactly <c>bk_</c> and a behaviour.</summary>
    public static PgKey? OfBillingKey(string key) => Of(key, "bk_") is { IsTemplate: true } known ? known : null;

    /// <summary>
    /// Authenticated payments: <c>pk_ok</c> stands for a new one each time, <c>pk_ok_123</c> is that one payment.
    /// </summary>
    public static PgKey? OfPaymentKey(string key) => Of(key, "pk_");

    public static string NameOf(PgBehaviour behaviour) => All.First(entry => entry.Behaviour == behaviour).Name;

    public static PgBehaviour Parse(string name) => All.First(entry => entry.Name == name).Behaviour;

    private static IEnumerable<(string Name, PgBehaviour Behaviour)> All => Names.Concat(OfAccounts);

    private static PgKey? Of(string key, string prefix)
    {
        if (!key.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        string rest = key[prefix.Length..];
        foreach ((string name, PgBehaviour behaviour) in Names)
        {
            if (rest == name)
            {
                return new PgKey(behaviour, IsTemplate: true);
            }

            if (rest.StartsWith(name + "_", StringComparison.Ordinal))
            {
                return new PgKey(behaviour, IsTemplate: false);
            }
        }

        return null;
    }
}
