using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping.Tests;

/// <summary>
/// Messages, calls, answers, callbacks, timers and crashes in an order drawn from a seed, against carriers that keep to
/// the facts; then everything heals, and every question must have found its answer.
/// </summary>
public sealed partial class InterleavingTests
{
    private const int SeedsPerMix = 400;

    [Theory]
    [InlineData(0.0, false, false)]
    [InlineData(0.3, false, false)]
    [InlineData(0.3, true, false)]
    [InlineData(0.8, true, false)]
    [InlineData(0.0, false, true)]
    [InlineData(0.3, false, true)]
    [InlineData(0.3, true, true)]
    [InlineData(0.8, true, true)]
    public void Every_interleaving_keeps_the_invariants_and_comes_to_rest(
        double faults, bool isCancelled, bool isChanged)
    {
        var ends = new Dictionary<ShipmentStatus, int>();
        var seen = new Seen();
        for (var seed = 1; seed <= SeedsPerMix; seed++)
        {
            var run = new Interleaving(seed, faults, isCancelled, isChanged, seen);
            try
            {
                var end = run.Play();
                ends[end] = ends.GetValueOrDefault(end) + 1;
            }
            catch (Exception error)
            {
                throw new InvalidOperationException(
                    $"seed {seed}, faults {faults}, cancel {isCancelled}, changes {isChanged}:\n{run.Trace}", error);
            }
        }

        // The mix must reach different ends, or it proves little.
        Assert.True(ends.Count >= (isCancelled ? 3 : faults > 0 ? 2 : 1), string.Join(", ", ends));
        if (isChanged)
        {
            Assert.True(
                seen is { Amended: > 20, Refused: > 5, Undone: > 20, Tombstones: > 5, Settled: > 20 }
                    && seen.AddressesKept > 5 && seen.Readdressed > (faults < 0.5 ? 20 : 2),
                seen.ToString());
        }
    }

    /// <summary>What the seeds of a mix have met, so that none of it goes untested unnoticed.</summary>
    private sealed record Seen
    {
        public int Amended { get; set; }

        public int Refused { get; set; }

        public int Undone { get; set; }

        public int Tombstones { get; set; }

        public int Settled { get; set; }

        public int Readdressed { get; set; }

        public int AddressesKept { get; set; }
    }

    private sealed partial class Interleaving
    {
        private readonly Random _random;
        private readonly double _faults;
        private readonly bool _isChanged;
        private readonly Seen _seen;
        private readonly AmendId _amend;
        private readonly World _world = new();
        private readonly List<Envelope> _messages = [];
        private readonly List<(Effect Effect, DateTimeOffset Until)> _late = [];
        private readonly List<(Effect Effect, EffectResult Result)> _answers = [];
        private readonly List<string> _running = [];
        private readonly List<string> _trace = [];

        public Interleaving(int seed, double faults, bool isCancelled, bool isChanged, Seen seen)
        {
            _random = new Random(seed);
            (_faults, _isChanged, _seen, _amend) = (faults, isChanged, seen, _world.NewAmend());
            _world.Committed = Check;
            _messages.Add(_world.Enveloped(_world.PrepareMessage()));
            _messages.Add(
                _world.Enveloped(new PaymentCompleted(_world.Order, PaymentId.Of(_world.Order), "tx", new(1))));
            _messages.Add(_world.Enveloped(new InventoryCommitted(_world.Order, [])));
            if (isChanged)
            {
                _messages.Add(_world.Enveloped(new ShippingAmendRequested(
                    _world.Order, _amend, _world.Lines(1), "r", _world.Now.AddSeconds(60))));
                if (_random.Next(3) == 0) // the saga has waited in vain for an answer
                {
                    _messages.Add(_world.Enveloped(
                        new ShippingAmendUndoRequested(_world.Order, _amend, _world.Lines(2), "r")));
                }
            }

            for (var ask = 0; isCancelled && ask < 1 + _random.Next(3); ask++)
            {
                _messages.Add(
                    _world.Enveloped(new ShippingCancelRequested(_world.Order, "r", _random.Next(2) == 0, 0)));
            }
        }

        public string Trace => string.Join('\n', _trace);

        private IEnumerable<CarrierModel> Carriers => [_world.Cj, _world.Hanjin];

        public ShipmentStatus Play()
        {
            for (var step = 0; step < 150; step++)
            {
                Step();
                CheckWaybills();
            }

            Heal();
            CheckEnd();
            CheckChanges();
            return _world.Status!.Value;
        }

        private void Step()
        {
            switch (_random.Next(_isChanged ? 14 : 12))
            {
                case 12 when _world.Shipment is not null && _random.Next(3) == 0:
                    var to = _world.Address(new[] { "00001", "06236", "63122", "04524" }[_random.Next(4)]);
                    Say($"to {to.PostalCode}: {_world.ChangeAddress(to)}");
                    break;
                case 13:
                    Settle();
                    break;
                case 0 when _messages.Count > 0 && _random.Next(2) == 0:
                    DeliverOne();
                    break;
                case 1 or 2 or 3:
                    StartCall();
                    break;
                case 4 or 5 when _answers.Count > 0:
                    AnswerOne();
                    break;
                case 6 when _late.Count > 0:
                    ArriveLate(_random.Next(_late.Count));
                    break;
                case 7:
                    ReportOne();
                    break;
                case 8:
                    PlayCarrier();
                    break;
                case 9 when _random.NextDouble() < _faults / 4:
                    Say("crash");
                    _running.Clear();
                    _answers.Clear();
                    break;
                default:
                    Pass(TimeSpan.FromMilliseconds(_random.Next(1, 4_000)));
                    break;
            }
        }

