using DoaMarket.Kernel;

namespace DoaMarket.Sagas.Tests;

/// <summary>
/// A participant as the contract asks it to be: it does a thing once, answers when the effect is definite, voids what
/// has not begun, refuses a late "do", repeats its last reply under that reply's id, and may be slow.
/// </summary>
internal sealed class Shop(string step, Random random)
{
    private readonly HashSet<EventId> _handled = [];
    private readonly List<(EventId Id, IMessage Message)> _replies = [];
    private (EventId Id, IMessage Message)? _last;
    private EventId? _owedUndo;
    private int _retryNumber = -1;
    private int _made;

    public enum Effect
    {
        None, Working, Done, Undone, UndoFailed, HandedOver, OnItsWayBack, Back,
    }

    public Effect State { get; private set; }

    /// <summary>Whether refunds may still fail and things may still be slow.</summary>
    public bool Troubled { get; set; } = true;

    public bool IsBusy => State is Effect.Working or Effect.OnItsWayBack;

    public void Take(EventId id, IMessage command)
    {
        if (!_handled.Add(id))
        {
            return;
        }

        switch (command)
        {
            case Hold or Charge or Pack:
                Do();
                break;
            case SettleRefund or SettleParcel:
                State = Effect.Undone;
                Reply(UndoneReply());
                break;
            default:
                Undo(command, id);
                break;
        }
    }

    /// <summary>Something goes on by itself: a slow call ends, a parcel is handed over or comes back.</summary>
    public void Progress()
    {
        switch (State)
        {
            case Effect.Working when _owedUndo is not null:
                State = Effect.Undone; // whether it had succeeded or not: it is undone now
                Reply(UndoneReply());
                break;
            case Effect.Working:
                Finish();
                break;
            case Effect.Done when step == "send_parcel":
                State = Effect.HandedOver;
                break;
            case Effect.HandedOver when random.Next(4) == 0:
                SendBack(); // nobody accepts the parcel
                break;
            case Effect.OnItsWayBack:
                State = Effect.Back;
                Reply(new CameBack(Story.Id));
                break;
        }
    }

    public IReadOnlyList<(EventId Id, IMessage Message)> TakeReplies()
    {
        var replies = _replies.ToList();
        _replies.Clear();
        return replies;
    }

    private void Do()
    {
        if (State is Effect.Undone)
        {
            Reply(FailedReply()); // the undo has overtaken it
        }
        else if (State is Effect.None && random.Next(3) == 0)
        {
            State = Effect.Working;
        }
        else if (State is Effect.None)
        {
            Finish();
        }
    }

    private void Finish()
    {
        var succeeds = random.Next(5) > 0;
        State = succeeds ? Effect.Done : Effect.Undone;
        Reply(succeeds ? DoneReply() : FailedReply());
    }

    private void Undo(IMessage command, EventId id)
    {
        var (mustComeBack, retry) = command switch
        {
            Unpack unpack => (unpack.MustComeBack, unpack.RetryNumber),
            Refund refund => (false, refund.RetryNumber),
            _ => (false, 0),
        };
        var rearmed = retry > _retryNumber;
        _retryNumber = Math.Max(_retryNumber, retry);
        switch (State)
        {
            case Effect.Working:
                _owedUndo ??= id;
                break;
            case Effect.HandedOver:
                Repeat(new HandedOver(Story.Id, "handed over"), decidedBefore: _last?.Message is HandedOver);
                if (mustComeBack)
                {
                    SendBack();
                }

                break;
            case Effect.UndoFailed when !rearmed:
                Repeat(new RefundFailed(Story.Id, "account closed"), decidedBefore: true);
                break;
            case Effect.None:
                State = Effect.Undone;
                Reply(UndoneReply());
                break;
            case Effect.Done or Effect.UndoFailed:
                var fails = Troubled && step == "take_money" && random.Next(2) == 0;
                State = fails ? Effect.UndoFailed : Effect.Undone;
                Reply(fails ? new RefundFailed(Story.Id, "account closed") : UndoneReply());
                break;
            default:
                Repeat(UndoneReply(), decidedBefore: _last is not null);
                break;
        }
    }

    private void SendBack()
    {
        State = Effect.OnItsWayBack;
        _replies.Add((NextId(), new OnItsWayBack(Story.Id))); // a report on the way, not its decision
    }

    private void Repeat(IMessage reply, bool decidedBefore)
    {
        if (decidedBefore && _last is { } last)
        {
            _replies.Add(last); // under its original id
        }
        else
        {
            Reply(reply);
        }
    }

    private void Reply(IMessage reply)
    {
        _last = (NextId(), reply);
        _replies.Add(_last.Value);
    }

    private EventId NextId() => new(DerivedId.From(DerivedId.From(Guid.Empty, step), ++_made));

    private IMessage DoneReply() => step switch
    {
        "hold_stock" => new Held(Story.Id),
        "take_money" => new Charged(Story.Id),
        _ => new Packed(Story.Id),
    };

    private IMessage FailedReply() => step switch
    {
        "hold_stock" => new HoldFailed(Story.Id, "sold out"),
        "take_money" => new ChargeFailed(Story.Id, "refused"),
        _ => new PackFailed(Story.Id, "no carrier"),
    };

    private IMessage UndoneReply() => step switch
    {
        "hold_stock" => new Freed(Story.Id),
        "take_money" => random.Next(2) == 0 ? new Refunded(Story.Id) : new NeverCharged(Story.Id),
        _ => new Unpacked(Story.Id),
    };
}
