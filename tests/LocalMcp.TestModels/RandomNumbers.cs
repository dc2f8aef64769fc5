using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LocalMcp.TestModels;

/// <summary>Writes tensors of random numbers of about the given size (root of the mean square), block by block.</summary>
internal static class RandomNumbers
{
    private const int BlocksAtOnce = 32 * 1024;

    // What random 4-bit and 8-bit values have for a root mean square, in units of the scale.
    private const double Spread4 = 4.64;
    private const double Spread8 = 73.9;

    public static void Write(Stream output, TensorType type, long elements, double size, RandomBits random)
    {
        var blockBytes = type.BytesPerBlock();
        var buffer = new byte[BlocksAtOnce * blockBytes];
        for (var left = elements / TensorTypes.BlockSize; left > 0; left -= BlocksAtOnce)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(left, BlocksAtOnce) * blockBytes);
            Fill(part, random);
            Scale(part, type, size);
            output.Write(part);
        }
    }

    private static void Fill(Span<byte> bytes, RandomBits random)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) BinaryPrimitives.WriteUInt64LittleEndian(bytes, random.Next());
        for (; bytes.Length > 0; bytes = bytes[1..]) bytes[0] = (byte)random.Next();
    }

    private static void Scale(Span<byte> bytes, TensorType type, double size)
    {
        switch (type)
        {
            case TensorType.F32: ScaleSingles(bytes, size); break;
            case TensorType.F16: ScaleHalves(bytes, size); break;
            case TensorType.Q8_0: SetScales(bytes, type, (Half)(size / Spread8)); break;
            case TensorType.Q4_0: SetScales(bytes, type, (Half)(size / Spread4)); break;
            default: throw new ArgumentOutOfRangeException(nameof(type));
        }
    }

    private static void SetScales(Span<byte> bytes, TensorType type, Half scale)
    {
        for (var at = 0; at < bytes.Length; at += type.BytesPerBlock()) BinaryPrimitives.WriteHalfLittleEndian(bytes[at..], scale);
    }

    // Keeps the random sign and fraction and sets the exponent, so that the numbers lie between one and two times a power of two.
    private static void ScaleHalves(Span<byte> bytes, double size)
    {
        var power = (ulong)(BitConverter.HalfToUInt16Bits((Half)PowerOfTwo(size)) & 0x7C00);
        var exponents = power * 0x0001_0001_0001_0001;
        foreach (ref var four in MemoryMarshal.Cast<byte, ulong>(bytes)) four = (four & 0x83FF_83FF_83FF_83FF) | exponents;
    }

    private static void ScaleSingles(Span<byte> bytes, double size)
    {
        var exponent = BitConverter.SingleToUInt32Bits((float)PowerOfTwo(size)) & 0x7F80_0000;
        foreach (ref var one in MemoryMarshal.Cast<byte, uint>(bytes)) one = (one & 0x807F_FFFF) | exponent;
    }

    private static double PowerOfTwo(double size) => Math.Pow(2, Math.Round(Math.Log2(size / 1.53)));
}
