package dev.duplex.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.web.PageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The types of {@code duplex.js}, as TypeScript's own compiler understands them. */
@Tag("slow")
class TypesTest {
    private static final Path HOME = Programs.TARGET.resolve("types");
    private static final String TYPES = new String(PageFile.DUPLEX_D_TS.bytes(), UTF_8);

    private static Path node;

    @BeforeAll
    static void lay() throws IOException {
        node = NodeModules.node();
        Files.createDirectories(HOME);
        Files.writeString(HOME.resolve("duplex.d.ts"), TYPES);
        for (String program : List.of("uses.ts", "wrong.ts")) {
            Files.copy(Programs.resource("types").resolve(program), HOME.resolve(program), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** What the compiler says of a program, line by line. */
    private static List<String> compile(String program) throws IOException {
        String log = "tsc-" + program;
        int status = Programs.run(new ProcessBuilder(node.toString(), Programs.TARGET.resolve("node_modules/typescript/bin/tsc").toString(), "--noEmit", "--strict",
                "--target", "es2022", "--lib", "es2022,dom", "--module", "es2022", "--moduleResolution", "bundler", "--typeRoots", ".", program)
                .directory(HOME.toFile()), log);
        List<String> said = Files.readAllLines(Programs.log(log).toPath());
        assertThat(status == 0).as(String.join("\n", said)).isEqualTo(said.isEmpty());
        return said;
    }

    @Test
    void aProgramThatUsesEveryMemberIsRight() throws IOException {
        assertThat(compile("uses.ts")).isEmpty();
    }

    @Test
    void everyMemberIsUsedThere() throws IOException {
        String program = Files.readString(HOME.resolve("uses.ts"));
        String declared = TYPES.replaceAll("(?s)/\\*.*?\\*/", "");
        Set<String> members = Pattern.compile("(?m)^(?:export (?:interface|class|type) |  (?:static )?(?:readonly )?)(\\w+)\\b").matcher(declared).results()
                .map(found -> found.group(1)).filter(name -> !name.equals("constructor")).collect(Collectors.toCollection(TreeSet::new));
        assertThat(members).hasSizeGreaterThan(25).allSatisfy(name -> assertThat(program).containsPattern("\\b" + name + "\\b"));
    }

    @Test
    void eachMistakeIsFoundAndNothingElse() throws IOException {
        List<String> lines = Files.readAllLines(HOME.resolve("wrong.ts"));
        Set<Integer> wrong = IntStream.range(0, lines.size()).filter(i -> lines.get(i).endsWith("// wrong")).mapToObj(i -> i + 1).collect(Collectors.toSet());
        Pattern place = Pattern.compile("^wrong\\.ts\\((\\d+),");
        Set<Integer> found = compile("wrong.ts").stream().flatMap(line -> place.matcher(line).results()).map(match -> Integer.valueOf(match.group(1)))
                .collect(Collectors.toSet());
        assertThat(found).isEqualTo(wrong).hasSizeGreaterThan(10);
    }
}
