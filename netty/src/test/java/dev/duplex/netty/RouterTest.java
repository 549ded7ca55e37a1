package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private final Router<String> router = new Router<>();

    RouterTest() {
        router.addBelow("/", "rest");
        router.add("/a/{x}", "a-x");
        router.add("/{x}/b", "x-b");
        router.add("/a/b", "a-b");
        router.add("/a", "a");
        router.addBelow("/files", "files");
        router.add("/files/{name}/meta", "meta");
    }

    @ParameterizedTest
    @CsvSource({
        "/a, a", "/a/b, a-b", "/a/c, a-x", "/c/b, x-b", "/c/d, rest", "/, rest", "/files, files", "/files/, files",
        "/files/x/meta, meta", "/files/x/other, files", "/a/, rest", "/A, rest", "/a/b/, rest",
    })
    void theMostSpecificRouteWins(String path, String target) {
        assertThat(router.match(path).orElseThrow().target()).isEqualTo(target);
    }

    @Test
    void aMatchTellsVariablesAndWhatIsBelow() {
        assertThat(router.match("/a/x y").orElseThrow().variables()).isEqualTo(Map.of("x", "x y"));
        assertThat(router.match("/files/p/q").orElseThrow().rest()).isEqualTo("p/q");
        assertThat(router.match("/files/p/").orElseThrow().rest()).isEqualTo("p/");
    }

    @Test
    void withoutARouteThereIsNoMatch() {
        Router<String> small = new Router<>();
        small.add("/room/{name}", "room");
        assertThat(small.match("/room")).isEmpty();
        assertThat(small.match("/room/")).isEmpty();
        assertThat(small.match("/room/a/b")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "/a/{other}", "/files/{name}/meta"})
    void aRouteForTheSamePathsAsAnotherIsRefused(String route) {
        assertThatThrownBy(() -> router.add(route, "again")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(route);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "", "/a{x}", "/{}", "/{x}/{x}", "/{x y}", "/}x{"})
    void aMalformedRouteIsRefused(String route) {
        assertThatThrownBy(() -> router.add(route, "bad")).isInstanceOf(IllegalArgumentException.class);
    }
}