        private void DeliverOne()
        {
            var message = _messages[_random.Next(_messages.Count)];
            if (_random.NextDouble() >= _faults) // else it is delivered once more later
            {
                _messages.Remove(message);
            }

            Say($"deliver {message.EventType}");
            _world.Deliver(message);
        }

        /// <summary>The partial cancel's saga goes on once it was told "amended", unless it has asked to undo it.</summary>
        private void Settle()
        {
            var isUndone = _messages.Any(m => m.Data is ShippingAmendUndoRequested)
                || _world.Sent.Any(m => m.Message is ShippingAmendUndone);
            if (!isUndone && _world.All<ShippingAmended>().Count > 0)
            {
                Say("settle");
                _world.SettleAmend(_amend);
            }
        }

        private void StartCall()
        {
            // One outstanding call per key: what the loop promises.
            if (_world.Wanted is not { } effect || _running.Contains(effect.Key))
            {
                return;
            }

            _running.Add(effect.Key);
            var carrier = _world.Carrier(effect.Gateway);
            EffectResult result;
            if (effect is RegisterParcel register && _world.Now > register.NotAfter)
            {
                result = new NotAttempted(TimeSpan.Zero, "too late");
            }
            else if (_random.NextDouble() >= _faults)
            {
                result = carrier.Do(effect);
            }
            else
            {
                result = Fault(effect, carrier);
            }

            Say($"call {effect.Key} → {result}");
            _answers.Add((effect, result));
        }

        private EffectResult Fault(Effect effect, CarrierModel carrier)
        {
            switch (_random.Next(5))
            {
                case 0: // done, and the answer lost
                    carrier.Do(effect);
                    return new OutcomeUnknown("lost");
                case 1: // done, but later than we wait
                    _late.Add((effect, _world.Now + _world.Options.SettleAfter));
                    return new OutcomeUnknown("slow");
                case 2 when effect is RegisterParcel && carrier.Parcels.Count == 0:
                    return new CarrierRefused("INVALID_ADDRESS", "no");
                case 3:
                    return new NotAttempted(TimeSpan.FromSeconds(1), "open");
                default:
                    return new OutcomeUnknown("down");
            }
        }

        private void AnswerOne()
        {
            var answer = _answers[_random.Next(_answers.Count)];
            _answers.Remove(answer);
            _running.Remove(answer.Effect.Key);
            Say($"answer {answer.Effect.Key} {answer.Result}");
            _world.Answer(answer.Effect, answer.Result);
        }

        private void ArriveLate(int index)
        {
            var (effect, _) = _late[index];
            _late.RemoveAt(index);
            Say($"late {effect.Key} → {_world.Carrier(effect.Gateway).Do(effect)}");
        }

        private void ReportOne()
        {
            var carrier = _random.Next(2) == 0 ? _world.Cj : _world.Hanjin;
            if (carrier.Outbox.Count == 0)
            {
                return;
            }

            var report = carrier.Outbox[_random.Next(carrier.Outbox.Count)];
            if (_random.NextDouble() >= _faults)
            {
                carrier.Outbox.Remove(report);
            }

            Say($"report {report.Status} {_world.Report(report).Outcome}");
        }

        private void PlayCarrier()
        {
            foreach (var carrier in Carriers)
            {
                foreach (var parcel in carrier.Parcels.Where(_ => _random.Next(3) == 0))
                {
                    carrier.Play(parcel, isUnlucky: _random.NextDouble() < _faults);
                }
            }
        }

        private void Pass(TimeSpan time)
        {
            // A slow request arrives within the time that it may take: what SettleAfter stands for.
            for (var i = _late.Count - 1; i >= 0; i--)
            {
                if (_late[i].Until < _world.Now + time)
                {
                    ArriveLate(i);
                }
            }

            Say($"pass {time.TotalSeconds:0.0} s");
            _world.Pass(time);
        }

        private void Heal()
        {
            Say("heal");
            while (_messages.Count > 0)
            {
                _world.Deliver(_messages[0]);
                _messages.RemoveAt(0);
            }

            while (_late.Count > 0)
            {
                ArriveLate(0);
            }

            while (_answers.Count > 0)
            {
                AnswerOne();
            }

            Settle();
            for (var round = 0; round < 30; round++)
            {
                _world.Settle();
                foreach (var carrier in Carriers)
                {
                    foreach (var parcel in carrier.Parcels)
                    {
                        carrier.Play(parcel);
                    }

                    foreach (var report in carrier.Outbox.ToArray())
                    {
                        carrier.Outbox.Remove(report);
                        Say($"report {report.Status} {_world.Report(report).Outcome}");
                    }
                }

                CheckWaybills();
            }
        }

        private void Say(string line) => _trace.Add($"{(_world.Now - World.Start).TotalSeconds,8:0.000} {line}");
    }
}
