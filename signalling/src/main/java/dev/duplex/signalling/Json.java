package dev.duplex.signalling;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.jr.ob.JSON;

/** A message to a peer as it is put together, and the reading of what a peer sent. */
final class Json {
    /** A message is flat but for its candidate: deeper ones are refused before they cost anything. */
    static final int MAX_DEPTH = 4;

    /** Many times the fields of any message. */
    private static final int MAX_TOKENS = 100;

    /** To read a number takes time with the square of its digits. */
    private static final int MAX_NUMBER_DIGITS = 100;

    private static final JSON LIBRARY = JSON.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).maxTokenCount(MAX_TOKENS)
                            .maxNumberLength(MAX_NUMBER_DIGITS).build())
                    .build())
            .enable(JSON.Feature.FAIL_ON_DUPLICATE_MAP_KEYS, JSON.Feature.WRITE_NULL_PROPERTIES)
            .build();

    private final Map<String, Object> fields = new LinkedHashMap<>();

    private Json() {}

    static Json of(ServerType type) {
        return new Json().with("type", type.type());
    }

    Json with(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    /** Reads exactly one object. */
    static Map<String, Object> read(String text) throws Refusal {
        try (JsonParser parser = LIBRARY.createParser(text)) {
            Map<String, Object> read = LIBRARY.mapFrom(parser);
            if (read == null || parser.nextToken() != null) {
                throw new Refusal(Fault.BAD_JSON, null);
            }
            return read;
        } catch (JacksonException malformed) {
            throw new Refusal(Fault.BAD_JSON, null);
        }
    }

    @Override
    public String toString() {
        return LIBRARY.asString(fields);
    }
}
