using DoaMarket.Host.Server;
using Microsoft.Extensions.Configuration;

namespace DoaMarket.Reference;

/// <summary>The reference of configuration says what the options say, each of them.</summary>
public sealed class ConfigurationReferenceTests
{
    public static TheoryData<string> SectionNames => [.. ConfigurationPage.Sections.Select(s => s.Name)];

    [Fact]
    public void The_page_of_configuration_is_up_to_date() => Pages.AssertGenerated("docs/configuration.md", ConfigurationPage.Text());

    [Theory]
    [MemberData(nameof(SectionNames))]
    public void Every_setting_says_what_it_means(string section) => Assert.All(
        ConfigurationPage.Of(ConfigurationPage.Sections.Single(s => s.Name == section)),
        setting => Assert.True(setting.Meaning.Length > 10, $"{setting.Key} does not say what it means."));

    [Theory]
    [MemberData(nameof(SectionNames))]
    public void Every_setting_can_be_given_as_the_page_writes_it(string section)
    {
        var (name, type) = ConfigurationPage.Sections.Single(s => s.Name == section);
        var settings = ConfigurationPage.Of((name, type)).Where(s => s.Default.Length > 0 && !s.Key.Contains(":0", StringComparison.Ordinal));
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Default))).Build();

        // Unknown keys are refused here, as they are at the start.
        var read = configuration.GetSection(name).Get(type, binder => binder.ErrorOnUnknownConfiguration = true);

        Assert.True(read is not null || !settings.Any());
    }

    [Fact]
    public void Entries_of_a_list_are_added_to_those_that_are_there()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Shipping:RemotePostalPrefixes:0", "99")]).Build();

        Assert.Equal(["63", "402", "99"], configuration.GetSection("Shipping").Get<Shipping.ShippingOptions>()!.RemotePostalPrefixes);
    }

    [Fact]
    public void Every_section_of_the_page_is_one_that_a_process_reads()
    {
        var reading = Pages.Read("src/Host/Server/ShopOptions.cs") + Pages.Read("src/Host/Server/OutsideWorld.cs");
        Assert.All(ConfigurationPage.Sections, s => Assert.Contains($">(\"{s.Name}\"", reading, StringComparison.Ordinal));
    }
}
