using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LocalMcp.TestModels;

/// <summary>Writes tensors of random numbers of about the given size (root of the mean square), block by block.</summary>
internal static class RandomNumbers
{
    private const int BlocksAtOnce = 32 * 1024;

    // What random 4-bit, 5-bit and 8-bit values have for a root mean square, in units of the scale.
    private const double Spread4 = 4.64;
    private const double Spread5 = 9.25;
    private const double Spread8 = 73.9;

    // The same for the blocks of 256, over random scales of their parts, and for 4-bit floats.
    private const double Spread4OfParts = 230;
    private const double Spread6OfParts = 1365;
    private const double Spread4Floats = 5.85;

    public static void Write(Stream output, TensorType type, long elements, double size, RandomBits random)
    {
        var blockBytes = type.BytesPerBlock();
        var buffer = new byte[BlocksAtOnce * blockBytes];
        for (var left = elements / type.NumbersPerBlock(); left > 0; left -= BlocksAtOnce)
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
            case TensorType.BF16: ScaleBrainHalves(bytes, size); break;
            case TensorType.Q8_0: SetScales(bytes, type, 0, (Half)(size / Spread8)); break;
            case TensorType.Q5_0: SetScales(bytes, type, 0, (Half)(size / Spread5)); break;
            case TensorType.Q4_0: SetScales(bytes, type, 0, (Half)(size / Spread4)); break;
            case TensorType.Q4_K: SetScalesAndMinima(bytes, type, (Half)(size / Spread4OfParts)); break;
            case TensorType.Q6_K: SetScales(bytes, type, type.BytesPerBlock() - 2, (Half)(size / Spread6OfParts)); break;
            case TensorType.MXFP4: SetExponents(bytes, type, size / Spread4Floats); break;
            default: throw new ArgumentOutOfRangeException(nameof(type));
        }
    }

    private static void SetScales(Span<byte> bytes, TensorType type, int offset, Half scale)
    {
        for (var at = offset; at < bytes.Length; at += type.BytesPerBlock()) BinaryPrimitives.WriteHalfLittleEndian(bytes[at..], scale);
    }

    // A number is its scale times 0 to 15, less its minimum; eight minima take off what the scale adds on the average.
    private static void SetScalesAndMinima(Span<byte> bytes, TensorType type, Half scale)
    {
        SetScales(bytes, type, 0, scale);
        SetScales(bytes, type, 2, (Half)(7.5 * (double)scale));
    }

    // One byte holds a power of two, 127 for one. The 4-bit floats are kept as halves of it, hence the one more.
    private static void SetExponents(Span<byte> bytes, TensorType type, double scale)
    {
        var exponent = (byte)(128 + Math.Round(Math.Log2(scale)));
        for (var at = 0; at < bytes.Length; at += type.BytesPerBlock()) bytes[at] = exponent;
    }

    // Keeps the random sign and fraction and sets the exponent, so that the numbers lie between one and two times a power of two.
    private static void ScaleHalves(Span<byte> bytes, double size)
    {
        var power = (ulong)(BitConverter.HalfToUInt16Bits((Half)PowerOfTwo(size)) & 0x7C00);
        var exponents = power * 0x0001_0001_0001_0001;
        foreach (ref var four in MemoryMarshal.Cast<byte, ulong>(bytes)) four = (four & 0x83FF_83FF_83FF_83FF) | exponents;
    }

    private static void ScaleBrainHalves(Span<byte> bytes, double size)
    {
        var exponents = (BitConverter.SingleToUInt32Bits((float)PowerOfTwo(size)) >> 16) * 0x0001_0001_0001_0001UL;
        foreach (ref var four in MemoryMarshal.Cast<byte, ulong>(bytes)) four = (four & 0x807F_807F_807F_807F) | exponents;
    }

    private static void ScaleSingles(Span<byte> bytes, double size)
    {
        var exponent = BitConverter.SingleToUInt32Bits((float)PowerOfTwo(size)) & 0x7F80_0000;
        foreach (ref var one in MemoryMarshal.Cast<byte, uint>(bytes)) one = (one & 0x807F_FFFF) | exponent;
    }

    private static double PowerOfTwo(double size) => Math.Pow(2, Math.Round(Math.Log2(size / 1.53)));
}
