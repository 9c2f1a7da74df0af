using DoaMarket.Audit;
using DoaMarket.Contracts;
using DoaMarket.Sqlite;

namespace DoaMarket.Simulation;

/// <summary>How a world lives: it opens, goes on step by step, breaks, is healed, and is looked at in the end.</summary>
internal sealed partial class World
{
    private void Open()
    {
        Start();
        Customers.Stock(_run!, users: Script is null ? Customers.Users : 1);
        while (Step())
        {
        }

        if (Script is not null)
        {
            (IsOpen, _healedAt) = (true, Clock.Now);
            Script.Order();
            return;
        }

        (IsBroken, IsOpen) = (true, true);
        for (var i = 0; i < _sagas; i++)
        {
            var number = i;
            At(Clock.Now + Chance.UpTo(Plan.Arrivals), () => _customers.Order(number));
        }

        _operators.Again();
        At(Clock.Now + TimeSpan.FromMinutes(1), Watch);
        At(Clock.Now + Chance.UpTo(TimeSpan.FromMinutes(10)), Jump);
        var end = Clock.Now + Plan.Arrivals
            + Chance.Of<TimeSpan>(Plan.IsQuiet
                ? [TimeSpan.FromSeconds(20)]
                : [TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(3), TimeSpan.FromHours(1), TimeSpan.FromDays(9)]);
        if (Plan.Heals)
        {
            At(end, Heal);
        }
        else
        {
            _end = end;
        }
    }

    private void Start()
    {
        _run = new ShopRun(this, ++_runs);
        _run.Begin();
    }

    private void Heal()
    {
        IsBroken = false;
        _healedAt = Clock.Now;
        Plan.Heal();
        _poisoned.Clear();
        Trace.Note(91, 0);
        Tell((OrderId?)null, "everything is healed");
        _operators.Look();
    }

    // One step of a worker, or one entry of the agenda. False when nothing is left to happen, or, where faults never end and
    // need not be got the better of, when enough has happened.
    private bool Step()
    {
        if (++Steps > (long)(Plan.Heals ? MaxStepsPerSaga : EnoughStepsPerSaga) * (_sagas + 10))
        {
            return Plan.Heals
                ? throw new WorldBrokenException($"Seed {Seed} makes no end after {Steps} steps at {Clock.Now:O}.")
                : false;
        }

        if (_agenda.NextAt is { } at && at <= Clock.Now)
        {
            Guarded(_agenda.Take());
        }
        else if (Ready() is { } worker)
        {
            Guarded(Script is null ? worker.Step : () => Play(worker));
            if (Chance.OneIn(4))
            {
                Clock.MoveTo(Clock.Now + TimeSpan.FromMilliseconds(1));
            }
        }
        else if (_agenda.NextAt is { } next)
        {
            if (next > _end || next - LongestHealing > _healedAt)
            {
                return next <= _end && TooLong();
            }

            Clock.MoveTo(next);
        }
        else
        {
            return false;
        }

        return true;
    }

    private void Play(IActor worker)
    {
        worker.Step();
        if (!_isEnding && IsOpen && Script!.PassesStep($"after a step of {worker.Service}"))
        {
            EndProcess();
        }
    }

    private bool TooLong()
    {
        Violates("G2", $"{LongestHealing.TotalDays} days after everything was healed it is still not quiet");
        return false;
    }

    private void Guarded(Action act)
    {
        try
        {
            act();
        }
        catch (ProcessEndedException)
        {
            // EndProcess was called as well
        }

        _context.Pump();
        if (_isEnding)
        {
            Crash();
        }
    }

    private void Crash()
    {
        _isEnding = false;
        if (_run is null)
        {
            return;
        }

        Tell((OrderId?)null, "the process ends");
        var dead = _run;
        _run = null;
        dead.Dispose();
        _context.Pump();
        At(Clock.Now + Wait(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(40), Script.Absence), Start);
    }

    private IActor? Ready()
    {
        if (_run is null)
        {
            return null;
        }

        var (found, count) = ((IActor?)null, 0);
        foreach (var worker in _run.Actors)
        {
            if (worker.CanStep && Chance.OneIn(++count))
            {
                found = worker;
            }
        }

        return found;
    }

    private void Jump()
    {
        if (Hits(Fault.TimeJump, FlowStep.Create))
        {
            Clock.MoveTo(Clock.Now + Chance.Between(TimeSpan.FromMinutes(1), TimeSpan.FromHours(2)));
        }

        if (IsBroken)
        {
            At(Clock.Now + Chance.UpTo(TimeSpan.FromMinutes(10)), Jump);
        }
    }

    private void Watch()
    {
        if (_run is { } run)
        {
            _ = run.Watchdog.Look(CancellationToken.None);
            run.Wake(ShopTopology.Orders);
        }

        if (IsBroken)
        {
            At(Clock.Now + Chance.Between(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)), Watch);
        }
    }

    private void Close()
    {
        if (_context.WasLeft)
        {
            throw new WorldBrokenException("Something has run on another thread: the seed would not replay.");
        }

        if (Violations.Count > 0)
        {
            return;
        }

        var snapshot = Now(new SqliteStore(Bench.Database, Queues()).Snapshot(CancellationToken.None));
        snapshot = Broker is null ? snapshot : new WorldSnapshot(snapshot, Broker);
        var report = ShopAudit.Run(
            snapshot, Plan.Heals ? _pg.Books : _pg.BooksHeardOf, _carriers.Books, quiescent: Plan.Heals,
            Plan.Heals ? _healedAt : Clock.Now, // no message is so old by then that its queue may have dropped it
            Promised, messageBooks: _notices.Books);
        Now(new ValueTask<bool>(snapshot.DisposeAsync().AsTask().ContinueWith(
            _ => true, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)));
        // Under faults that never end messages may wait as long as they like.
        foreach (var result in report.Results.Where(r => Plan.Heals || r.Code != "O2"))
        {
            Violations.AddRange(result.Violations.Select(v => $"{result.Code}: {v}"));
        }

        if (Script is { } script)
        {
            Violations.AddRange(script.Faults(script.Placed is { OrderId: var id } ? Guard.SagaOf(id) : null));
        }
    }
}
