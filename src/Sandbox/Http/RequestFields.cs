using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DoaMarket.Sandbox.Http;

/// <summary>
/// Reads the fields of a JSON object and remembers the first one that is wrong, so that a refusal names it. Values read
/// after a problem are placeholders: look at <see cref="Problem"/> before using any.
/// </summary>
internal sealed class RequestFields
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private readonly JsonElement _element;
    private readonly string _path;
    private readonly RequestFields _root;
    private FieldProblem? _problem;

    private RequestFields(JsonElement element, string path, RequestFields? root)
    {
        _element = element;
        _path = path;
        _root = root ?? this;
    }

    /// <summary>The first wrong field of the whole document.</summary>
    public FieldProblem? Problem => _root._problem;

    /// <summary>The JSON body of a request; a body that is no JSON object is itself the problem.</summary>
    public static async Task<RequestFields> ReadAsync(HttpRequest request)
    {
        // Browsers send other types across sites without asking first; a JSON type they do not.
        if (!request.HasJsonContentType())
        {
            return Unreadable("must be sent as application/json");
        }

        try
        {
            using JsonDocument document = await JsonDocument.ParseAsync(
                request.Body, Strict, request.HttpContext.RequestAborted);
            RequestFields fields = new(document.RootElement.Clone(), "", null);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                fields.Blame("body", "must be a JSON object");
            }

            return fields;
        }
        catch (JsonException wrong)
        {
            return Unreadable($"is not valid JSON: {wrong.Message.TrimEnd('.')}");
        }
        catch (BadHttpRequestException wrong)
        {
            return Unreadable($"cannot be read: {wrong.Message.TrimEnd('.')}");
        }
    }

    public string Text(string name, int charsMax, int charsMin = 1) =>
        OptionalText(name, charsMax, charsMin) ?? Blame(name, "is required");

    public string? OptionalText(string name, int charsMax, int charsMin = 1)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return Blame(name, "must be a string");
        }

        string text = value.GetString()!;
        return text.Length < charsMin || text.Length > charsMax || text.Contains('\0', StringComparison.Ordinal)
            ? Blame(name, $"must have {charsMin} to {charsMax} characters")
            : text;
    }

    public long Whole(string name, long min, long max)
    {
        long? value = OptionalWhole(name, min, max);
        if (value is null)
        {
            Blame(name, "is required");
        }

        return value ?? min;
    }

    public long? OptionalWhole(string name, long min, long max)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out long number)
            || number < min || number > max)
        {
            Blame(name, $"must be a whole number from {min} to {max}");
            return min;
        }

        return number;
    }

    public double? OptionalFraction(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || number is < 0 or > 1)
        {
            Blame(name, "must be a number from 0 to 1");
            return 0;
        }

        return number;
    }

    public bool? OptionalFlag(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Blame(name, "must be true or false");
            return false;
        }

        return value.GetBoolean();
    }

    public RequestFields? OptionalObject(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            Blame(name, "must be an object");
        }

        return new RequestFields(value, $"{_path}{name}.", _root);
    }

    public RequestFields Object(string name)
    {
        if (OptionalObject(name) is { } found)
        {
            return found;
        }

        Blame(name, "is required");
        return new RequestFields(default, $"{_path}{name}.", _root);
    }

    public IReadOnlyList<RequestFields> Objects(string name, int countMin, int countMax)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Array } list
            || list.GetArrayLength() < countMin || list.GetArrayLength() > countMax)
        {
            Blame(name, $"must be a list of {countMin} to {countMax} objects");
            return [];
        }

        return [.. list.EnumerateArray().Select((item, at) => Item(item, $"{name}[{at}]"))];
    }

    /// <summary>The members of an optional object whose values are all strings.</summary>
    public IReadOnlyList<NamedText> OptionalTexts(string name, int countMax, int charsMax)
    {
        if (Find(name) is not { } map)
        {
            return [];
        }

        if (map.ValueKind != JsonValueKind.Object || map.GetPropertyCount() > countMax
            || map.EnumerateObject().Any(member =>
                member.Value.ValueKind != JsonValueKind.String || member.Value.GetString()!.Length > charsMax))
        {
            Blame(name, $"must be an object of up to {countMax} strings");
            return [];
        }

        return [.. map.EnumerateObject().Select(member => new NamedText(member.Name, member.Value.GetString()!))];
    }

    /// <summary>Refuses fields that are not named: in our own interfaces a typing error should show.</summary>
    public void AllowOnly(params ReadOnlySpan<string> names)
    {
        if (_element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (JsonProperty property in _element.EnumerateObject())
        {
            if (!names.Contains(property.Name))
            {
                Blame(property.Name, "is not known");
            }
        }
    }

    /// <summary>Records a problem with a field unless an earlier one was recorded; gives a placeholder.</summary>
    public string Blame(string name, string reason)
    {
        _root._problem ??= new FieldProblem(_path + name, reason);
        return "";
    }

    private static RequestFields Unreadable(string reason)
    {
        RequestFields fields = new(default, "", null);
        fields.Blame("body", reason);
        return fields;
    }

    private RequestFields Item(JsonElement item, string name)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            Blame(name, "must be an object");
        }

        return new RequestFields(item, $"{_path}{name}.", _root);
    }

    private JsonElement? Find(string name) =>
        _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(name, out JsonElement value)
            && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
