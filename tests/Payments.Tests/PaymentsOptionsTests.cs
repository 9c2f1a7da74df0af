using System.ComponentModel.DataAnnotations;

namespace DoaMarket.Payments.Tests;

public sealed class PaymentsOptionsTests
{
    [Fact]
    public void The_defaults_are_valid_and_nonsense_is_not()
    {
        Assert.True(IsValid(new PaymentsOptions()));
        Assert.False(IsValid(new PaymentsOptions { SettleAfter = TimeSpan.FromMilliseconds(1) }));
        Assert.False(IsValid(new PaymentsOptions { CallTimeout = TimeSpan.FromHours(1) }));
        Assert.False(IsValid(new PaymentsOptions { HintsRemembered = 0 }));
    }

    private static bool IsValid(PaymentsOptions options) =>
        Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true);
}
