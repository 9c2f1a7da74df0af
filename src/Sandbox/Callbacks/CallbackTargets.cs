namespace DoaMarket.Sandbox.Callbacks;

/// <summary>Where callbacks go. It can change: the product's port may be picked after the sandbox started.</summary>
internal sealed class CallbackTargets
{
    private volatile string? _carrierUrl;
    private volatile Uri? _paymentUrl;

    /// <summary>A URL with <c>{carrier}</c> in it.</summary>
    /// <exception cref="ArgumentException">It is no absolute http or https URL.</exception>
    public string? CarrierUrl
    {
        get => _carrierUrl;
        set
        {
            if (value is not null)
            {
                Check(CarrierUri(value, "kr.cjlogistics"), nameof(CarrierUrl));
            }

            _carrierUrl = value;
        }
    }

    public Uri? PaymentUrl
    {
        get => _paymentUrl;
        set
        {
            Check(value ?? new Uri("http://none"), nameof(PaymentUrl));
            _paymentUrl = value;
        }
    }

    /// <summary>The URL for a callback, or null while there is none.</summary>
    public Uri? For(string kind, string carrier) => kind == Callback.PaymentKind
        ? _paymentUrl
        : _carrierUrl is { } template ? CarrierUri(template, carrier) : null;

    private static Uri CarrierUri(string template, string carrier) =>
        new(template.Replace("{carrier}", carrier, StringComparison.Ordinal), UriKind.RelativeOrAbsolute);

    private static void Check(Uri url, string name)
    {
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException($"{name} must be an absolute http or https URL.", name);
        }
    }
}
