using System.Globalization;
using LocalMcp.Models;
using LocalMcp.Models.Gguf;

namespace LocalMcp.Pull;

/// <summary>A model of a repository: one file, or the parts of a split one that are there.</summary>
/// <param name="Name">Its path without part number and extension.</param>
/// <param name="Files">By part number.</param>
/// <param name="Of">How many parts there should be; 1 for a whole file.</param>
internal sealed record HubModel(string Name, IReadOnlyList<HubFile> Files, int Of)
{
    // In bytes: 70 TB. No file is larger, and the sum of the 99,999 parts that a name can count stays a number.
    private const long LargestFile = 1L << 46;

    // What lies beside models: gguf_filename_is_model in llama.cpp's common/download.cpp.
    private static readonly string[] Companions = ["mmproj", "imatrix", "mtp-", "eagle3-", "dflash-", "dspark-"];

    /// <summary>All parts together, in bytes.</summary>
    public long Bytes => Files.Sum(file => file.Size);

    /// <summary>The parts that the repository lacks, as a phrase; null when it has them all.</summary>
    public string? Missing => Files.Count == Of ? null : string.Create(CultureInfo.InvariantCulture, $"{Of - Files.Count} of its {Of} parts");

    /// <summary>Name and size, for lists.</summary>
    public string Title => $"{(Of == 1 ? Files[0].Path : Name)} ({ListingText.Size(Bytes)}{(Of == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {Of} parts"))})";

    /// <summary>The models to chat with among these files, in the order of their names. A file whose path or size is not fit for a disk is none.</summary>
    public static IReadOnlyList<HubModel> In(IEnumerable<HubFile> files) =>
    [
        .. files.Where(file => file.Size is > 0 and <= LargestFile && ModelPlace.IsSafe(file.Path) && IsModel(Path.GetFileName(file.Path)))
            .GroupBy(file => (Name: NameOf(file), GgufFile.NameOf(file.Path).Of))
            .Select(parts => new HubModel(parts.Key.Name, [.. parts.DistinctBy(PartOf).OrderBy(PartOf)], parts.Key.Of))
            .OrderBy(model => model.Name, StringComparer.Ordinal),
    ];

    /// <summary>Whether this quantization is what its name says: the tag stands between hyphens, points or slashes, as in llama.cpp's <c>-hf owner/repo:tag</c>.</summary>
    public bool Is(string tag)
    {
        for (var at = Name.IndexOf(tag, StringComparison.OrdinalIgnoreCase); at >= 0; at = Name.IndexOf(tag, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if ((at == 0 || Name[at - 1] is '-' or '.' or '/' or '_') && (at + tag.Length == Name.Length || Name[at + tag.Length] is '-' or '.' or '/'))
                return true;
        }
        return false;
    }

    /// <summary>Whether the tag is the end of its name, with nothing after it that makes it something special.</summary>
    public bool EndsWith(string tag) => Is(tag) && Name.EndsWith(tag, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the word names it: a path or a file name of the repository, with or without extension.</summary>
    public bool IsCalled(string word) => Array.Exists([Name, Path.GetFileName(Name)], name => Same(name, word)) || Files.Any(file => Same(file.Path, word) || Same(Path.GetFileName(file.Path), word));

    /// <summary>The last words of its name, which tell it from the others of its repository: the quantization, most of the time.</summary>
    public string Tag => Path.GetFileName(Name) is var name && name.LastIndexOfAny(['-', '.']) is >= 0 and var cut ? name[(cut + 1)..] : name;

    public static bool IsModel(string fileName) =>
        fileName.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && GgufPurpose.IsChat(fileName) && !Array.Exists(Companions, word => fileName.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static string NameOf(HubFile file) => Path.Combine(Path.GetDirectoryName(file.Path) ?? "", GgufFile.NameOf(file.Path).Stem);

    private static int PartOf(HubFile file) => GgufFile.NameOf(file.Path).Part;

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
