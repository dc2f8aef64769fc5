using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LocalMcp;

/// <summary>What a name in a folder is.</summary>
internal enum FileKind
{
    Missing,
    Regular,
    Folder,
    Link,

    /// <summary>A pipe, a socket or a device.</summary>
    Special,
}

// Files by name in an open folder, which .NET cannot: what is opened is in that folder, whatever happens to the paths meanwhile.
internal static partial class Unix
{
    /// <summary>The error numbers that mean the same here and there, and those that differ. Source: errno.h of Linux (asm-generic) and of macOS.</summary>
    internal static class Error
    {
        public const int NotPermitted = 1;
        public const int Missing = 2;
        public const int Exists = 17;
        public const int NoFolder = 20;
        public static readonly int Link = OperatingSystem.IsMacOS() ? 62 : 40;
        public static readonly int Unsupported = OperatingSystem.IsMacOS() ? 45 : 95;
    }

    private const int HereIsNoFolder = -1;
    private const int LongestPath = 4_096 + 1;

    // fcntl.h; on Linux the numbers of two flags depend on the processor.
    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
    private static readonly int NoFollow = OperatingSystem.IsMacOS() ? 0x100 : Arm ? 0x8000 : 0x20000;
    private static readonly int FolderOnly = OperatingSystem.IsMacOS() ? 0x100000 : Arm ? 0x4000 : 0x10000;
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
    private static readonly int NoWait = OperatingSystem.IsMacOS() ? 0x4 : 0x800;
    private static readonly int CreateNew = OperatingSystem.IsMacOS() ? 0x200 | 0x800 : 0x40 | 0x80;
    private static readonly int Append = OperatingSystem.IsMacOS() ? 0x8 | 0x200 : 0x400 | 0x40;
    private const int WriteOnly = 1;

    /// <summary>The same file or folder by a path without links, dots and double slashes; null where there is none. realpath(3).</summary>
    public static string? RealPath(string path)
    {
        var real = new byte[LongestPath];
        return realpath(Name(Path.GetFullPath(path)), real) == 0 ? null : Encoding.UTF8.GetString(real.AsSpan(0, real.AsSpan().IndexOf((byte)0)));
    }

    /// <summary>Opens a folder by its path; the last part may not be a link. Null with the error's number where that fails.</summary>
    public static (SafeFileHandle? Handle, int Error) OpenFolder(string path) => Opened(openat(HereIsNoFolder, Name(path), FolderOnly | NoFollow | CloseOnExec, 0, 0, 0, 0, 0, 0));

    /// <summary>Opens a folder in an open one; a link is an error.</summary>
    public static (SafeFileHandle? Handle, int Error) OpenFolder(SafeFileHandle folder, string name) => Opened(openat(Descriptor(folder), Name(name), FolderOnly | NoFollow | CloseOnExec, 0, 0, 0, 0, 0, 0));

    /// <summary>Opens what has a name in an open folder, for reading; a link is an error, and a pipe does not block.</summary>
    public static (SafeFileHandle? Handle, int Error) OpenToRead(SafeFileHandle folder, string name) => Opened(openat(Descriptor(folder), Name(name), NoFollow | CloseOnExec | NoWait, 0, 0, 0, 0, 0, 0));

    /// <summary>Creates a file in an open folder and opens it for writing; what is there already is an error.</summary>
    /// <param name="mode">Permissions, less those of the process's umask.</param>
    public static (SafeFileHandle? Handle, int Error) Create(SafeFileHandle folder, string name, UnixFileMode mode)
    {
        // A variable argument of C: on a Mac with Apple's chip those are on the stack, behind the eight that registers take.
        var (third, stack) = OperatingSystem.IsMacOS() && Arm ? (0, (int)mode) : ((int)mode, 0);
        return Opened(openat(Descriptor(folder), Name(name), WriteOnly | CreateNew | NoFollow | CloseOnExec, third, 0, 0, 0, 0, stack));
    }

