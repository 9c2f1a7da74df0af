using System.Text.RegularExpressions;

namespace DoaMarket.Api;

/// <summary>Refuses texts that no field takes, naming the field.</summary>
public static class ApiText
{
    /// <summary>A text that must be there.</summary>
    /// <exception cref="ApiException">400.</exception>
    public static void Required(string field, string value, int max)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length > max || value.Any(char.IsControl))
        {
            throw ApiException.Field(
                field, $"1자 이상 {max}자 이하로, 제어 문자 없이 적어 주세요.", $"write 1 to {max} characters, no control characters.");
        }
    }

    /// <summary>A text that may be left out.</summary>
    /// <exception cref="ApiException">400.</exception>
    public static void Optional(string field, string? value, int max)
    {
        if (value is not null)
        {
            Required(field, value, max);
        }
    }

    /// <summary>A text of a form.</summary>
    /// <exception cref="ApiException">400.</exception>
    public static void Matches(string field, string value, Regex form, string example)
    {
        if (!form.IsMatch(value))
        {
            throw ApiException.Field(field, $"예: {example}", $"write it like {example}.");
        }
    }
}
