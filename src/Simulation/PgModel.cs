using DoaMarket.Audit;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Payments;

namespace DoaMarket.Simulation;

/// <summary>
/// The PG: it takes and gives back money, remembers its answers by idempotency key, and forgives nothing: two keys are
/// two charges.
/// </summary>
internal sealed class PgModel(World world) : IOutside
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(4);

    /// <summary>Later than this a call that was given up is not carried out any more; within the shop's patience.</summary>
    private static readonly TimeSpan LatestSuccess = TimeSpan.FromMinutes(8);

    /// <summary>
    /// Beyond any patience of the shop, which has told the order by then that nothing was charged. No PG promises that this
    /// cannot be, and one that does it tells of it until it is heard.
    /// </summary>
    private static readonly TimeSpan TooLate = TimeSpan.FromMinutes(20), LatestOfAll = TimeSpan.FromHours(3);

    /// <summary>How much more it takes than it was asked for, where it does, in won.</summary>
    private const long OtherAmount = 100;

    /// <summary>More than the shop tries by itself: an operator must have it tried again.</summary>
    private const int MostRefusals = 9;

    private readonly Dictionary<OrderId, Account> _accounts = [];
    private readonly Dictionary<string, EffectResult> _answers = new(StringComparer.Ordinal);
    private int _webhooks;

    /// <summary>Its journal.</summary>
    public List<OraclePayment> Books { get; } = [];

    /// <summary>The same without what the shop cannot know yet: its webhook is under way, and comes in the end.</summary>
    public IEnumerable<OraclePayment> BooksHeardOf => Books.Except(_accounts.Values.Select(a => a.Unheard).OfType<OraclePayment>());

    public IEnumerable<GatewayBinding> Bindings(ShopRun run) =>
    [
        world.Bind(PaymentKinds.Gateway, effect => Call(run, effect)),
    ];

    /// <summary>The most that it ever held of an order's money.</summary>
    public Money MostCaptured(OrderId order) =>
        new(_accounts.TryGetValue(order, out var account) ? account.MostCaptured : 0);

    /// <summary>What the shop has on its books by now; it may have asked before a webhook came.</summary>
    public void Knows(OrderId order, Money captured)
    {
        if (_accounts.TryGetValue(order, out var account) && account.Captured == captured.Won)
        {
            account.Unheard = null;
        }
    }

    private Task<EffectResult> Call(ShopRun run, Effect effect)
    {
        var latency = world.Chance.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(400));
        if ((effect as ChargeCard)?.NotAfter <= world.Clock.Now || (effect as IssueAccount)?.NotAfter <= world.Clock.Now)
        {
            return Answer(run, TimeSpan.Zero, new NotAttempted(TimeSpan.Zero, "The charge's deadline has passed."));
        }

        var order = (effect as ChargeCard)?.OrderId ?? (effect as IssueAccount)?.OrderId;
        if (order is { } about && Hits(Fault.PgWebhookForged))
        {
            Send(new PaymentHint(about, $"wh_{++_webhooks}"), world.Chance.UpTo(TimeSpan.FromSeconds(20)));
        }

        if (effect is ChargeCard && Hits(Fault.HoldEndsWhileCharging))
        {
            world.At(world.Clock.Now, () => world.Clock.MoveTo(world.Clock.Now + world.Bench.Inventory.HoldFor));
        }

        if (Hits(Fault.PgCircuitOpen))
        {
            return Answer(run, TimeSpan.Zero, new NotAttempted(TimeSpan.FromSeconds(5), "The circuit is open."));
        }

        if (effect is ChargeCard late && Hits(Fault.PgTooLate))
        {
            Of(late.OrderId).IsHeardInTheEnd = true;
            world.At(world.Clock.Now + world.Wait(TooLate, LatestOfAll, TooLate), () => Once(effect));
            return Answer(run, CallTimeout, new OutcomeUnknown(null, "timeout"));
        }

        if (Hits(Fault.PgTimeout))
        {
            return Answer(run, CallTimeout, new OutcomeUnknown(null, "timeout"));
        }

        if (Hits(Fault.PgServerError) || (effect is QueryPayment && Hits(Fault.PgQueryDown)))
        {
            return Answer(run, latency, new OutcomeUnknown("FAILED_INTERNAL_SYSTEM_PROCESSING", "HTTP 500"));
        }

        if (effect is QueryPayment query)
        {
            return Answer(run, latency, Tell(query.OrderId));
        }

        if (Hits(Fault.PgLateSuccess))
        {
            world.At(world.Clock.Now + world.Late(LatestSuccess), () => Once(effect));
            return Answer(run, CallTimeout, new OutcomeUnknown(null, "timeout"));
        }

        var answer = Once(effect);
        return Hits(Fault.PgResponseLost)
            ? Answer(run, CallTimeout, new OutcomeUnknown(null, "the connection broke"))
            : Answer(run, latency, answer);
    }

    private Task<EffectResult> Answer(ShopRun run, TimeSpan after, EffectResult result) =>
        world.Answer(run, ShopTopology.Payments, after, result);

    private EffectResult Once(Effect effect)
    {
        var key = effect switch
        {
            ChargeCard card => card.IdempotencyKey,
            IssueAccount issue => issue.IdempotencyKey,
            CloseAccount close => close.IdempotencyKey,
            _ => ((CancelPayment)effect).IdempotencyKey,
        };
        if (_answers.TryGetValue(key, out var before))
        {
            return before;
        }

        var answer = effect switch
        {
            ChargeCard charge => Charge(charge),
            IssueAccount issue => Issue(issue),
            CloseAccount close => Close(close.OrderId),
            _ => Refund((CancelPayment)effect),
        };
        if (answer is PaymentFound or ChargeDeclined)
        {
            _answers[key] = answer;
        }

        return answer;
    }

    private EffectResult Charge(ChargeCard charge)
    {
        var account = Of(charge.OrderId);
        account.Total = charge.Amount.Won + (Hits(Fault.PgOtherAmount) ? OtherAmount : 0);
        if (Hits(Fault.PgDecline))
        {
            world.Tell(charge.OrderId, "PG: the card is declined");
            account.Status ??= PgStatus.Dead;
            return new ChargeDeclined("REJECT_CARD_PAYMENT", "over the limit");
        }

        Capture(charge.OrderId, account, account.Total, charge.IdempotencyKey);
        return Tell(charge.OrderId);
    }

    private void Capture(OrderId order, Account account, long won, string key)
    {
        if (account.Captured > account.Refunded)
        {
            world.Violates("M4", $"order {order}: the PG was made to capture twice");
        }

        (account.Total, account.Captured) = (won, account.Captured + won);
        account.MostCaptured = Math.Max(account.MostCaptured, account.Captured);
        account.Status = PgStatus.Captured;
        Note(order, OraclePayment.Capture, won, key);
        SendWebhooks(order);
    }

    // Most customers pay in; of the others the account ends by itself.
    private EffectResult Issue(IssueAccount issue)
    {
        var account = Of(issue.OrderId);
        account.Total = issue.Amount.Won;
        account.Number = new(issue.Bank, $"va-{_accounts.Count}", issue.DueAt);
        account.Status = PgStatus.AwaitingDeposit;
        world.Tell(issue.OrderId, "PG: a virtual account is open");
        var pays = Hits(Fault.PgNoDeposit)
            ? issue.DueAt + TimeSpan.FromDays(1)
            : world.Clock.Now + world.Wait(TimeSpan.Zero, issue.DueAt - world.Clock.Now, TimeSpan.FromHours(2));
        world.At(pays < issue.DueAt ? pays : issue.DueAt, () =>
        {
            if (account.Status != PgStatus.AwaitingDeposit)
            {
                return;
            }

            if (pays >= issue.DueAt)
            {
                account.Status = PgStatus.Dead;
                return;
            }

            Capture(issue.OrderId, account, issue.Amount.Won, issue.IdempotencyKey);
            if (Hits(Fault.PgDepositReversed))
            {
                account.IsHeardInTheEnd = true;
                var patience = world.Chance.Of([TimeSpan.FromSeconds(20), TimeSpan.FromHours(1), TimeSpan.FromDays(4)]);
                world.At(world.Clock.Now + world.Chance.UpTo(patience), () => TakeBack(issue.OrderId));
            }
        });
        return Tell(issue.OrderId);
    }

    /// <summary>The bank takes back what was paid into an order's account.</summary>
    public void TakeBack(OrderId order)
    {
        var account = Of(order);
        if (account.Status != PgStatus.Captured || account.Refunded > 0)
        {
            return; // it is not the bank's any more
        }

        Note(order, OraclePayment.Reversal, account.Captured, "");
        (account.Captured, account.Status) = (0, PgStatus.AwaitingDeposit);
        world.At(account.Number!.DueAt, () =>
            account.Status = account.Status == PgStatus.AwaitingDeposit ? PgStatus.Dead : account.Status);
        SendWebhooks(order);
    }

    private EffectResult Close(OrderId order)
    {
        var account = Of(order);
        if (account.Status != PgStatus.AwaitingDeposit)
        {
            return new RequestRefused("NOT_CANCELABLE_PAYMENT", "there is money in it, or it has ended");
        }

        account.Status = PgStatus.Canceled;
        return Tell(order);
    }

    private EffectResult Refund(CancelPayment cancel)
    {
        var account = Of(cancel.OrderId);
        if (account.RefusesRefunds || Hits(Fault.PgRefundNever))
        {
            account.RefusesRefunds = world.IsBroken || account.RefusesRefunds;
            return new RequestRefused("NOT_CANCELABLE_PAYMENT", "refused for ever");
        }

        if (account.RefusalsLeft == 0 && Hits(Fault.PgRefundRefused))
        {
            account.RefusalsLeft = world.Script is null ? 1 + world.Chance.Below(MostRefusals) : 1;
        }

        if (account.RefusalsLeft > 0 && (world.IsBroken || world.Script is not null))
        {
            account.RefusalsLeft--;
            return new RequestRefused("NOT_CANCELABLE_AMOUNT", "refused for now");
        }

        var balance = account.Captured - account.Refunded;
        if (cancel.Refundable.Won != balance || cancel.Amount.Won > balance)
        {
            return balance == 0
                ? new OutcomeUnknown("ALREADY_CANCELED_PAYMENT", "already")
                : new RequestRefused("NOT_MATCHES_REFUNDABLE_AMOUNT", "guard");
        }

        account.Refunded += cancel.Amount.Won;
        account.Refunds.Add(
            new($"{cancel.Reason} [{cancel.RefundId}]", cancel.Amount, IsDone: true, $"tx_r{account.Refunds.Count}"));
        account.Status = account.Captured == account.Refunded ? PgStatus.Canceled : PgStatus.Captured;
        Note(cancel.OrderId, OraclePayment.Cancel, cancel.Amount.Won, cancel.IdempotencyKey);
        return Tell(cancel.OrderId);
    }

    private void Note(OrderId order, string kind, long won, string key)
    {
        world.Tell(order, $"PG: {kind} of {won} won");
        world.Trace.Note(70, (int)won);
        Books.Add(new(order.ToString(), kind, $"pk_{order}", won, key));
    }

    private EffectResult Tell(OrderId order)
    {
        var account = Of(order);
        return account.Status is { } status
            ? new PaymentFound(
                status, status.ToString(), IsConfirmable: false, $"pk_{order}", $"tx_{order}",
                new Money(account.Total), new Money(account.Captured - account.Refunded), [.. account.Refunds], null)
            {
                Account = account.Number,
            }
            : new PaymentNotFound("NOT_FOUND_PAYMENT");
    }

    // A webhook can be the first to tell of a capture; most of them come when everything is known.
    private void SendWebhooks(OrderId order)
    {
        var isTold = Of(order).IsHeardInTheEnd || world.Script is not null || (world.IsBroken && world.Chance.OneIn(3));
        if (!isTold || (!Of(order).IsHeardInTheEnd && Hits(Fault.PgWebhookNever)))
        {
            return;
        }

        Of(order).Unheard = Of(order).IsHeardInTheEnd ? Books[^1] : null;
        var hint = new PaymentHint(order, $"wh_{++_webhooks}");
        var first = Hits(Fault.PgWebhookEarly) ? TimeSpan.Zero : world.Chance.UpTo(TimeSpan.FromSeconds(20));
        Send(hint, first);
        if (Hits(Fault.PgWebhookTwice))
        {
            Send(hint, first + world.Chance.UpTo(TimeSpan.FromMinutes(5)));
        }
    }

    private void Send(PaymentHint hint, TimeSpan after) => world.At(world.Clock.Now + after, () =>
    {
        var isTaken = false;
        world.Ask(
            ShopTopology.Payments, hint,
            _ =>
            {
                isTaken = true;
                Of(hint.OrderId).Unheard = null;
            },
            static () => { });
        if (world.Script is not null || Of(hint.OrderId).IsHeardInTheEnd)
        {
            world.At(world.Clock.Now + Script.Patience, () =>
            {
                if (!isTaken)
                {
                    Send(hint, TimeSpan.Zero); // a PG calls again until it is answered, whatever becomes of the shop meanwhile
                }
            });
        }
    });

    private bool Hits(Fault fault) => world.Hits(fault, FlowStep.Pay);

    private Account Of(OrderId order) => _accounts.TryGetValue(order, out var account)
        ? account
        : _accounts[order] = new();

    private sealed class Account
    {
        public PgStatus? Status { get; set; }

        public PgAccount? Number { get; set; }

        public long Total { get; set; }

        public long Captured { get; set; }

        public long MostCaptured { get; set; }

        public long Refunded { get; set; }

        public bool RefusesRefunds { get; set; }

        /// <summary>Whether its webhooks come for certain, and again until they are taken.</summary>
        public bool IsHeardInTheEnd { get; set; }

        /// <summary>What its webhook is still to tell of.</summary>
        public OraclePayment? Unheard { get; set; }

        /// <summary>Refunds that it refuses before it takes one.</summary>
        public int RefusalsLeft { get; set; }

        public List<PgRefund> Refunds { get; } = [];
    }
}
