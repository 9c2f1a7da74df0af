using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments.Tests;

/// <summary>
/// A PG that keeps its own books and breaks in every way it can: it times out, loses answers, succeeds late, refuses,
/// is away. It forgives nothing: two keys are two charges.
/// </summary>
internal sealed class ModelPg(Random random)
{
    private readonly Dictionary<string, EffectResult> _answersByKey = new(StringComparer.Ordinal);
    private readonly List<(DateTimeOffset At, Action Act, string Key)> _late = [];
    private readonly List<PgRefund> _refunds = [];
    private readonly bool _isDeclining = random.Next(5) == 0;
    private PgStatus? _status;

    /// <summary>Whether every call is answered truthfully and at once.</summary>
    public bool IsHealed { get; private set; }

    /// <summary>Whether refunds are refused even then.</summary>
    public bool RefusesRefunds { get; } = random.Next(8) == 0;

    /// <summary>Whether something was carried out later than anybody waits for it.</summary>
    public bool WasVeryLate { get; private set; }

    public int Captures { get; private set; }

    public Money Captured { get; private set; }

    public Money Refunded { get; private set; }

    public Money Balance => Captured - Refunded;

    public bool HasLate => _late.Count > 0;

    public void Heal() => IsHealed = true;

    public void CarryOutLate(DateTimeOffset now)
    {
        foreach (var late in _late.Where(l => l.At <= now).ToList())
        {
            _late.Remove(late);
            late.Act();
        }
    }

    public EffectResult CarryOut(Effect effect, DateTimeOffset now)
    {
        CarryOutLate(now);
        if (effect is ChargeCard card && now >= card.NotAfter)
        {
            return new NotAttempted(TimeSpan.Zero, "past its deadline");
        }

        var fault = IsHealed ? 99 : random.Next(24);
        return (effect, fault) switch
        {
            (_, 0 or 1) => Given.CircuitOpen,
            (_, 2 or 3) => Given.Timeout, // it never arrived
            (_, 4) => new OutcomeUnknown("PROVIDER_ERROR", "transient"),
            (QueryPayment, _) => Tell(),
            (_, 5) => new RequestRefused("UNAUTHORIZED_KEY", "this request only"),
            (_, 6 or 7 or 8) when Once(effect) is not null => Given.Broken, // done, and its answer is lost
            (_, 9 or 10 or 11) => Later(effect, now),
            _ => Once(effect),
        };
    }

    private OutcomeUnknown Later(Effect effect, DateTimeOffset now)
    {
        // Mostly within the time after which "not found" is believed; sometimes beyond it, and a webhook tells of it.
        var isVeryLate = random.Next(12) == 0;
        WasVeryLate |= isVeryLate;
        var delay = TimeSpan.FromSeconds(isVeryLate ? random.Next(600, 2_000) : random.Next(1, 500));
        _late.Add((now + delay, () => Once(effect), KeyOf(effect)));
        return Given.Timeout;
    }

    private EffectResult Once(Effect effect)
    {
        var key = KeyOf(effect);
        if (_answersByKey.TryGetValue(key, out var before))
        {
            return before;
        }

        var answer = effect is ChargeCard charge ? Charge(charge) : Refund((CancelPayment)effect);
        if (answer is PaymentFound or ChargeDeclined)
        {
            _answersByKey[key] = answer;
        }

        return answer;
    }

    private EffectResult Charge(ChargeCard charge)
    {
        if (_isDeclining)
        {
            _status = PgStatus.Dead;
            return Given.Declined;
        }

        Captures++;
        Captured += charge.Amount;
        _status = PgStatus.Captured;
        return Tell();
    }

    private EffectResult Refund(CancelPayment cancel)
    {
        if (RefusesRefunds || (!IsHealed && random.Next(4) == 0))
        {
            return Given.RefundRefused;
        }

        if (cancel.Refundable != Balance || cancel.Amount > Balance)
        {
            return Balance == Money.Zero
                ? new OutcomeUnknown("ALREADY_CANCELED_PAYMENT", "already")
                : new RequestRefused("NOT_MATCHES_REFUNDABLE_AMOUNT", "guard");
        }

        Refunded += cancel.Amount;
        _refunds.Add(new($"{cancel.Reason} [{cancel.RefundId}]", cancel.Amount, IsDone: true, $"tx_r{_refunds.Count}"));
        _status = Balance == Money.Zero ? PgStatus.Canceled : PgStatus.Captured;
        return Tell();
    }

    private EffectResult Tell()
    {
        if (_status is null)
        {
            return _late.Count > 0 && random.Next(2) == 0 ? Given.InProgress : Given.NotFound;
        }

        return new PaymentFound(
            _status.Value, _status.Value.ToString(), IsConfirmable: false, "pk_1", "tx_1", Given.Amount, Balance,
            [.. _refunds], null);
    }

    private static string KeyOf(Effect effect) =>
        effect is ChargeCard charge ? charge.IdempotencyKey : ((CancelPayment)effect).IdempotencyKey;
}
