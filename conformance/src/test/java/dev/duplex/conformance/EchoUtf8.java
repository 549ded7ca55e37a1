package dev.duplex.conformance;

/** Checks UTF-8 byte by byte, failing at the first byte that cannot be, but for the planted fault (RFC 3629 §4). */
final class EchoUtf8 {
    private final Fault fault;
    private int needed;
    private int low = 0x80;
    private int high = 0xbf;
    private int point;

    EchoUtf8(Fault fault) {
        this.fault = fault;
    }

    boolean accepts(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (!accepts(bytes[i] & 0xff) && fault != Fault.UTF8_UNCHECKED) {
                return false;
            }
        }
        return true;
    }

    boolean complete() {
        return needed == 0 || fault == Fault.UTF8_UNCHECKED || fault == Fault.UTF8_CUT_SHORT_ACCEPTED;
    }

    private boolean accepts(int b) {
        if (needed > 0) {
            boolean right = b >= low && b <= high;
            needed = right ? needed - 1 : 0;
            low = 0x80;
            high = 0xbf;
            point = point << 6 | b & 0x3f;
            return right && !(fault == Fault.UTF8_NONCHARACTERS_REFUSED && needed == 0 && (point & 0xfffe) == 0xfffe);
        }
        boolean overlong = fault == Fault.UTF8_OVERLONG_ACCEPTED;
        if (b < 0x80) {
            return true;
        }
        if (b >= (overlong ? 0xc0 : 0xc2) && b < 0xe0) {
            needed = 1;
            point = b & 0x1f;
            return true;
        }
        if (b >= 0xe0 && b < 0xf0) {
            needed = 2;
            point = b & 0x0f;
            low = b == 0xe0 && !overlong ? 0xa0 : 0x80;
            high = b == 0xed && fault != Fault.UTF8_SURROGATES_ACCEPTED ? 0x9f : 0xbf;
            return true;
        }
        if (b >= 0xf0 && b < 0xf5) {
            needed = 3;
            point = b & 0x07;
            low = b == 0xf0 && !overlong ? 0x90 : 0x80;
            high = b == 0xf4 && fault != Fault.UTF8_BEYOND_LAST_ACCEPTED ? 0x8f : 0xbf;
            return true;
        }
        return false;
    }
}
