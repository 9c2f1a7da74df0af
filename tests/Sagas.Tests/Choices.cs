namespace DoaMarket.Sagas.Tests;

/// <summary>
/// What a case has chosen, one small number after another. 0 is always the dullest choice, and what follows the last
/// number is dull: so a case gets simpler as its numbers are left out or made smaller.
/// </summary>
internal sealed class Choices(IReadOnlyList<int> numbers)
{
    private int _next;

    /// <summary>Whether everything has been chosen.</summary>
    public bool IsOver => _next >= numbers.Count;

    /// <summary>0 or more, below <paramref name="bound"/>.</summary>
    public int Next(int bound) => IsOver ? 0 : numbers[_next++] % bound;

    /// <summary>One of them.</summary>
    public T Of<T>(IReadOnlyList<T> among) => among[Next(among.Count)];
}
