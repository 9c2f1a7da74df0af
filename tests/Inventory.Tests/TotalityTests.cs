using DoaMarket.Contracts;
using DoaMarket.Kernel;
using static DoaMarket.Inventory.ReservationStatus;
using static DoaMarket.Inventory.Tests.Warehouse;

namespace DoaMarket.Inventory.Tests;

/// <summary>Every state of a reservation meets every message, and what follows is decided on purpose.</summary>
public sealed class TotalityTests
{
    private const string Nothing = "";

    /// <summary>State, occasion → state afterwards, messages sent ("again" marks a repeated one).</summary>
    public static TheoryData<ReservationStatus?, string, ReservationStatus?, string> Table => new()
    {
        { null, "reserve", Held, "InventoryReserved" },
        { Held, "reserve", Held, "InventoryReserved again" },
        { Committed, "reserve", Committed, "InventoryReserved again" },
        { Released, "reserve", Released, "InventoryReserved again" },
        { Expired, "reserve", Expired, "InventoryReserved again" },
        { Restocked, "reserve", Restocked, "InventoryReserved again" },
        { WrittenOff, "reserve", WrittenOff, "InventoryReserved again" },
        { Refused, "reserve", Refused, "ReserveFailed again" },
        { Tombstone, "reserve", Tombstone, "ReserveFailed" },

        { null, "pay", null, Nothing },
        { Held, "pay", Committed, "InventoryCommitted" },
        { Committed, "pay", Committed, Nothing },
        { Released, "pay", Released, Nothing },
        { Expired, "pay", Expired, Nothing },
        { Restocked, "pay", Restocked, Nothing },
        { WrittenOff, "pay", WrittenOff, Nothing },
        { Refused, "pay", Refused, Nothing },
        { Tombstone, "pay", Tombstone, Nothing },

        { null, "release", Tombstone, "InventoryReleased" },
        { Held, "release", Released, "InventoryReleased" },
        { Committed, "release", Restocked, "InventoryReleased, InventoryRestocked" },
        { Released, "release", Released, "InventoryReleased again" },
        { Expired, "release", Expired, "InventoryReleased" },
        { Restocked, "release", Restocked, "InventoryReleased again" },
        { WrittenOff, "release", WrittenOff, "InventoryReleased again" },
        { Refused, "release", Refused, "InventoryReleased" },
        { Tombstone, "release", Tombstone, "InventoryReleased again" },

        { null, "release as lost", Tombstone, "InventoryReleased" },
        { Held, "release as lost", Released, "InventoryReleased" },
        { Committed, "release as lost", WrittenOff, "InventoryReleased" },
        { Released, "release as lost", Released, "InventoryReleased again" },
        { Expired, "release as lost", Expired, "InventoryReleased" },
        { Restocked, "release as lost", Restocked, "InventoryReleased again" },
        { WrittenOff, "release as lost", WrittenOff, "InventoryReleased again" },
        { Refused, "release as lost", Refused, "InventoryReleased" },
        { Tombstone, "release as lost", Tombstone, "InventoryReleased again" },

        { null, "extend", null, Nothing },
        { Held, "extend", Held, "InventoryExtended" },
        { Committed, "extend", Committed, Nothing },
        { Released, "extend", Released, Nothing },
        { Expired, "extend", Expired, Nothing },
        { Restocked, "extend", Restocked, Nothing },
        { WrittenOff, "extend", WrittenOff, Nothing },
        { Refused, "extend", Refused, Nothing },
        { Tombstone, "extend", Tombstone, Nothing },

        { null, "release lines", Tombstone, "LinesReleased" },
        { Held, "release lines", Held, "LinesReleased" },
        { Committed, "release lines", Committed, "LinesReleased, InventoryRestocked" },
        { Released, "release lines", Released, "LinesReleased" },
        { Expired, "release lines", Expired, "LinesReleased" },
        { Restocked, "release lines", Restocked, "LinesReleased" },
        { WrittenOff, "release lines", WrittenOff, "LinesReleased" },
        { Refused, "release lines", Refused, "LinesReleased" },
        { Tombstone, "release lines", Tombstone, "LinesReleased" },

        { Held, "timer", Expired, "ReservationExpired" },
        { Committed, "timer", Committed, Nothing },
        { Released, "timer", Released, Nothing },
        { Expired, "timer", Expired, Nothing },
        { Restocked, "timer", Restocked, Nothing },
        { WrittenOff, "timer", WrittenOff, Nothing },
        { Refused, "timer", Refused, Nothing },
        { Tombstone, "timer", Tombstone, Nothing },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Every_state_decides_every_message_on_purpose(
        ReservationStatus? state, string occasion, ReservationStatus? expectedState, string expectedMessages)
    {
        var warehouse = new Warehouse().With("P-1", 10);
        var order = warehouse.NewOrder();
        Bring(warehouse, order, state);
        Assert.Equal(state, warehouse.Reservation(order)?.Status);

        var decision = Happen(warehouse, order, occasion);

        Assert.Equal(expectedState, warehouse.Reservation(order)?.Status);
        Assert.Equal(expectedMessages, string.Join(", ", decision.Messages.Select(Describe)));
        if (occasion != "timer" && decision.Changes.Count == 0)
        {
            Assert.NotEmpty(decision.Notes); // what changes nothing is explained
        }

        var held = expectedState == Held ? occasion == "release lines" ? 1 : 2 : 0;
        Assert.Equal(held, warehouse.Item("P-1").Reserved);
    }

    [Fact]
    public void The_table_names_every_pair_once()
    {
        var pairs = Table.Select(row => (row.Data.Item1, row.Data.Item2)).ToList();
        var expected =
            from occasion in new[] { "reserve", "pay", "release", "release as lost", "extend", "release lines", "timer" }
            from state in Enum.GetValues<ReservationStatus>().Cast<ReservationStatus?>().Append(null)
            where !(state is null && occasion == "timer") // no document, no timer
            select (state, occasion);

        Assert.Equal(expected.Order(), pairs.Order());
    }

    private static string Describe(OutgoingDraft draft) => draft.Message.GetType().Name + (draft.Again ? " again" : "");

    private static void Bring(Warehouse warehouse, OrderId order, ReservationStatus? state)
    {
        switch (state)
        {
            case null:
                return;
            case Tombstone:
                warehouse.Release(order);
                return;
            case Refused:
                warehouse.Reserve(order, Line("P-1", 11));
                return;
            default:
                warehouse.Reserve(order, Line("P-1", 2));
                break;
        }

        if (state is Committed or Restocked or WrittenOff)
        {
            warehouse.Pay(order);
        }

        if (state is Released or Restocked or WrittenOff)
        {
            warehouse.Release(order, restock: state is not WrittenOff);
        }

        if (state is Expired)
        {
            warehouse.Now += warehouse.Options.HoldFor;
            warehouse.Fire(order);
        }
    }

    private static Decision Happen(Warehouse warehouse, OrderId order, string occasion)
    {
        switch (occasion)
        {
            case "reserve": return warehouse.Reserve(order, Line("P-1", 2));
            case "pay": return warehouse.Pay(order);
            case "release": return warehouse.Release(order);
            case "release as lost": return warehouse.Release(order, restock: false);
            case "release lines": return warehouse.ReleaseLines(order, warehouse.NewAmend(), Line("P-1", 1));
            case "extend": return warehouse.ExtendTo(order, warehouse.Now.AddDays(1));
            default:
                warehouse.Now += warehouse.Options.HoldFor;
                return warehouse.Fire(order);
        }
    }
}
