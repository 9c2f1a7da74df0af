namespace DoaMarket.Contracts;

/// <summary>Masks personal data the way Korean services show it: 홍*동, 010-****-5678.</summary>
public static class Mask
{
    /// <summary>First and last character stay: 홍길동 → 홍*동, 홍길 → 홍*.</summary>
    public static string Name(string name) => name.Length switch
    {
        0 => "",
        1 => "*",
        2 => name[..1] + "*",
        _ => name[..1] + new string('*', name.Length - 2) + name[^1..],
    };

    /// <summary>The last four digits stay: 010-1234-5678 → 010-****-5678.</summary>
    public static string Phone(string phone)
    {
        var digits = new string([.. phone.Where(char.IsAsciiDigit)]);
        return digits.Length < 8 ? "****" : $"{digits[..3]}-****-{digits[^4..]}";
    }

    /// <summary>The local part's first character stays: hong@example.com → h***@example.com.</summary>
    public static string Email(string email)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        return at < 1 ? "***" : $"{email[..1]}***{email[at..]}";
    }

    /// <summary>The first word stays (a city or province): 서울시 중구 … → 서울시 ***.</summary>
    public static string Rest(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 1 ? "***" : text[..space] + " ***";
    }
}
