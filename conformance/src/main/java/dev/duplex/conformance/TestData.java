package dev.duplex.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.zip.Deflater;

/**
 * What the compression cases send: made by rule, the same at every run, sized and compressible like the usual kinds of
 * document. Messages are cut out one after another, wrapping around. Used by one thread.
 */
final class TestData {
    private static final Map<String, byte[]> MADE = new ConcurrentHashMap<>();
    private static final String[] GERMAN = ("der die und in zu den das nicht von sie ist des sich mit dem dass er es ein ich auf so eine auch als an nach wie im für man aber aus durch "
            + "wenn nur war noch werden bei hat wir was wird sein einen welche sind oder zur um haben einer mir über ihm diese einem ihr uns da zum kann doch vor dieser mich ihn du hatte "
            + "seine mehr am denn nun unter sehr selbst schon hier bis habe ihre dann ihnen seiner alle wieder meine Zeit gegen vom ganz einzelnen wo muss ohne eines können sei Geist Himmel "
            + "Erde Welt Herz Licht Nacht Wasser Feuer Straße Brücke Häuser König Mädchen Träume schön süß größer früh spät weiß heiß grün Öl Übung Äpfel").split(" ");

    private final byte[] bytes;
    private final int[] characterStarts;
    private final int characters;
    private int at;

    private TestData(byte[] bytes) {
        this.bytes = bytes;
        this.characterStarts = new int[bytes.length];
        int n = 0;
        for (int i = 0; i < bytes.length; i++) {
            if ((bytes[i] & 0xc0) != 0x80) {
                characterStarts[n++] = i;
            }
        }
        this.characters = n;
    }

    static TestData repeating(byte[] payload) {
        return new TestData(payload.length == 0 ? new byte[1] : payload);
    }

    static TestData named(String name) {
        return new TestData(MADE.computeIfAbsent(name, TestData::make));
    }

    /** The next message: so many characters of text, or so many bytes. */
    byte[] next(int size, boolean text) {
        ByteArrayOutputStream message = new ByteArrayOutputStream(size);
        int total = text ? characters : bytes.length;
        int left = size;
        while (left > 0) {
            int n = Math.min(left, total - at);
            int from = text ? characterStarts[at] : at;
            int to = !text ? at + n : at + n == total ? bytes.length : characterStarts[at + n];
            message.write(bytes, from, to - from);
            left -= n;
            at = (at + n) % total;
        }
        return message.toByteArray();
    }

    private static byte[] make(String name) {
        RandomGenerator random = new java.util.SplittableRandom(name.hashCode());
        return switch (name) {
            case "json" -> cut(json(random), 194_056);
            case "bitmap" -> bitmap(random, 263_222);
            case "german" -> cut(prose(random, 222_218), 222_218);
            case "html" -> cut(html(random), 263_647);
            case "pdf" -> pdf(random, 1_042_328);
            default -> throw new IllegalArgumentException("no test data is called " + name);
        };
    }

    /** The size in bytes, without half a character at the end. */
    private static byte[] cut(String text, int size) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        int end = size;
        while ((all[end] & 0xc0) == 0x80) {
            end--;
        }
        byte[] bytes = Arrays.copyOf(all, size);
        Arrays.fill(bytes, end, size, (byte) ' ');
        return bytes;
    }

    private static String json(RandomGenerator random) {
        StringBuilder text = new StringBuilder("[");
        while (text.length() <= 194_056) {
            text.append("{\"id\":").append(random.nextInt(1_000_000)).append(",\"name\":\"").append(words(random, 2)).append("\",\"active\":").append(random.nextBoolean())
                    .append(",\"price\":").append(random.nextInt(100_000) / 100.0).append(",\"tags\":[\"").append(words(random, 1)).append("\",\"\u20ac\",\"\u65e5\u672c\ud83d\ude00\"],\"text\":\"")
                    .append(words(random, 8)).append("\"},\n");
        }
        return text.toString();
    }

    private static String html(RandomGenerator random) {
        StringBuilder text = new StringBuilder("<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>\n");
        while (text.length() <= 263_647) {
            text.append("<div class=\"row\"><a href=\"/page/").append(random.nextInt(10_000)).append("\">").append(words(random, 3)).append("</a><p>").append(words(random, 12))
                    .append("</p><span class=\"note\">\u201e").append(words(random, 2)).append("\u201c</span></div>\n");
        }
        return text.toString();
    }

    private static String prose(RandomGenerator random, int characters) {
        StringBuilder text = new StringBuilder();
        while (text.length() <= characters) {
            text.append(words(random, 7)).append(random.nextInt(4) == 0 ? ".\r\n" : ",\r\n");
        }
        return text.toString();
    }

    private static String words(RandomGenerator random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            double rank = random.nextDouble();
            text.append(i == 0 ? "" : " ").append(GERMAN[(int) (rank * rank * GERMAN.length)]);
        }
        return text.toString();
    }

    /** A grey picture of soft slopes with some grain. */
    private static byte[] bitmap(RandomGenerator random, int size) {
        byte[] bytes = new byte[size];
        bytes[0] = 'B';
        bytes[1] = 'M';
        for (int i = 54; i < size; i++) {
            int x = i % 512;
            int y = i / 512;
            bytes[i] = (byte) (128 + 60 * Math.sin(x / 40.0) + 50 * Math.cos(y / 60.0) + random.nextInt(10));
        }
        return bytes;
    }

    /** Streams that are compressed already, with plain lines between. */
    private static byte[] pdf(RandomGenerator random, int size) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(size + 4096);
        byte[] stream = new byte[4096];
        for (int object = 1; out.size() < size; object++) {
            out.writeBytes((object + " 0 obj << /Length 4096 /Filter /FlateDecode >> stream\n").getBytes(StandardCharsets.ISO_8859_1));
            Deflater deflater = new Deflater();
            deflater.setInput(prose(random, 8000).getBytes(StandardCharsets.UTF_8));
            deflater.finish();
            int n = deflater.deflate(stream);
            deflater.end();
            out.write(stream, 0, n);
            out.writeBytes("\nendstream endobj\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        return Arrays.copyOf(out.toByteArray(), size);
    }
}
