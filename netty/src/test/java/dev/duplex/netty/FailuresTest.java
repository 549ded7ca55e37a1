package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FailuresTest {

    @Test
    void theSystemsWordsAreToldWithoutTheCallThatMetThem() {
        assertThat(Failures.told(new IOException("outer", new IOException("finishConnect(..) failed with error(-111): Connection refused"))))
                .isEqualTo("Connection refused");
        assertThat(Failures.told(new IOException("bind(..) failed: Permission denied\n\tat more"))).isEqualTo("Permission denied");
        assertThat(Failures.told(new IOException())).isEqualTo("IOException");
    }
}
