using System.Runtime.CompilerServices;
using DoaMarket.Inventory;
using DoaMarket.Kernel;
using DoaMarket.Notifications;
using DoaMarket.Orders;
using DoaMarket.Payments;
using DoaMarket.Shipping;

namespace DoaMarket.Totality;

/// <summary>Whatever happens in whatever state is decided on purpose, and the page says how.</summary>
public sealed class TotalityTests(ITestOutputHelper output)
{
    private const string UpdateVariable = "DOA_UPDATE_DOCS";

    public static TheoryData<string> Titles => [.. TotalityPage.Tables.Select(t => t.Title)];

    [Fact]
    public async Task The_page_says_what_the_code_does()
    {
        var path = Path.GetFullPath(Path.Combine(Here(), "..", "..", "docs", "totality.md"));
        var text = TotalityPage.Text();
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        }

        Assert.True(
            File.Exists(path) && await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken) == text,
            $"docs/totality.md is old. Run {UpdateVariable}=1 dotnet test tests/Totality, read the difference and commit it.");
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public void Nothing_is_left_undecided(string title)
    {
        var table = TotalityPage.Tables.Single(t => t.Title == title);
        var cells = table.Happenings
            .SelectMany(h => table.OutcomesOf(h).Select(o => (h.Name, o.Outcome, o.States))).ToList();

        output.WriteLine($"{title}: {table.States.Count} states × {table.Happenings.Count} happenings, {cells.Sum(c => c.States.Count)} cells");
        Assert.Empty(cells.Where(c => c.Outcome.IsUndecided).Select(c => $"{c.Name} in {string.Join(", ", c.States)}"));
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public void Each_state_has_words_of_its_own(string title)
    {
        var table = TotalityPage.Tables.Single(t => t.Title == title);

        Assert.Empty(table.States.Select(s => table.StateOf(s())).GroupBy(s => s, StringComparer.Ordinal)
            .Where(g => g.Skip(1).Any()).Select(g => g.Key));
    }

    [Fact]
    public void Every_message_that_a_service_takes_in_is_in_a_table()
    {
        var told = TotalityPage.Tables.SelectMany(t => t.Happenings).Select(h => h.Name.Split('`').ElementAtOrDefault(1))
            .OfType<string>().ToHashSet(StringComparer.Ordinal);
        var modules = TotalityPage.Tables.Select(t => t.States[0]().Module).DistinctBy(m => m.Service).ToList();

        Assert.Equal(5, modules.Count);
        Assert.All(
            modules.SelectMany(m => m.MessageTypes), t => Assert.Contains(Contracts.ShopMessages.Catalog.NameOf(t), told));
    }

    [Fact]
    public void Every_status_is_among_the_states()
    {
        Assert.Equal(Enum.GetValues<ReservationStatus>(), Reached<Reservation>(ReservationTable.Table).Select(r => r.Status).Distinct().Order());
        Assert.Equal(Enum.GetValues<Payments.PaymentStatus>(), Reached<Payment>(PaymentTable.Table).Select(p => p.Status).Distinct().Order());
        Assert.Equal(Enum.GetValues<Shipping.ShipmentStatus>(), Reached<Shipment>(ShipmentTable.Table).Select(s => s.Status).Distinct().Order());
        Assert.Equal(
            Enum.GetValues<Sagas.SagaStatus>(), Reached<OrderSaga>(OrderTable.Table).Select(s => s.Saga.Status).Distinct().Order());
        Assert.Equal(
            Enum.GetValues<NotificationStatus>(),
            NotificationTable.Notification.States.SelectMany(s => s().All<Notification>()).Select(n => n.Status).Distinct().Order());
    }

    private static IEnumerable<T> Reached<T>(Table table) where T : class =>
        table.States.Select(s => s().Find<T>(table.Key)).OfType<T>();

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
