using System.Text.Json.Nodes;
using DoaMarket.EndToEnd.Harness;

namespace DoaMarket.EndToEnd.Chaos;

/// <summary>What a client does beside placing its order.</summary>
internal enum Deed
{
    Nothing,
    SubmitTwice,
    SubmitChanged,
    CancelAtOnce,
    CancelSoon,
    CancelLines,
    SendBack,
}

/// <summary>What the client of a number wants, and how that must end unless it is cancelled.</summary>
internal sealed record Wish(string Name, JsonObject Body, Deed Deed, params string[] Ends)
{
    private const int Kinds = 20;
    private const string Delivered = "delivered", Cancelled = "cancelled";

    /// <summary>The lines that <see cref="Deed.CancelLines"/> gives up.</summary>
    public static (string, string?, int)[] GivenUp { get; } = [("P-1002", null, 1)];

    /// <summary>The same number wants the same in every run.</summary>
    public static Wish Of(int number) => (number % Kinds) switch
    {
        0 => new("declined", Card("bk_declined"), Deed.Nothing, Cancelled),
        1 => new("insufficient", Card("bk_insufficient"), Deed.Nothing, Cancelled),
        2 => new("undeliverable", To("00001", "bk_ok"), Deed.Nothing, Cancelled),
        3 => new("undeliverable, refund fails twice", To("00001", "bk_refund_fails_twice"), Deed.Nothing, Cancelled),
        4 => new("sold out", new OrderForm { ProductId = "P-2001" }.Json(), Deed.Nothing, Cancelled),
        5 => new("answer late", Card("bk_timeout_then_success"), Deed.Nothing, Delivered),
        6 => new("no answer", Card("bk_timeout_forever"), Deed.Nothing, Cancelled),
        7 => new("deposit", Account("김입금"), Deed.Nothing, Delivered),
        8 => new("nobody pays", Account("va_no_deposit"), Deed.CancelSoon),
        9 => new("deposit, cancelled", Account("김입금"), Deed.CancelSoon, Delivered),
        10 => new("carrier away", To("00002", "bk_ok"), Deed.Nothing, Delivered),
        11 => new("limited", new OrderForm { ProductId = "P-3001" }.Json(), Deed.Nothing, Delivered, Cancelled),
        12 => new("several lines", Lines(), Deed.SubmitTwice, Delivered),
        13 => new("some lines back", Lines(), Deed.CancelLines, Delivered),
        14 => new("some lines back of three", Lines(), Deed.CancelLines, Delivered),
        15 => new("cancelled at once", Card("bk_ok"), Deed.CancelAtOnce, Delivered),
        16 => new("cancelled soon", Lines(), Deed.CancelSoon, Delivered),
        17 => new("sent back", Card("bk_ok"), Deed.SendBack, Delivered),
        18 => new("submitted changed", Card("bk_ok"), Deed.SubmitChanged, Delivered),
        _ => new("submitted twice", Card("bk_ok"), Deed.SubmitTwice, Delivered),
    };

    private static JsonObject Card(string key) => new OrderForm(key).Json();

    private static JsonObject To(string postalCode, string key) => new OrderForm(key) { PostalCode = postalCode }.Json();

    private static JsonObject Account(string holder) => new OrderForm { DepositBy = holder }.Json();

    private static JsonObject Lines()
    {
        var body = new OrderForm().Json();
        body["items"] = Person.LinesOf(("P-1001", null, 2), ("P-1002", null, 3), ("P-1003", "M", 1));
        return body;
    }
}
