package dev.duplex.conformance;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the column of a case table that says what the checker does. */
final class Script {
    private final Words words;
    private final int maxMessageBytes;

    private Script(String column, int maxMessageBytes) {
        this.words = new Words(column);
        this.maxMessageBytes = maxMessageBytes;
    }

    static List<Step> parse(String column, int maxMessageBytes) {
        return new Script(column, maxMessageBytes).steps();
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        while (words.more()) {
            steps.add(step());
            if (words.more() && !words.take(";")) {
                throw new IllegalArgumentException("'" + words.peek() + "' is not understood in: " + words);
            }
        }
        return steps;
    }

    private Step step() {
        if (words.atNumber()) {
            int times = words.number();
            words.take("x");
            return new Step.Repeat(times, step());
        }
        switch (words.peek()) {
            case "wait", "mark" -> {
                boolean marked = words.next().equals("mark");
                return new Step.Wait(Duration.ofMillis(words.number()), marked);
            }
            case "raw" -> {
                words.next();
                return new Step.Raw(words.content(maxMessageBytes));
            }
            case "part" -> {
                words.next();
                return new Step.Part(words.content(maxMessageBytes), cut());
            }
            case "head" -> {
                words.next();
                return head();
            }
            case "rounds" -> {
                words.next();
                return rounds();
            }
            case "bomb" -> {
                words.next();
                return new Step.Bomb(words.number(), words.take("by") ? words.number() : 0);
            }
            case "fin", "rst", "await", "mute", "deaf" -> {
                return Step.Act.valueOf(words.next().toUpperCase(Locale.ROOT));
            }
            default -> {
                return send();
            }
        }
    }

    private Step send() {
        int rsv = words.peek().startsWith("rsv") ? words.next().charAt(3) - '0' : 0;
        boolean compressed = words.take("z");
        Step.Form form = form();
        String name = words.next();
        boolean fin = !name.endsWith("-");
        int opcode = opcode(fin ? name : name.substring(0, name.length() - 1));
        Content payload = opcode == Frame.CLOSE && words.atNumber() ? close() : words.content(maxMessageBytes);
        int fragmentBytes = words.take("by") ? words.number() : 0;
        return new Step.Send(opcode, fin, rsv, payload, fragmentBytes, compressed, form, cut());
    }

    private int opcode(String name) {
        int opcode = Frame.opcode(name);
        if (opcode < 0) {
            throw new IllegalArgumentException("'" + name + "' is no opcode in: " + words);
        }
        return opcode;
    }

    private Step.Form form() {
        Step.Masking masking = Step.Masking.BY_ROLE;
        int lengthBytes = 0;
        while (true) {
            switch (words.peek()) {
                case "unmasked" -> masking = Step.Masking.NEVER;
                case "masked" -> masking = Step.Masking.ALWAYS;
                case "zerokey" -> masking = Step.Masking.ZERO_KEY;
                case "len16" -> lengthBytes = 2;
                case "len64" -> lengthBytes = 8;
                default -> {
                    return new Step.Form(masking, lengthBytes);
                }
            }
            words.next();
        }
    }

    /** A Close payload: the code, then the reason's bytes as they are. */
    private Content close() {
        int code = words.number();
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.write(code >> 8);
        payload.write(code);
        payload.writeBytes(words.content(maxMessageBytes).bytes());
        return Content.of(payload.toByteArray());
    }

    private Step.Cut cut() {
        int bytes = words.take("cut") ? words.number() : 0;
        return bytes == 0 && !words.take("own") ? Step.Cut.NONE : new Step.Cut(bytes, true);
    }

    private Step head() {
        Step.Form form = form();
        String name = words.next();
        boolean fin = !name.endsWith("-");
        long announced = Long.parseUnsignedLong(words.next());
        return new Step.Head(opcode(fin ? name : name.substring(0, name.length() - 1)), fin, announced, form);
    }

    private Step rounds() {
        boolean compressed = words.take("z");
        int opcode = opcode(words.next());
        String data = words.atNumber() ? "" : words.next();
        Content payload = data.isEmpty() ? words.content(maxMessageBytes) : Content.of(new byte[0]);
        int size = data.isEmpty() ? payload.length() : Math.min(words.number(), maxMessageBytes);
        int fragmentBytes = words.take("by") ? words.number() : 0;
        return new Step.Rounds(opcode, payload, data, size, fragmentBytes, compressed);
    }
}
