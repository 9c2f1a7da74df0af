using DoaMarket.Contracts;
using DoaMarket.Kernel;
using static DoaMarket.Stats.Tests.Told;

namespace DoaMarket.Stats.Tests;

public sealed class RebuildTests
{
    private readonly Ledger _ledger = new();
    private readonly Random _random = new(7);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1_000)]
    public void Counted_anew_from_the_journal_the_figures_are_the_same(int pageSize)
    {
        Trade(40);
        var before = _ledger.Everything();

        _ledger.Ask(new BeginRebuild());
        _ledger.Replay(pageSize);
        _ledger.Finish();

        Assert.Equal(2, _ledger.Books.Generation);
        Assert.Equal(before, _ledger.Everything());
    }

    [Fact]
    public void What_happens_while_it_is_counted_anew_is_counted_once_in_the_old_and_in_the_new_figures()
    {
        Trade(30);
        _ledger.Ask(new BeginRebuild());
        Trade(10); // after the beginning, before the end of the journal is read
        for (var i = 0; i < 20; i++)
        {
            _ledger.Replay(7, pages: 1);
            Trade(2);
        }

        _ledger.Replay(7);
        var (old, next) = (_ledger.Everything(1), _ledger.Everything(2));
        _ledger.Finish();

        Assert.Equal(old, next);
        Assert.Equal(next, _ledger.Everything());
    }

    [Fact]
    public void A_message_that_is_replayed_before_it_is_heard_counts_once()
    {
        var order = _ledger.NewOrder();
        _ledger.Hear(Created(order, Item("P-1", 1, 9_000)));
        _ledger.Send(Paid(order, 9_000)); // on its way
        _ledger.Ask(new BeginRebuild());
        _ledger.Replay(10);
        Assert.Equal(9_000, _ledger.Documents.OfType<DayFigures>().Single(d => d is { Generation: 2, SellerId: null }).Figures.Gross.Won);

        _ledger.Hear(Paid(order, 9_000), keep: false);
        _ledger.Finish();

        Assert.Equal(9_000, _ledger.Day(_ledger.Now).Gross.Won);
    }

    [Fact]
    public void Figures_that_went_wrong_are_put_right_and_those_before_the_last_are_written_over()
    {
        var missed = Paid(_ledger.NewOrder(), 5_000);
        _ledger.Send(missed); // a dead letter: Stats never heard it
        Trade(10);
        var gross = Gross();
        for (var i = 0; i < 4; i++)
        {
            _ledger.Ask(new BeginRebuild());
            _ledger.Replay(100);
            _ledger.Finish();
        }

        Assert.Equal(gross + 5_000, Gross());
        Assert.Equal(5, _ledger.Books.Generation);
        Assert.All(_ledger.Documents.OfType<DayFigures>(), d => Assert.InRange(d.Generation, 4, 5));
        Assert.All(_ledger.Documents.OfType<OrderBook>(), b => Assert.InRange(b.Generations.Count, 1, 2));
    }

    [Fact]
    public void A_page_that_comes_twice_or_of_another_rebuild_changes_nothing()
    {
        Trade(5);
        _ledger.Ask(new BeginRebuild());
        _ledger.Replay(3, pages: 1);
        var (books, figures) = (_ledger.Books, _ledger.Everything(2));

        _ledger.Ask(new ReplayPage(2, 0, 3, 99, [.. _ledger.Journal.Take(3).Select(j => j.Heard)], 0));
        _ledger.Ask(new ReplayPage(3, 3, 6, 99, [.. _ledger.Journal.Take(3).Select(j => j.Heard)], 0));
        _ledger.Ask(new FinishRebuild(2, 0, 0, [])); // it is not at its end

        Assert.Equal(books, _ledger.Books);
        Assert.Equal(figures, _ledger.Everything(2));
    }

    [Fact]
    public void One_that_runs_is_not_begun_again()
    {
        Trade(3);
        var first = _ledger.Ask(new BeginRebuild());
        _ledger.Replay(2, pages: 1);

        Assert.Equal(first.Rebuild!.Generation, _ledger.Ask(new BeginRebuild()).Rebuild!.Generation);
        Assert.Equal(2, _ledger.Books.Rebuild!.At);
    }

    [Fact]
    public void Books_of_a_shop_with_a_past_begin_with_a_rebuild_and_are_opened_once()
    {
        _ledger.Send(Created(_ledger.NewOrder(), Item("P-1", 1, 9_000))); // sent before there were statistics
        _ledger.Ask(new OpenBooks(HasPast: true));
        _ledger.Replay(10);
        _ledger.Finish();
        _ledger.Ask(new OpenBooks(HasPast: true));

        Assert.Null(_ledger.Books.Rebuild);
        Assert.Equal(1, _ledger.Day(_ledger.Now).Orders);
        Assert.Null(new Ledger().Ask(new OpenBooks(HasPast: false)).Rebuild);
    }

    private long Gross() => _ledger.Documents.OfType<DayFigures>()
        .Where(d => d.Generation == _ledger.Books.Generation && d.SellerId is null).Sum(d => d.Figures.Gross.Won);

    // Orders of every ending, told in a disorder, spread over days.
    private void Trade(int orders)
    {
        var messages = new List<IOrderMessage>();
        for (var i = 0; i < orders; i++)
        {
            var order = _ledger.NewOrder();
            OrderItem[] items = [Item($"P-{_random.Next(4)}", 2, 1_001, "S-1"), Item("P-9", 1, 777, "S-2", "red")];
            var created = Created(order, items);
            messages.Add(created);
            var ending = _random.Next(5);
            IOrderMessage[] more = ending switch
            {
                0 => [Cancelled(order)],
                1 => [Paid(order, created.TotalAmount.Won), Completed(order)],
                2 => [Paid(order, created.TotalAmount.Won), Completed(order), Refunded(order, 100, 1), Refunded(order, 2_679, 2), Returned(order)],
                3 => [Paid(order, created.TotalAmount.Won), Refunded(order, created.TotalAmount.Won), Cancelled(order)],
                _ => [Paid(order, created.TotalAmount.Won), Amended(order, [items[0]], 2_002, [items[1]]), Refunded(order, 2_002)],
            };
            messages.AddRange(more);
        }

        var shuffled = messages.ToArray();
        _random.Shuffle(shuffled);
        foreach (var message in shuffled)
        {
            _ledger.Now += TimeSpan.FromMinutes(_random.Next(90));
            _ledger.Hear(message);
        }
    }
}
