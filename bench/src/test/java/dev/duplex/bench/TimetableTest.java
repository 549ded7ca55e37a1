package dev.duplex.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.bench.Timetable.Part;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimetableTest {

    @Test
    void whatIsLeftIsWhatWasPlannedUntilSomethingIsDone() {
        Timetable timetable = new Timetable();
        timetable.plan(Part.WARM_UP, 4, 7.5);
        timetable.plan(Part.MEASUREMENT, 10, 2);
        assertThat(timetable.left()).isEqualTo(Duration.ofSeconds(50));
    }

    @Test
    void whatIsLeftFollowsWhatWasSeen() {
        Timetable timetable = new Timetable();
        timetable.plan(Part.WARM_UP, 4, 7.5);
        timetable.plan(Part.MEASUREMENT, 10, 2);
        timetable.done(Part.WARM_UP, Duration.ofSeconds(4));
        timetable.done(Part.WARM_UP, Duration.ofSeconds(6));
        assertThat(timetable.left()).isEqualTo(Duration.ofSeconds(2 * 5 + 20));
    }

    @Test
    void timesAreMinutesAndSeconds() {
        assertThat(Timetable.text(Duration.ofSeconds(1505))).isEqualTo("25:05");
    }
}
