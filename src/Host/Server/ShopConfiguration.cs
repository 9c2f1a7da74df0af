using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace DoaMarket.Host.Server;

/// <summary>A configuration that cannot work; the text says what to write instead.</summary>
public sealed class WrongConfigurationException(string message) : Exception(message);

/// <summary>
/// Reads options from appsettings.json, environment (DOA__Section__Key) and command line, and
/// checks them before anything starts.
/// </summary>
public static class ShopConfiguration
{
    /// <summary>The configuration of a process.</summary>
    public static IConfiguration Load(IReadOnlyDictionary<string, string?> commandLine) => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
        .AddJsonFile(Path.Combine(Environment.CurrentDirectory, "appsettings.json"), optional: true)
        .AddEnvironmentVariables("DOA__")
        .AddInMemoryCollection(commandLine)
        .Build();

    /// <summary>Options of a section, checked by their annotations.</summary>
    /// <exception cref="WrongConfigurationException">A key is unknown, or a value is not allowed.</exception>
    /// <param name="complete">Fills in what the mode knows, before the check.</param>
    public static T Options<T>(this IConfiguration configuration, string section, Func<T, T>? complete = null)
        where T : class, new()
    {
        T options;
        try
        {
            options = configuration.GetSection(section)
                .Get<T>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new T();
        }
        catch (InvalidOperationException error)
        {
            var inner = error.InnerException is { } cause ? $" {cause.Message}" : "";
            throw new WrongConfigurationException(
                $"Section '{section}' cannot be read: {error.Message}{inner} "
                + $"Known keys: {string.Join(", ", typeof(T).GetProperties().Select(p => p.Name))}. "
                + $"Durations are written as hh:mm:ss, e.g. {section}__SomeDuration=00:00:30.");
        }

        options = complete?.Invoke(options) ?? options;
        Check(options, section);
        return options;
    }

    private static void Check(object options, string section)
    {
        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true))
        {
            var lines = faults.Select(f => string.Create(
                CultureInfo.InvariantCulture,
                $"{section}: {f.ErrorMessage} "
                + $"(write it as DOA__{section.Replace(":", "__", StringComparison.Ordinal)}__{f.MemberNames.FirstOrDefault()}=…)"));
            throw new WrongConfigurationException(string.Join(Environment.NewLine, lines));
        }
    }
}
