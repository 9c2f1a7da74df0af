using System.Globalization;
using System.Text;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Payments.Tests;

/// <summary>
/// Thousands of orders, each with its own bad luck: messages repeated and out of order, two processes asking at once,
/// answers lost, late or doubled, timers early or late, and a PG that breaks. Then everything heals, and the money must
/// be where it belongs.
/// </summary>
public sealed class InterleavingTests
{
    private const int SeedFirst = 1;
    private const int SeedLast = 800;

    [Fact]
    public void Money_is_where_it_belongs_whatever_happened()
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var seed = SeedFirst; seed <= SeedLast; seed++)
        {
            foreach (var word in Run(seed))
            {
                seen[word] = seen.GetValueOrDefault(word) + 1;
            }
        }

        // A checker that never met these has proved nothing.
        foreach (var word in new[]
        {
            "completed", "failed", "cancelled", "refunded", "refund_failed", "late_capture", "tombstone",
                "refund_remembered",
            "charge_repeated", "refund_attempt_failed", "not_attempted", "late_answer", "duplicate_dropped", "rearmed",
                "settled",
            "late_request_refused", "outcome_unknown", "hint_checked", "part refunded", "part failed", "part closed",
                "refund_queued", "part rearmed", "taken_over", "nothing_left",
        })
        {
            Assert.True(seen.GetValueOrDefault(word) >= 3, $"hardly ever '{word}': {string.Join(", ", seen)}");
        }
    }

    private static HashSet<string> Run(int seed)
    {
        try
        {
            var luck = new BadLuck(seed, story: null);
            luck.Run();
            return luck.Seen;
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"Seed {seed}:\n{Story(seed)}", error);
        }
    }

    private static string Story(int seed)
    {
        var story = new StringBuilder();
        var luck = new BadLuck(seed, story);
        Assert.NotNull(Record.Exception(luck.Run)); // the same seed tells the same story
        return story.ToString();
    }

    private sealed class BadLuck
    {
        private const int StepsMax = 160;
        private const int HealingRoundsMax = 300;

        private readonly Random _random;
        private readonly ModelPg _pg;
        private readonly Shop _shop = new()
        {
            Options = new() { RefundBackoff = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), MaxAttempts: 3) },
        };

        private readonly List<(int Node, Effect Effect)> _running = [];
        private readonly List<(int Node, Effect Effect, EffectResult Result)> _answers = [];
        private readonly List<(IMessage Message, Guid Id)> _messages = [];
        private readonly StringBuilder? _story;
        private int _transmissions;
        private int _retries;
        private int _sent;
        private int _commits;
        private int _stepsToCancel;
        private readonly List<RefundId> _parts = [];

        public BadLuck(int seed, StringBuilder? story)
        {
            _story = story;
            _random = new Random(seed);
            _pg = new ModelPg(_random);
            Send(Given.ChargeRequest());
            _stepsToCancel = _random.Next(8) == 0 ? 0 : _random.Next(StepsMax);
        }

        public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

        private Payment? Payment => _shop.Found;

        public void Run()
        {
            for (var step = _random.Next(10, StepsMax); step > 0; step--)
            {
                if (_stepsToCancel-- == 0)
                {
                    Send(Given.RefundRequest());
                }

                Step();
                HoldsAlways();
            }

            Heal();
            HoldsAtRest();
            Seen.UnionWith(_shop.Notes.Select(n => n.Kind));
            Seen.Add(_shop.Payment.Status.Name());
            Seen.UnionWith(_shop.Payment.Refunds.Where(r => r.Kind == RefundKind.PartialCancel)
                .Select(r => $"part {r.Status.ToString().ToLowerInvariant()}"));
        }

        private void Step()
        {
            switch (_random.Next(14))
            {
                case 0 or 1 or 12 when _messages.Count > 0:
                    Deliver(_random.Next(_messages.Count));
                    break;
                case 2 or 3 or 4 when _running.Count > 0:
                    CarryOut(_random.Next(_running.Count));
                    break;
                case 5 or 6 or 7 when _answers.Count > 0:
                    TakeIn(_random.Next(_answers.Count), isKept: _random.Next(10) == 0);
                    break;
                case 8 when _running.Count > 0 && _random.Next(3) == 0:
                    _running.RemoveAt(_random.Next(_running.Count)); // a crash before the call, or a full runner
                    break;
                case 9 when Payment is not null && _random.Next(3) == 0:
                    Tell($"hint: {_shop.Hint($"t{_transmissions++ / 2}")}");
                    Start(null);
                    break;
                case 10 or 11:
                    Operate();
                    break;
                default:
                    PassTime(TimeSpan.FromSeconds(_random.Next(40) == 0 ? _random.Next(900) : _random.Next(6)));
                    break;
            }
        }

        private void Operate()
        {
            if (Payment is { Status: PaymentStatus.RefundFailed, Refund: { Kind: RefundKind.PartialCancel } part })
            {
                Seen.Add("part rearmed");
                Send(Given.PartRequest(part.Asked!.Value.Won, part.Id, ++_retries));
            }
            else if (Payment is { Status: PaymentStatus.RefundFailed })
            {
                Seen.Add("rearmed");
                Send(Given.RefundRequest(++_retries));
            }
            else if (_random.Next(120) == 0)
            {
                Seen.Add("settled");
                Send(Given.ResolveRequest(_random.Next(2) == 0 ? null : Given.Amount));
            }
            else if (_parts.Count < 3 && _random.Next(25) == 0)
            {
                _parts.Add(new(DerivedId.From(Given.Order.Value, 20_000 + _parts.Count)));
                Send(Given.PartRequest(_random.Next(1, 9_000), _parts[^1]));
            }
            else if (_random.Next(6) == 0)
            {
                // resent under another id
                Send(_shop.RefundWasRequested ? Given.RefundRequest() : Given.ChargeRequest());
            }
        }

        private void Heal()
        {
            _pg.Heal();
            _running.Clear(); // every process is started anew
            while (_messages.Count > 0)
            {
                Deliver(0, isKept: false);
            }

            for (var round = 0; round < HealingRoundsMax; round++)
            {
                while (_answers.Count > 0)
                {
                    TakeIn(0, isKept: false);
                }

                if (_running.Count > 0)
                {
                    CarryOut(0);
                }
                else if (Payment!.WakeAt is { } due)
                {
                    PassTime(due > _shop.Now ? due - _shop.Now : TimeSpan.Zero);
                }
                else if (_pg.HasLate)
                {
                    PassTime(TimeSpan.FromMinutes(40));
                    _pg.CarryOutLate(_shop.Now);
                    Tell($"webhook: {_shop.Hint($"webhook {round}")}"); // the PG tells of what it did
                    Start(null);
                }
                else if (Payment.Status == PaymentStatus.RefundFailed && _retries == 0)
                {
                    Operate();
                    Deliver(0, isKept: false);
                }
                else if (_transmissions >= 0)
                {
                    Tell($"webhook: {_shop.Hint("the last webhook")}");
                    _transmissions = -1;
                    Start(null);
                }
                else
                {
                    return;
                }

                HoldsAlways();
            }

            Assert.Fail("It does not come to rest.");
        }

        private void Send(IMessage message) =>
            _messages.Add((message, DerivedId.From(Given.Payment.Value, 10_000 + ++_sent)));

        private void Deliver(int index, bool? isKept = null)
        {
            var (message, id) = _messages[index];
            if (!(isKept ?? _random.Next(4) == 0))
            {
                _messages.RemoveAt(index);
            }

            Start(_shop.Receive(message, id), $"{message}");
        }

        private void CarryOut(int index)
        {
            var (node, effect) = _running[index];
            _running.RemoveAt(index);
            var result = _pg.CarryOut(effect, _shop.Now);
            Tell($"  PG {effect.GetType().Name} {effect.Key[^3..]} -> {result}");
            if (_pg.IsHealed || _random.Next(12) != 0) // else a crash after the call
            {
                _answers.Add((node, effect, result));
            }
        }

        private void TakeIn(int index, bool isKept)
        {
            var (_, effect, result) = _answers[index];
            if (!isKept)
            {
                _answers.RemoveAt(index);
            }

            Start(_shop.Answer(effect, result), $"answer {effect.Key[^3..]} {result}");
        }

        private void PassTime(TimeSpan time)
        {
            _shop.Now += time;
            _pg.CarryOutLate(_shop.Now);
            if (Payment is { WakeAt: { } due } && (due <= _shop.Now || _random.Next(10) == 0))
            {
                Start(_shop.FireTimer(), $"timer");
            }
        }

        // After a commit that changed the payment, the node that made it starts what is wanted, unless it has something
        // under way.
        private void Start(Decision? decision, FormattableString? what = null)
        {
            Seen.UnionWith(decision?.Notes.Select(n => n.Kind) ?? []);
            var node = _random.Next(5) == 0 ? 1 : 0;
            var isChanged = _shop.Commits != _commits;
            _commits = _shop.Commits;
            if (isChanged && _shop.Wanted is { } wanted && !_running.Exists(r => r.Node == node)
                && !_answers.Exists(a => a.Node == node))
            {
                _running.Add((node, wanted));
            }

            if (what is not null)
            {
                Tell(what);
            }
        }

        private void Tell(FormattableString what) => _story?.AppendLine(
            CultureInfo.InvariantCulture,
            $"{_shop.Now - Given.Noon:c} {what} => {Payment?.Status} {Payment?.Call} | {_pg.Captured}-{_pg.Refunded}");

        private void HoldsAlways()
        {
            Assert.True(_pg.Captures <= 1, "M4: charged twice");
            Assert.True(_pg.Refunded <= _pg.Captured, "refunded more than was captured");
            if (Payment is { } payment)
            {
                Assert.True(payment.Captured <= _pg.Captured, "a capture was invented");
                Assert.True(payment.Refunded <= _pg.Refunded, "a refund was invented");
                Assert.Equal(payment.Captured - payment.Refunded - payment.SettledByHand,
                    new Money(_shop.Ledger.Sum(r => r.Amount.Won)));
            }
        }

        private void HoldsAtRest()
        {
            var payment = _shop.Payment;
            Assert.Null(payment.Call);
            if (payment.SettlementReason is null)
            {
                Assert.Equal((_pg.Captured, _pg.Refunded), (payment.Captured, payment.Refunded)); // M3
                Assert.True(
                    _pg.WasVeryLate || !_shop.Notes.Exists(n => n.Kind == "late_capture"),
                    "given up too early, and undone again");
            }

            switch (payment.Status)
            {
                case PaymentStatus.Completed:
                    Assert.False(_shop.RefundWasRequested);
                    Assert.Equal(payment.Outstanding, _pg.Balance - payment.SettledByHand);
                    break;
                case PaymentStatus.Failed or PaymentStatus.Cancelled:
                    Assert.Equal(Money.Zero, _pg.Balance);
                    break;
                case PaymentStatus.Refunded: // M2, M5; by hand it may have been paid beside the PG
                    Assert.True(payment.Outstanding == Money.Zero || IsPaidByHandAlone(payment),
                        "M2: something is left");
                    Assert.True(payment.SettlementReason is not null || _pg.Balance == Money.Zero);
                    break;
                case PaymentStatus.RefundFailed:
                    Assert.True(_pg.RefusesRefunds || _pg.Balance > Money.Zero, "it is refunded, and nobody noticed");
                    break;
                default:
                    Assert.Fail($"It is left {payment.Status}.");
                    break;
            }

            EveryRequestWasAnsweredOnce();
        }

        private bool WasSettledBefore(RefundId id) =>
            _shop.Payment.Refunds.Any(r => r.Id == id && r.SettlementReason is not null)
            || _shop.Payment.SettlementReason is not null;

        private static bool IsPaidByHandAlone(Payment payment) =>
            payment.Captured == Money.Zero && payment.SettledByHand > Money.Zero;

        private void EveryRequestWasAnsweredOnce()
        {
            var replies = _shop.Sent.Where(s => !s.Again).Select(s => s.Message).ToList();
            if (_shop.RefundWasRequested)
            {
                Assert.Contains(replies, r => r is PaymentCancelled or PaymentRefunded or RefundFailed);
            }
            else
            {
                Assert.Contains(replies, r => r is PaymentCompleted or PaymentFailed);
            }

            Assert.All(
                replies.OfType<PaymentRefunded>().GroupBy(r => r.RefundId),
                told => Assert.True(told.Count() == 1 || WasSettledBefore(told.Key), "told twice of one refund"));
            Assert.All(
                _parts.Where(p => _shop.Payment.Refunds.Any(r => r.Id == p)),
                part => Assert.True(
                    _shop.Payment.Status == PaymentStatus.RefundFailed
                    || replies.OfType<PaymentRefunded>().Any(r => r.RefundId == part),
                    "a part was never answered"));
            Assert.True(replies.Count(r => r is PaymentCompleted or PaymentFailed) <= 1, "told twice of one charge");
            Assert.Equal(
                replies.OfType<PaymentRefunded>().Sum(r => r.Amount.Won),
                (_shop.Payment.Refunded + _shop.Payment.SettledByHand).Won);
        }
    }
}