    /// <summary>Opens a file by its path to write at its end, wherever that is by then; creates it, for its owner alone, where it is missing. A link at its place is an error.</summary>
    public static (SafeFileHandle? Handle, int Error) OpenToAppend(string path)
    {
        const int mine = (int)(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var (third, stack) = OperatingSystem.IsMacOS() && Arm ? (0, mine) : (mine, 0);
        return Opened(openat(HereIsNoFolder, Name(path), WriteOnly | Append | NoFollow | CloseOnExec, third, 0, 0, 0, 0, stack));
    }

    /// <summary>Creates a folder in an open one. 0, or the error's number.</summary>
    public static int CreateFolder(SafeFileHandle folder, string name) => Result(mkdirat(Descriptor(folder), Name(name), Convert.ToUInt32("777", 8)));

    /// <summary>Gives a file of an open folder a second name in it, where that name is free. 0, or the error's number.</summary>
    public static int Link(SafeFileHandle folder, string from, string to) => Result(linkat(Descriptor(folder), Name(from), Descriptor(folder), Name(to), 0));

    /// <summary>Renames within an open folder; what has the new name is replaced. 0, or the error's number.</summary>
    public static int Rename(SafeFileHandle folder, string from, string to) => Result(renameat(Descriptor(folder), Name(from), Descriptor(folder), Name(to)));

    /// <summary>Removes a file from an open folder. 0, or the error's number.</summary>
    public static int Remove(SafeFileHandle folder, string name) => Result(unlinkat(Descriptor(folder), Name(name), 0));

    /// <summary>What a name in an open folder is; a link is a link, whatever it points to.</summary>
    public static FileKind Kind(SafeFileHandle folder, string name) => KindOf(Descriptor(folder), name, follow: false);

    /// <summary>What an open file is.</summary>
    public static FileKind Kind(SafeFileHandle file) => KindOf(Descriptor(file), "", follow: true);

    /// <summary>The system's words for an error's number.</summary>
    public static string Words(int error) => Marshal.GetPInvokeErrorMessage(error);

    private static FileKind KindOf(int descriptor, string name, bool follow)
    {
        var status = new byte[512];
        int offset;
        if (OperatingSystem.IsLinux())
        {
            // struct statx: stx_mode, 16 bits, at byte 28 on every processor. 0x1000: the descriptor itself; 0x100: links as they are; 1: the type.
            offset = 28;
            if (statx(descriptor, Name(name), name.Length == 0 ? 0x1000 : follow ? 0 : 0x100, 1, status) != 0)
                return FileKind.Missing;
        }
        else
        {
            // struct stat with 64-bit inodes: st_mode, 16 bits, at byte 4. 0x20: links as they are.
            offset = 4;
            if ((name.Length == 0 ? Fstat(descriptor, status) : Fstatat(descriptor, Name(name), status, follow ? 0 : 0x20)) != 0)
                return FileKind.Missing;
        }
        return KindOf(BitConverter.ToUInt16(status, offset));
    }

    private static FileKind KindOf(ushort mode) => (mode & 0xF000) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Folder,
        0xA000 => FileKind.Link,
        _ => FileKind.Special,
    };

    private static (SafeFileHandle? Handle, int Error) Opened(int descriptor) =>
        descriptor < 0 ? (null, Marshal.GetLastPInvokeError()) : (new SafeFileHandle(descriptor, ownsHandle: true), 0);

    private static int Result(int result) => result == 0 ? 0 : Marshal.GetLastPInvokeError();

    private static int Descriptor(SafeFileHandle handle) => handle.DangerousGetHandle().ToInt32();

    private static byte[] Name(string name) => [.. Encoding.UTF8.GetBytes(name), 0];

    private static int Fstat(int file, byte[] status) => Arm ? fstat(file, status) : fstat64(file, status);

    private static int Fstatat(int folder, byte[] name, byte[] status, int flags) => Arm ? fstatat(folder, name, status, flags) : fstatat64(folder, name, status, flags);

#pragma warning disable SYSLIB1054, IDE1006
    [DllImport("libc")]
    private static extern nint realpath(byte[] path, byte[] real);

    [DllImport("libc", SetLastError = true)]
    private static extern int openat(int folder, byte[] name, int flags, nint mode, nint unused5, nint unused6, nint unused7, nint unused8, nint modeOnStack);

    [DllImport("libc", SetLastError = true)]
    private static extern int mkdirat(int folder, byte[] name, uint mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int linkat(int fromFolder, byte[] from, int toFolder, byte[] to, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int renameat(int fromFolder, byte[] from, int toFolder, byte[] to);

    [DllImport("libc", SetLastError = true)]
    private static extern int unlinkat(int folder, byte[] name, int flags);

    [DllImport("libc")]
    private static extern int statx(int folder, byte[] name, int flags, uint mask, byte[] status);

    [DllImport("libc")]
    private static extern int fstat(int file, byte[] status);

    [DllImport("libc")]
    private static extern int fstatat(int folder, byte[] name, byte[] status, int flags);

    [DllImport("libc", EntryPoint = "fstat$INODE64")]
    private static extern int fstat64(int file, byte[] status);

    [DllImport("libc", EntryPoint = "fstatat$INODE64")]
    private static extern int fstatat64(int folder, byte[] name, byte[] status, int flags);
#pragma warning restore SYSLIB1054, IDE1006
}
