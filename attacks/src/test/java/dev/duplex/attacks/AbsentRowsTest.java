package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.cli.Main;
import dev.duplex.conformance.Checker;
import dev.duplex.fallback.Fallback;
import dev.duplex.lab.LabPlan;
import dev.duplex.load.LoadPlan;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.WebSocketProtocol;
import dev.duplex.proxy.Proxy;
import dev.duplex.signalling.Signalling;
import dev.duplex.web.PageFile;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Groups D, E and I: what is not in any of our classes, so that nobody can attack it. */
class AbsentRowsTest {
    /** One class of each module that is shipped. */
    private static final List<Class<?>> MODULES = List.of(Connection.class, WebSocketProtocol.class, Proxy.class, WebSocketServer.class, Fallback.class,
            Signalling.class, PageFile.class, LoadPlan.class, LabPlan.class, Checker.class, Main.class);

    private static Set<String> speakingOf(String... words) throws IOException {
        Set<String> all = new TreeSet<>();
        for (Class<?> module : MODULES) {
            assertThat(ClassFiles.speakingOf(module, "java/lang/Object")).as("classes that are looked at beside %s", module).hasSizeGreaterThan(0);
            all.addAll(ClassFiles.speakingOf(module, words));
        }
        return all;
    }

    @Test
    @Row("D12")
    void d12NothingKeepsAHistoryThatCouldBeAskedFor() throws IOException {
        assertThat(speakingOf("history", "History", "replay", "Replay")).isEmpty();
    }

    @Test
    @Row("D15")
    void d15NothingIsCountedUnderAPeersName() throws IOException {
        assertThat(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .doesNotContain("micrometer", "opentelemetry", "prometheus", "metrics-core", "statsd");
        assertThat(speakingOf("io/micrometer", "io/opentelemetry", "io/prometheus", "com/codahale", "registerMBean", "javax/management/ObjectName")).isEmpty();
    }

    @Test
    @Row("E12")
    void e12NothingIsEvaluatedAndNoClassIsChosenByAPeersWord() throws IOException {
        assertThat(speakingOf("javax/script", "javax/el", "jakarta/el", "java/beans", "javax/naming", "org/graalvm", "javax/xml/xpath", "javax/tools",
                "loadClass", "defineClass")).isEmpty();
        assertThat(speakingOf("forName\u0001")).as("classes by a name, of the JDK alone and known when compiled").isSubsetOf("Signals");
    }

    @Test
    @Row("I3")
    void i3NothingIsReadByJavaSerialisation() throws IOException {
        assertThat(speakingOf("java/io/ObjectInputStream", "java/io/ObjectOutputStream", "java/io/ObjectInput", "readObject", "readResolve", "java/rmi",
                "XMLDecoder")).isEmpty();
    }
}
