package dev.duplex.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ReportPageTest {
    private static final Feed FEED = new Feed(Direction.PUSH, 100, 125, Duration.ofSeconds(3));
    private static final LabPlan PLAN = new LabPlan(List.of(Way.values()), List.of(Direction.values()), FEED, URI.create("http://127.0.0.1:1"), true,
            Network.DIRECT, Duration.ofSeconds(1), false, List.of(64, 1024), List.of(10, 100));

    private static Measurement measured(Way way, Feed feed) {
        Histogram histogram = new Histogram(3);
        histogram.recordValue(1_000_000L * (way.ordinal() + 1));
        Latency latency = new Latency(histogram);
        Counts counts = new Counts(1000, 2000 * (way.ordinal() + 1), 3, 1, 5, 6);
        return new Measurement(way, feed, counts, counts, Duration.ofSeconds(3), feed.messages(), 0, latency, feed.direction() == Direction.BOTH ? latency : null,
                Duration.ofMillis(20), Duration.ofMillis(30), null);
    }

    private static LabReport report() {
        List<Measurement> feeds = new ArrayList<>();
        List<Measurement> bySize = new ArrayList<>();
        List<Measurement> byRate = new ArrayList<>();
        for (Way way : PLAN.ways()) {
            PLAN.directions().forEach(direction -> feeds.add(measured(way, FEED.withDirection(direction))));
            PLAN.sweepSizes().forEach(size -> bySize.add(measured(way, FEED.withSizeBytes(size))));
            PLAN.sweepRates().forEach(rate -> byRate.add(measured(way, FEED.withPerSecond(rate))));
        }
        feeds.add(Measurement.unable(Way.SSE, FEED, "it is <blocked>"));
        return LabReport.of(PLAN, feeds, bySize, byRate);
    }

    private static WhyTcp why() {
        Feed feed = WhyTcp.feed(Duration.ofSeconds(1));
        LossyTraffic all = new LossyTraffic(50, java.util.stream.IntStream.range(0, 50).mapToObj(i -> new Arrival(i, 0, 1_000_000)).toList());
        LossyTraffic some = new LossyTraffic(50, List.of(new Arrival(0, 0, 1_000_000), new Arrival(3, 0, 1_000_000), new Arrival(2, 0, 9_000_000)));
        return new WhyTcp(feed, 5, all, some, null);
    }

    @Test
    void thePageIsWellFormedAndNeedsNothingElse() throws Exception {
        String page = ReportPage.of(report(), why());
        assertThat(page).doesNotContain("http://", "https://", "<link", "src=").contains("it is &lt;blocked&gt;");
        String xml = page.replaceAll("(?s)<!doctype html>|<script>.*</script>|<style>.*?</style>", "").replaceAll("<meta ([^>]*)>", "<meta $1/>");
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        assertThat(page.split("<svg viewBox=\"0 0 560", -1)).as("three plots and two of arrivals").hasSize(6);
    }

    @Test
    void eachTextStandsInBothLanguages() {
        String page = ReportPage.of(report(), why());
        assertThat(page.split("class=\"en\"", -1)).hasSameSizeAs(page.split("class=\"ko\"", -1));
        assertThat(page).contains("What each carrier costs", "전송 방식별 비용", "왜 TCP인가");
    }

    @Test
    void allThatIsInBetweenIsTold() {
        LabPlan plan = new LabPlan(List.of(), List.of(), FEED, URI.create("http://far.example"), false, new Network(Duration.ofMillis(40), 0.01), Duration.ofSeconds(1),
                false, List.of(), List.of());
        assertThat(ReportPage.of(LabReport.of(plan, List.of(), List.of(), List.of()), null))
                .contains("the network to", "네트워크 너머의 서버:", "http://far.example", "a proxy: 40 ms of delay", "프록시: 방향별 지연 40 ms");
        LabPlan unix = new LabPlan(List.of(), List.of(), FEED, plan.server(), true, plan.network(), plan.pollInterval(), false, Optional.empty(), Optional.empty(),
                Optional.of("/run/a.sock"), List.of(), List.of());
        assertThat(ReportPage.of(LabReport.of(unix, List.of(), List.of(), List.of()), null)).contains("the Unix socket /run/a.sock", "a proxy: 40 ms of delay");
    }

    @Test
    void whatCouldNotBeMeasuredIsSaid() {
        String page = ReportPage.of(null, new WhyTcp(FEED, 5, null, null, "no namespace & no loss"));
        assertThat(page).contains("no namespace &amp; no loss").doesNotContain("id=\"costs\"");
    }

    @Test
    void theMarkdownHasARowForEachCarrier() {
        String text = MarkdownTables.of(report(), why());
        assertThat(text).contains("### Push", "### Both ways at once", "| websocket |", "| 1,024 |", "### Why TCP", "| UDP | 47 | 1 |");
        assertThat(text.lines().filter(line -> line.startsWith("| polling |"))).hasSize(3);
    }
}
