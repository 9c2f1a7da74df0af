using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace DoaMarket.Api;

/// <summary>Which page of a list is asked for.</summary>
/// <param name="Limit">1 to 100, default 20.</param>
/// <param name="Cursor">Where an earlier page ended.</param>
public sealed record ApiPaging(int Limit, string? Cursor)
{
    private const int DefaultLimit = 20, MaxLimit = 100;

    /// <summary>Reads ?limit= and ?cursor=.</summary>
    /// <exception cref="ApiException">400 when the limit is out of bounds.</exception>
    public static ApiPaging Of(HttpRequest request)
    {
        var text = request.Query["limit"].ToString();
        var cursor = request.Query["cursor"].ToString();
        if (text.Length == 0)
        {
            return new(DefaultLimit, cursor.Length == 0 ? null : cursor);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= MaxLimit
            ? new(limit, cursor.Length == 0 ? null : cursor)
            : throw ApiException.Field(
                "limit", $"1에서 {MaxLimit} 사이의 정수여야 합니다.", $"it must be a whole number from 1 to {MaxLimit}.");
    }
}
