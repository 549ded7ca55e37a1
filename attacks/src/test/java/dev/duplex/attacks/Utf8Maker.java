package dev.duplex.attacks;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Makes up short texts, most of them wrong in one place, and asks the JDK's decoder where. */
final class Utf8Maker {
    static final int NEVER = Integer.MAX_VALUE;
    private static final byte[][] EDGES = {
        Frames.hex("c080"), Frames.hex("c1bf"), Frames.hex("e08080"), Frames.hex("e09fbf"), Frames.hex("eda080"), Frames.hex("edbfbf"),
        Frames.hex("f0808080"), Frames.hex("f08fbfbf"), Frames.hex("f4908080"), Frames.hex("f5808080"), Frames.hex("ff"), Frames.hex("fe"),
        Frames.hex("80"), Frames.hex("bf"), Frames.hex("c3"), Frames.hex("e282"), Frames.hex("f09f98"), Frames.hex("f8888080"),
        Frames.hex("ed9fbf"), Frames.hex("ee8080"), Frames.hex("f48fbfbf"), Frames.hex("efbfbf"), Frames.hex("c280"), Frames.hex("e0a080"),
    };

    /** Whatever a character lacks, one of these completes it. */
    private static final List<byte[]> COMPLETIONS =
            Stream.of("", "80", "8080", "808080", "bf", "bf80", "bf8080").map(Frames::hex).toList();

    private final Random random;

    Utf8Maker(Random random) {
        this.random = random;
    }

    /** 1 to about 24 bytes. */
    byte[] make() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int pieces = 1 + random.nextInt(5);
        for (int i = 0; i < pieces; i++) {
            switch (random.nextInt(8)) {
                case 0 -> text.writeBytes(EDGES[random.nextInt(EDGES.length)]);
                case 1 -> text.write(random.nextInt(256));
                default -> text.writeBytes(Character.toString(scalar()).getBytes(StandardCharsets.UTF_8));
            }
        }
        return text.toByteArray();
    }

    private int scalar() {
        int point = random.nextInt(new int[] {0x80, 0x800, 0x10000, 0x110000}[random.nextInt(4)]);
        return point >= 0xD800 && point <= 0xDFFF ? 'x' : point;
    }

    /** The first byte after which nothing can make the text right again, or its last one if it only ends too soon. */
    static int firstCertainByte(byte[] text) {
        for (int end = 1; end <= text.length; end++) {
            byte[] beginning = Arrays.copyOf(text, end);
            boolean canBeRight = end == text.length ? isRight(text) : COMPLETIONS.stream().anyMatch(c -> isRight(Frames.join(beginning, c)));
            if (!canBeRight) {
                return end - 1;
            }
        }
        return NEVER;
    }

    private static boolean isRight(byte[] text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
