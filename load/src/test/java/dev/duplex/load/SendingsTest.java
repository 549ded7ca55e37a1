package dev.duplex.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SendingsTest {
    @Test
    void theOldestComesFirstHoweverManyThereAre() {
        Sendings sendings = new Sendings();
        long next = 0;
        for (long added = 0; added < 1000; added++) {
            sendings.add(added);
            if (added % 3 == 0) {
                assertThat(sendings.poll()).isEqualTo(next++);
            }
        }
        while (sendings.count() > 0) {
            assertThat(sendings.poll()).isEqualTo(next++);
        }
        assertThat(next).isEqualTo(1000);
    }
}
