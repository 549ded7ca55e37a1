package dev.duplex.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.Message;
import dev.duplex.protocol.PreparedMessage;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupTest {
    private final Group group = new Group();
    private final Map<Connection, List<PreparedMessage>> heard = new ConcurrentHashMap<>();

    private Connection connection() {
        Connection made = (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(), new Class<?>[] {Connection.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> self == arguments[0];
                    case "toString" -> "a connection";
                    case "send" -> {
                        heard.get(self).add((PreparedMessage) arguments[0]);
                        yield null;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        heard.put(made, Collections.synchronizedList(new ArrayList<>()));
        return made;
    }

    private List<Connection> members() {
        List<Connection> all = new ArrayList<>();
        group.forEach(all::add);
        return all;
    }

    private List<String> heardBy(Connection member) {
        return heard.get(member).stream().map(one -> one.message().text()).toList();
    }

    @Test
    void allHearTheSameFrameButTheOneLeftOut() {
        List<Connection> three = List.of(connection(), connection(), connection());
        three.forEach(group::add);
        group.send("to all");
        group.send(Message.text("to two"), three.get(1));
        assertThat(heardBy(three.get(0))).containsExactly("to all", "to two");
        assertThat(heardBy(three.get(1))).containsExactly("to all");
        assertThat(heardBy(three.get(2))).containsExactly("to all", "to two");
        assertThat(heard.get(three.get(0)).get(1)).isSameAs(heard.get(three.get(2)).get(1));
    }

    @Test
    void whoIsAMemberJoinsNoMoreAndWhoIsNoneDoesNotLeave() {
        Connection one = connection();
        assertThat(group.isEmpty()).isTrue();
        assertThat(group.add(one)).isTrue();
        assertThat(group.add(one)).isFalse();
        assertThat(group.size()).isOne();
        group.send("once");
        assertThat(heardBy(one)).containsExactly("once");
        assertThat(group.remove(one)).isTrue();
        assertThat(group.remove(one)).isFalse();
        group.send("never");
        assertThat(heardBy(one)).containsExactly("once");
        assertThat(group.isEmpty()).isTrue();
    }

    @Test
    void whoeverComesAndGoesTheOthersKeepTheirOrder() {
        List<Connection> expected = new ArrayList<>();
        Random random = new Random(7);
        for (int step = 0; step < 20_000; step++) {
            boolean grows = step / 2_000 % 2 == 0; // to some hundred members, and back to a few
            if (expected.isEmpty() || random.nextInt(10) < (grows ? 6 : 4)) {
                Connection more = connection();
                assertThat(group.add(more)).isTrue();
                expected.add(more);
            } else {
                Connection gone = expected.remove(random.nextInt(expected.size()));
                assertThat(group.remove(gone)).isTrue();
            }
            if (step % 100 == 0) {
                assertThat(members()).containsExactlyElementsOf(expected);
            }
        }
        assertThat(members()).containsExactlyElementsOf(expected);
        assertThat(group.size()).isEqualTo(expected.size());
    }

    @Test
    void membersMayLeaveWhileAllAreToldOf() {
        List<Connection> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(connection());
            group.add(many.get(i));
        }
        List<Connection> seen = new ArrayList<>();
        group.forEach(member -> {
            seen.add(member);
            group.remove(member);
        });
        assertThat(seen).containsExactlyElementsOf(many);
        assertThat(group.isEmpty()).isTrue();
    }

    @Test
    void whoStaysHearsEveryMessageOnceWhileOthersComeAndGo() throws InterruptedException {
        Connection faithful = connection();
        group.add(faithful);
        CountDownLatch coming = new CountDownLatch(2);
        for (int thread = 0; thread < 2; thread++) {
            Thread.ofPlatform().daemon().start(() -> {
                for (int round = 0; round < 200; round++) {
                    List<Connection> guests = new ArrayList<>();
                    for (int i = 0; i < 50; i++) {
                        guests.add(connection());
                    }
                    guests.forEach(group::add);
                    guests.forEach(group::remove);
                }
                coming.countDown();
            });
        }
        int said = 0;
        while (coming.getCount() > 0) {
            group.send("message " + said++);
        }
        assertThat(coming.await(1, TimeUnit.SECONDS)).isTrue();
        Map<String, Integer> times = new HashMap<>();
        heardBy(faithful).forEach(text -> times.merge(text, 1, Integer::sum));
        assertThat(times).hasSize(said);
        assertThat(Set.copyOf(times.values())).containsExactly(1);
        assertThat(members()).containsExactly(faithful);
    }
}
