using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DoaMarket.Simulation.Tests.Planting;

/// <summary>
/// Plants bugs into a source file so that one compilation has them all: a member with bugs is kept once as it is and
/// once for each bug, and a switch before them says which is called.
/// </summary>
internal static class Branching
{
    /// <summary>The class with the switch; each assembly with bugs has one.</summary>
    public const string SwitchClass = "DoaMarket.Planted.Bug", SwitchField = "On";

    /// <summary>The switch's source.</summary>
    public const string SwitchSource =
        $"namespace DoaMarket.Planted {{ internal static class Bug {{ public static int {SwitchField}; }} }}";

    private const string Suffix = "__";

    /// <summary>Why a bug cannot be planted into its file; null when it can.</summary>
    public static string? Obstacle(SyntaxTree? tree, PlantedBug bug)
    {
        if (tree is null)
        {
            return "there is no such file";
        }

        var (text, at) = (tree.GetText().ToString(), PlaceOf(tree, bug).Start);
        return at < 0 ? "its line is not there any more: plant it where the code is now"
            : text.IndexOf(bug.Line, at + 1, StringComparison.Ordinal) >= 0 ? "its line is there twice: take more of it"
            : IndexOfMember(tree, bug) < 0 ? "its line is in no method and in no expression-bodied property"
            : Changed(tree, bug).GetDiagnostics().FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error)?.GetMessage();
    }

    /// <summary>The file with its bugs, each with the number that switches it on.</summary>
    public static SyntaxTree Plant(SyntaxTree tree, IEnumerable<NumberedBug> bugs)
    {
        var root = tree.GetRoot();
        var members = Members(root).ToList();
        var wrong = bugs.ToLookup(b => members[IndexOfMember(tree, b.Bug)], b => new Wrong(
            b.Number, Members(Changed(tree, b.Bug).GetRoot()).ElementAt(IndexOfMember(tree, b.Bug))));
        return tree.WithRootAndOptions(
            root.ReplaceNodes(
                wrong.Select(ofOne => (TypeDeclarationSyntax)ofOne.Key.Parent!).Distinct(),
                (type, changed) => WithBranches(type, changed, wrong)),
            tree.Options);
    }

    /// <summary>The number of the bug in whose member something stands; null when it is in none.</summary>
    public static int? NumberAt(SyntaxNode? node) => node?.AncestorsAndSelf().OfType<MethodDeclarationSyntax>()
        .Select(m => m.Identifier.Text.Split(Suffix) is [_, var number] ? int.Parse(number, CultureInfo.InvariantCulture) : (int?)null)
        .FirstOrDefault(number => number > 0);

    private static (int Start, int Length) PlaceOf(SyntaxTree tree, PlantedBug bug) =>
        (tree.GetText().ToString().IndexOf(bug.Line, StringComparison.Ordinal), bug.Line.Length);

    private static int IndexOfMember(SyntaxTree tree, PlantedBug bug)
    {
        var (start, length) = PlaceOf(tree, bug);
        return Members(tree.GetRoot()).ToList().FindIndex(m => m.Span.Contains(new TextSpan(start, length)));
    }

    private static SyntaxTree Changed(SyntaxTree tree, PlantedBug bug)
    {
        var (start, length) = PlaceOf(tree, bug);
        var text = tree.GetText().WithChanges(new TextChange(new TextSpan(start, length), bug.Instead));
        return CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)tree.Options);
    }

    private static IEnumerable<MemberDeclarationSyntax> Members(SyntaxNode root) => root.DescendantNodes()
        .OfType<MemberDeclarationSyntax>()
        .Where(m => m is MethodDeclarationSyntax or PropertyDeclarationSyntax { ExpressionBody: not null });

    private static TypeDeclarationSyntax WithBranches(
        TypeDeclarationSyntax type, TypeDeclarationSyntax changed, ILookup<MemberDeclarationSyntax, Wrong> wrong)
    {
        var after = new List<MemberDeclarationSyntax>();
        foreach (var (member, kept) in type.Members.Zip(changed.Members))
        {
            var ofOne = wrong[member].ToList();
            after.AddRange(ofOne.Count == 0
                ? [kept] // a nested type may have branches of its own
                :
                [
                    Switch(member, ofOne.Select(w => w.Number)),
                    Branch(member, 0),
                    .. ofOne.Select(w => Branch(w.Member, w.Number)),
                ]);
        }

        return changed.WithMembers(SyntaxFactory.List(after));
    }

    // The member as others see it: it calls one of its branches.
    private static MemberDeclarationSyntax Switch(MemberDeclarationSyntax member, IEnumerable<int> numbers)
    {
        var cases = numbers.Select(n => $"case {n}: {Call(member, n)} ").Append($"default: {Call(member, 0)} ");
        var body = $"{{ switch (global::{SwitchClass}.{SwitchField}) {{ {string.Concat(cases)} }} }}";
        return member switch
        {
            MethodDeclarationSyntax method => method
                .WithModifiers(Without(method.Modifiers, SyntaxKind.AsyncKeyword))
                .WithExpressionBody(null).WithSemicolonToken(default)
                .WithBody((BlockSyntax)SyntaxFactory.ParseStatement(body)),
            PropertyDeclarationSyntax property => property
                .WithExpressionBody(null).WithSemicolonToken(default)
                .WithAccessorList(SyntaxFactory.AccessorList(SyntaxFactory.SingletonList(
                    SyntaxFactory.AccessorDeclaration(SyntaxKind.GetAccessorDeclaration)
                        .WithBody((BlockSyntax)SyntaxFactory.ParseStatement(body))))),
            _ => throw new ArgumentException($"A {member.Kind()} has no branches.", nameof(member)),
        };
    }

    private static string Call(MemberDeclarationSyntax member, int number)
    {
        if (member is not MethodDeclarationSyntax method)
        {
            return $"return {NameOf(member)}{Suffix}{number}();";
        }

        var arguments = method.ParameterList.Parameters.Select(p => string.Join(
            ' ',
            p.Modifiers.Where(m => m.IsKind(SyntaxKind.RefKeyword) || m.IsKind(SyntaxKind.OutKeyword))
                .Select(m => m.Text).Append(p.Identifier.Text)));
        var types = method.TypeParameterList is { } list
            ? $"<{string.Join(", ", list.Parameters.Select(t => t.Identifier.Text))}>"
            : "";
        var call = $"{NameOf(member)}{Suffix}{number}{types}({string.Join(", ", arguments)});";
        return method.ReturnType.ToString() == "void" ? $"{call} return;" : $"return {call}";
    }

    private static MethodDeclarationSyntax Branch(MemberDeclarationSyntax member, int number)
    {
        var branch = member switch
        {
            MethodDeclarationSyntax method => method.WithParameterList(WithoutThis(method.ParameterList)),
            PropertyDeclarationSyntax property => SyntaxFactory.MethodDeclaration(property.Type, property.Identifier)
                .WithModifiers(property.Modifiers)
                .WithExpressionBody(property.ExpressionBody).WithSemicolonToken(property.SemicolonToken),
            _ => throw new ArgumentException($"A {member.Kind()} has no branches.", nameof(member)),
        };
        var kept = branch.Modifiers.Where(
            m => m.IsKind(SyntaxKind.StaticKeyword) || m.IsKind(SyntaxKind.AsyncKeyword));
        return branch
            .WithAttributeLists(default)
            .WithModifiers(SyntaxFactory.TokenList(kept))
            .WithExplicitInterfaceSpecifier(null)
            .WithIdentifier(SyntaxFactory.Identifier($"{NameOf(member)}{Suffix}{number}"));
    }

    private static ParameterListSyntax WithoutThis(ParameterListSyntax list) => list.ReplaceNodes(
        list.Parameters, (_, p) => p.WithModifiers(Without(p.Modifiers, SyntaxKind.ThisKeyword)));

    private static SyntaxTokenList Without(SyntaxTokenList modifiers, SyntaxKind kind) =>
        SyntaxFactory.TokenList(modifiers.Where(m => !m.IsKind(kind)));

    private static string NameOf(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        _ => throw new ArgumentException($"A {member.Kind()} has no branches.", nameof(member)),
    };

    private sealed record Wrong(int Number, MemberDeclarationSyntax Member);
}
