package dev.duplex.netty;

import dev.duplex.api.CloseReport;
import dev.duplex.api.Opening;
import jdk.jfr.FlightRecorder;

/** Tells ends of connections to JFR, where the JDK has it and someone records; until then its event's class is not even loaded. */
final class FlightLog {
    private static final boolean IS_THERE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private FlightLog() {}

    static void tell(Opening opening, CloseReport report) {
        if (IS_THERE && FlightRecorder.isInitialized()) {
            CloseEvent.commit(opening, report);
        }
    }
}
