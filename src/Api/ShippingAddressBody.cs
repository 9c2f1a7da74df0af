using System.Text.RegularExpressions;
using DoaMarket.Contracts;

namespace DoaMarket.Api;

/// <summary>Where a parcel goes, as it is sent in: with an order, and when an address is changed.</summary>
public sealed partial record ShippingAddressBody(
    string RecipientName, string Phone, string PostalCode, string Address, string? AddressDetail = null)
{
    private const int MaxNameLength = 50, MaxAddressLength = 200;

    /// <summary>Refuses what cannot be an address; the first wrong field is named.</summary>
    /// <param name="path">Where the form stands in the body, e.g. "shippingAddress."; empty when it is the body.</param>
    /// <exception cref="ApiException">400.</exception>
    public void Check(string path)
    {
        ApiText.Required($"{path}recipientName", RecipientName, MaxNameLength);
        ApiText.Required($"{path}address", Address, MaxAddressLength);
        ApiText.Optional($"{path}addressDetail", AddressDetail, MaxAddressLength);
        ApiText.Matches($"{path}phone", Phone, PhoneForm(), "010-1234-5678");
        ApiText.Matches($"{path}postalCode", PostalCode, PostalCodeForm(), "04524");
    }

    /// <summary>The address.</summary>
    public ShippingAddress ToAddress() => new(RecipientName, Phone, PostalCode, Address, AddressDetail);

    [GeneratedRegex(@"\A\+?[0-9][0-9\-]{6,18}[0-9]\z")]
    private static partial Regex PhoneForm();

    [GeneratedRegex(@"\A[0-9]{5}\z")]
    private static partial Regex PostalCodeForm();
}
