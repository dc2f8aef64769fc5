using System.Globalization;
using System.Security.Cryptography;
using LocalMcp.Backends.Engine;
using LocalMcp.Models;
using LocalMcp.Models.Gguf;
using LocalMcp.State;

namespace LocalMcp.Pull;

/// <summary>Pulls a model from Hugging Face into the user's model folder: looks it up, asks whether it fits, then downloads its files one after the other.</summary>
internal sealed class HubPull(UserEnvironment environment, SettingsFile settings, EngineModels models, PullCatalog catalog, PullFit fit, TimeProvider clock)
{
    // In bytes, to be left free on the disk.
    private const long Reserve = 1024 * 1024 * 1024;
    private const int MostSuggestions = 5;

    /// <summary>Pulls.</summary>
    /// <param name="force">Whether to download what does not fit, or is not known to be a model to chat with.</param>
    /// <exception cref="LocalMcpException">It cannot be had, or should not.</exception>
    public async Task<Pulled> RunAsync(PullSource.HuggingFace source, bool force, Action<PullStep> watch, CancellationToken cancellationToken)
    {
        using var hub = new HubConnection(HubAddress.Of(environment), settings.Read().Limits, clock);
        watch(new PullStep.Phase($"looking at {source.Id}"));
        var repository = await LookAsync(hub, source, watch, cancellationToken);
        var model = HubChoice.Of(repository, source.Wanted);
        var place = ModelPlace.Of(environment, source);
        var missing = new List<HubFile>();
        foreach (var file in model.Files)
        {
            if (!await IsThereAsync(file, place.PathOf(file), watch, cancellationToken))
                missing.Add(file);
        }
        if (missing.Count > 0)
        {
            watch(new PullStep.Note($"{model.Title} of {source.Id}, commit {repository.Commit[..7]}."));
            await CheckFitAsync(hub, repository, model, force, watch, cancellationToken);
            await BringAsync(hub, repository, model, missing, place, watch, cancellationToken);
        }
        var path = place.PathOf(model.Files[0]);
        return new Pulled(NameOf(path), path, model.Bytes, missing.Count > 0);
    }

    private async Task<HubRepository> LookAsync(HubConnection hub, PullSource.HuggingFace source, Action<PullStep> watch, CancellationToken cancellationToken)
    {
        try
        {
            return await HubRepository.ReadAsync(hub, source, clock, watch, cancellationToken);
        }
        catch (HubRefusal refusal) when (refusal.MayBeMissing)
        {
            var others = catalog.Repositories().Concat(await HubRepository.OfOwnerAsync(hub, source.Owner, cancellationToken));
            var near = NearestNames.Of(source.Id, others, MostSuggestions);
            throw new LocalMcpException(near.Count == 0 ? refusal.Message : $"{refusal.Message} Repositories of a like name: {string.Join(", ", near)}.", refusal);
        }
    }

    private async Task CheckFitAsync(HubConnection hub, HubRepository repository, HubModel model, bool force, Action<PullStep> watch, CancellationToken cancellationToken)
    {
        if (force)
            return;
        watch(new PullStep.Phase("reading its header"));
        if (Refusal(await HeaderAsync(hub, repository, model.Files[0], watch, cancellationToken), model) is { } refusal)
            throw new LocalMcpException($"{refusal} Nothing was downloaded; `--force` downloads it all the same.");
    }

    private async Task<GgufHeader> HeaderAsync(HubConnection hub, HubRepository repository, HubFile file, Action<PullStep> watch, CancellationToken cancellationToken)
    {
        try
        {
            return await RemoteHeader.ReadAsync(hub, repository, file, clock, watch, cancellationToken);
        }
        catch (InvalidDataException broken)
        {
            throw new LocalMcpException($"{file.Path} of {repository.Id} cannot be loaded: {broken.Message}. Nothing was downloaded; choose another file.", broken);
        }
    }

    private string? Refusal(GgufHeader header, HubModel model) =>
        GgufPurpose.IsChat(header) ? fit(header, model.Bytes) : $"{model.Name} is no model to chat with: by its header it is {header.Type ?? header.Architecture ?? "something else"}.";

    private async Task BringAsync(HubConnection hub, HubRepository repository, HubModel model, List<HubFile> missing, ModelPlace place, Action<PullStep> watch, CancellationToken cancellationToken)
    {
        var there = model.Bytes - missing.Sum(file => file.Size);
        foreach (var (index, file) in missing.Index())
        {
            var (target, before) = (place.PathOf(file), there);
            try
            {
                ModelPlace.MakeFolder(target);
                using var held = await PartLock.TakeAsync(target, watch, clock, cancellationToken);
                if (!await IsThereAsync(file, target, watch, cancellationToken))
                {
                    CheckDisk(place, missing[index..], repository);
                    await new HubDownload(hub, repository, file, clock, watch).RunAsync(target, done => watch(new PullStep.Bytes(before + done, model.Bytes)), cancellationToken);
                }
                PartLock.Remove(target);
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                throw new LocalMcpException($"{target} cannot be written: {failed.Message.TrimEnd('.')}. What has come so far stays; make room or the folder writable, and the same command goes on from there.", failed);
            }
            there += file.Size;
            watch(new PullStep.Bytes(there, model.Bytes));
            if (file.Sha256 is null)
                watch(new PullStep.Note($"The list of {repository.Id} has no sha256 of {file.Path}: only its size was checked."));
        }
    }

    private static void CheckDisk(ModelPlace place, IReadOnlyList<HubFile> missing, HubRepository repository)
    {
        var needed = missing.Sum(file => file.Size - PartFile.There(place.PathOf(file), new PartNotes(repository.Id, file.Path, repository.Commit, file.Size, file.Sha256)));
        if (place.FreeBytes is { } free && free - Reserve < needed)
            throw new LocalMcpException($"{ListingText.Size(needed)} are to come, and the disk of {place.Folder} has {ListingText.Size(free)} free, of which {ListingText.Size(Reserve)} should stay so. Make room, or set XDG_DATA_HOME to a folder on another disk.");
    }

    // A file of this name that is another is the user's: it is not replaced.
    private static async Task<bool> IsThereAsync(HubFile file, string target, Action<PullStep> watch, CancellationToken cancellationToken)
    {
        if (Directory.Exists(target))
            throw Another(target, "a folder");
        if (new FileInfo(target) is not { Exists: true } there)
            return false;
        watch(new PullStep.Phase($"checking {Path.GetFileName(target)}, which is there"));
        if (there.Length != file.Size)
            throw Another(target, string.Create(CultureInfo.InvariantCulture, $"{there.Length:N0} bytes and not {file.Size:N0}"));
        var hash = file.Sha256 is null ? null : await HashAsync(there, cancellationToken);
        return hash == file.Sha256 ? true : throw Another(target, $"sha256 {hash} and not {file.Sha256}");
    }

    private static async Task<string> HashAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = file.OpenRead();
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new LocalMcpException($"{file.FullName} is there already and cannot be read: {unreadable.Message.TrimEnd('.')}. Make it readable, or remove it, and pull again.", unreadable);
        }
    }

    private static LocalMcpException Another(string target, string difference) =>
        new($"There is another file at {target} already ({difference}), and it is not replaced. If it is of no use to you, remove it, and pull again.");

    private string NameOf(string path) => models.All().FirstOrDefault(model => model.Path == path).Facts?.Name ?? GgufFile.NameOf(path).Stem;
}
