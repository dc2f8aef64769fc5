using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LocalMcp;

/// <summary>What the system says of a file.</summary>
/// <param name="Mode">Its permissions, with those of set-user-ID, set-group-ID and the sticky bit.</param>
/// <param name="Names">How many names (hard links) it has.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Modified">When its content changed last: seconds, and nanoseconds of the second.</param>
internal sealed record FileStatus(FileKind Kind, UnixFileMode Mode, uint Owner, uint Group, long Names, long Size, (long Seconds, long Nanoseconds) Modified, ulong Device, ulong Number)
{
    /// <summary>Whether both are the same file, whatever it holds.</summary>
    public bool IsSameFile(FileStatus other) => Device == other.Device && Number == other.Number;

    /// <summary>Whether both are the same file with the same content, as far as size and time tell.</summary>
    public bool IsUnchanged(FileStatus other) => IsSameFile(other) && Size == other.Size && Modified == other.Modified;
}

// What is known of files, and their content and rights as they are written.
internal static partial class Unix
{
    private const int Interrupted = 4;
    private const int MayWriteTo = 2;
    private const int MayEnter = 1;

    /// <summary>What a name in an open folder stands for; a link is a link. Null where there is nothing that can be looked at.</summary>
    public static FileStatus? Status(SafeFileHandle folder, string name) => StatusOf(Descriptor(folder), name);

    /// <summary>What an open file is; null where the system does not say.</summary>
    public static FileStatus? Status(SafeFileHandle file) => StatusOf(Descriptor(file), "");

    /// <summary>Whether this process may write to a file or folder, by its path. 0, or the number of the error that it would meet.</summary>
    public static int MayWrite(string path, bool isFolder) => Result(faccessat(HereIsNoFolder, Name(path), isFolder ? MayWriteTo | MayEnter : MayWriteTo, 0));

    /// <summary>The largest file that this process may write, in bytes: who goes beyond it is ended by a signal. RLIMIT_FSIZE, which has the same number everywhere.</summary>
    public static ulong LargestFile
    {
        get
        {
            var limits = new ulong[2];
            return getrlimit(1, limits) == 0 ? limits[0] : ulong.MaxValue;
        }
    }

    /// <summary>Writes all of this at the place where the file is. 0, or the error's number.</summary>
    public static int Write(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var written = write(Descriptor(file), in MemoryMarshal.GetReference(bytes), bytes.Length);
            if (written < 0 && Marshal.GetLastPInvokeError() is var error and not Interrupted)
                return error;
            bytes = bytes[(int)Math.Max(written, 0)..];
        }
        return 0;
    }

    /// <summary>Waits until a file, or a folder's names, are on the disk. 0, or the error's number.</summary>
    public static int Sync(SafeFileHandle file) => Result(fsync(Descriptor(file)));

    /// <summary>Sets the permissions of an open file. 0, or the error's number.</summary>
    public static int SetMode(SafeFileHandle file, UnixFileMode mode) => Result(fchmod(Descriptor(file), (uint)mode));

    /// <summary>Gives an open file to another user and group. 0, or the error's number: mostly only the superuser may.</summary>
    public static int SetOwner(SafeFileHandle file, uint owner, uint group) => Result(fchown(Descriptor(file), owner, group));

    private static FileStatus? StatusOf(int descriptor, string name)
    {
        var status = new byte[512];
        if (OperatingSystem.IsLinux())
        {
            // struct statx, the same on every processor: stx_nlink 16, stx_uid 20, stx_gid 24, stx_mode 28, stx_ino 32, stx_size 40, stx_mtime 112, stx_dev 136. 0x7ff: all of these.
            if (statx(descriptor, Name(name), name.Length == 0 ? 0x1000 : 0x100, 0x7ff, status) != 0)
                return null;
            return new FileStatus(KindOf(Short(28)), Mode(Short(28)), Word(20), Word(24), Word(16), Long(40), (Long(112), Word(120)), (ulong)Long(136), (ulong)Long(32));
        }
        // struct stat with 64-bit inodes: st_dev 0, st_mode 4, st_nlink 6, st_ino 8, st_uid 16, st_gid 20, st_mtimespec 48, st_size 96.
        if ((name.Length == 0 ? Fstat(descriptor, status) : Fstatat(descriptor, Name(name), status, 0x20)) != 0)
            return null;
        return new FileStatus(KindOf(Short(4)), Mode(Short(4)), Word(16), Word(20), Short(6), Long(96), (Long(48), Long(56)), Word(0), (ulong)Long(8));

        ushort Short(int offset) => BitConverter.ToUInt16(status, offset);
        uint Word(int offset) => BitConverter.ToUInt32(status, offset);
        long Long(int offset) => BitConverter.ToInt64(status, offset);
    }

    private static UnixFileMode Mode(ushort mode) => (UnixFileMode)(mode & 0xFFF);

#pragma warning disable SYSLIB1054, IDE1006
    [DllImport("libc", SetLastError = true)]
    private static extern int faccessat(int folder, byte[] name, int mode, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(int file, in byte first, nint count);

    [DllImport("libc")]
    private static extern int getrlimit(int what, ulong[] limits);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int file);

    [DllImport("libc", SetLastError = true)]
    private static extern int fchmod(int file, uint mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int fchown(int file, uint owner, uint group);
#pragma warning restore SYSLIB1054, IDE1006
}
