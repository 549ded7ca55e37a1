package dev.duplex.netty;

import dev.duplex.api.CloseReport;
import dev.duplex.api.Opening;
import dev.duplex.api.TransportInfo;
import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A {@link CloseReport} as JFR records it. */
@Name("dev.duplex.Close")
@Label("WebSocket Close")
@Description("A WebSocket connection has ended")
@Category("Duplex")
@StackTrace(false)
final class CloseEvent extends Event {
    @Label("Path") String path;
    @Label("Remote Address") String remoteAddress;
    @Label("Carrier") String carrier;
    @Label("Sentence") String sentence;
    @Label("Ended By") String by;
    @Label("How") String how;
    @Label("Close Code") int code;
    @Label("Close Text") String text;
    @Label("Open For") @Timespan(Timespan.NANOSECONDS) long lasted;
    @Label("Since Received") @Timespan(Timespan.NANOSECONDS) long sinceReceived;
    @Label("Since Sent") @Timespan(Timespan.NANOSECONDS) long sinceSent;
    @Label("Round Trip") @Description("By Ping and Pong, or else TCP's; negative if none was measured") @Timespan(Timespan.NANOSECONDS) long roundTrip;
    @Label("TCP Round Trip") @Description("Negative if the system tells none") @Timespan(Timespan.NANOSECONDS) long tcpRoundTrip;
    @Label("TCP Retransmissions") @Description("Negative if the system tells none") long tcpRetransmissions;
    @Label("Signal") @Description("What ended it in the words of the layer below") String signal;
    @Label("Proxy") @Description("A header field of the peer's head that proxies write") String proxy;
    @Label("Messages Received") long messagesReceived;
    @Label("Bytes Received") @DataAmount long bytesReceived;
    @Label("Messages Sent") long messagesSent;
    @Label("Bytes Sent") @DataAmount long bytesSent;

    static void commit(Opening opening, CloseReport report) {
        CloseEvent event = new CloseEvent();
        if (!event.shouldCommit()) {
            return;
        }
        event.path = opening.path();
        event.remoteAddress = String.valueOf(opening.remoteAddress());
        event.carrier = opening.carrier().name();
        event.sentence = report.sentence();
        event.by = report.by().name();
        event.how = report.how().name();
        event.code = report.reason().code();
        event.text = report.reason().text();
        event.lasted = report.lasted().toNanos();
        event.sinceReceived = report.sinceReceived().toNanos();
        event.sinceSent = report.sinceSent().toNanos();
        event.roundTrip = report.roundTrip().map(Duration::toNanos).orElse(-1L);
        event.tcpRoundTrip = report.clues().transport().map(tcp -> tcp.roundTrip().toNanos()).orElse(-1L);
        event.tcpRetransmissions = report.clues().transport().map(TransportInfo::retransmissions).orElse(-1L);
        event.signal = report.clues().signal();
        event.proxy = report.clues().proxy();
        event.messagesReceived = report.received().messages();
        event.bytesReceived = report.received().bytes();
        event.messagesSent = report.sent().messages();
        event.bytesSent = report.sent().bytes();
        event.commit();
    }
}
