package dev.duplex.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HpackTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "400a637573746f6d2d6b65790d637573746f6d2d686561646572 | custom-key: custom-header",
        "040c2f73616d706c652f70617468 | :path: /sample/path",
        "82 | :method: GET",
        "828684410f7777772e6578616d706c652e636f6d | :method: GET, :scheme: http, :path: /, :authority: www.example.com",
        "828684418cf1e3c2e5f23a6ba0ab90f4ff | :method: GET, :scheme: http, :path: /, :authority: www.example.com",
        "488264025885aec3771a4b6e919d29ad171863c78f0b97c8e9ae82ae43d3 | :status: 302, cache-control: private, location: https://www.example.com",
        "2088 | :status: 200",
    })
    void theRfcsOwnExamplesAreRead(String hex, String fields) throws IOException {
        assertThat(String.join(", ", told(HexFormat.of().parseHex(hex)))).isEqualTo(fields);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        List<String[]> fields = IntStream.of(0, 1, 126, 127, 128, 254, 255, 16_384, 300_000).mapToObj(length -> new String[] {"x-" + length, "v".repeat(length)}).toList();
        assertThat(told(Hpack.encode(fields))).isEqualTo(fields.stream().map(field -> field[0] + ": " + field[1]).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "be", "ff", "ffffffffff7f", "00", "0001", "000561", "0081ff", "008400000000ffffffff", "0084ffffffff0000"})
    void whatIsNoBlockIsSaid(String hex) {
        assertThatThrownBy(() -> Hpack.decode(HexFormat.of().parseHex(hex))).isInstanceOf(IOException.class).hasMessageContaining("RFC 7541");
    }

    private static List<String> told(byte[] block) throws IOException {
        return Hpack.decode(block).stream().map(field -> field[0] + ": " + field[1]).toList();
    }
}
