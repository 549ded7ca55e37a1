package dev.duplex.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom: {@code docs/architecture.md} says it, this holds it. */
class ArchitectureTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.duplex");

    @Test
    void theProtocolKnowsNothingButItselfAndTheJavaLibrary() {
        classes().that().resideInAPackage("dev.duplex.protocol").should().onlyDependOnClassesThat(resideInAnyPackage("dev.duplex.protocol", "java.."))
                .check(OURS);
    }

    @Test
    void theProtocolHasNoSocketFileThreadOrLock() {
        noClasses().that().resideInAPackage("dev.duplex.protocol").should().dependOnClassesThat(
                resideInAnyPackage("java.nio.channels..", "java.nio.file..", "java.util.concurrent..")
                        .or(nameMatching("java\\.net\\.(?!URI$|URISyntaxException$).*"))
                        .or(nameMatching("java\\.io\\.(File.*|RandomAccessFile|Console)"))
                        .or(nameMatching("java\\.lang\\.(Thread|ThreadLocal|Process|ProcessBuilder)")))
                .check(OURS);
    }

    @Test
    void theProtocolHasNoClock() {
        noClasses().that().resideInAPackage("dev.duplex.protocol").should().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().dependOnClassesThat(resideInAPackage("java.time..").and(nameMatching("(?!java\\.time\\.Duration$).*")))
                .orShould().dependOnClassesThat(nameMatching("java\\.util\\.(Timer|Date|Calendar)"))
                .check(OURS);
    }

    @Test
    void theApiKnowsTheProtocolAndTheJavaLibraryAlone() {
        classes().that().resideInAPackage("dev.duplex.api").should()
                .onlyDependOnClassesThat(resideInAnyPackage("dev.duplex.api", "dev.duplex.protocol", "java..")).check(OURS);
    }

    @Test
    void theWayThroughProxiesKnowsTheJavaLibraryAlone() {
        classes().that().resideInAPackage("dev.duplex.proxy").should().onlyDependOnClassesThat(resideInAnyPackage("dev.duplex.proxy", "java..")).check(OURS);
    }

    @Test
    void signallingKnowsTheApiAndNoCarrier() {
        classes().that().resideInAPackage("dev.duplex.signalling").should().onlyDependOnClassesThat(
                resideInAnyPackage("dev.duplex.signalling", "dev.duplex.api", "dev.duplex.protocol", "java..", "javax.crypto..", "tools.jackson..")).check(OURS);
    }

    @Test
    void nettyIsKnownToThoseAloneWhoCarryBytesWithIt() {
        noClasses().that().resideOutsideOfPackages("dev.duplex.netty", "dev.duplex.load", "dev.duplex.lab").should().dependOnClassesThat(resideInAPackage("io.netty.."))
                .check(OURS);
    }

    @Test
    void noPublicSignatureSpeaksOfNetty() {
        List<JavaClass> open = OURS.stream().filter(c -> c.getPackageName().equals("dev.duplex.netty") && isPublic(c.getModifiers())).toList();
        assertThat(open).isNotEmpty();
        assertThat(open.stream().flatMap(ArchitectureTest::publicSignatures).filter(signature -> signature.contains("io.netty."))).isEmpty();
    }

    @Test
    void aConnectionIsRuledByItsLoopAndNotByLocks() {
        noClasses().that().resideInAnyPackage("dev.duplex.protocol", "dev.duplex.netty", "dev.duplex.signalling").should()
                .dependOnClassesThat(resideInAPackage("java.util.concurrent.locks..")).check(OURS);
        assertThat(OURS.stream().filter(c -> c.getPackageName().equals("dev.duplex.netty")).flatMap(c -> c.getMethods().stream())
                .filter(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cli", "conformance", "lab", "load", "signalling", "web"})
    void nothingBelowKnowsTheTools(String tool) {
        noClasses().that().resideInAnyPackage("dev.duplex.protocol", "dev.duplex.api", "dev.duplex.netty", "dev.duplex.fallback").should()
                .dependOnClassesThat(resideInAPackage("dev.duplex." + tool)).check(OURS);
    }

    @Test
    void whatCarriesBytesOverSocketsKnowsNothingOfPlainHttp() {
        noClasses().that().resideInAnyPackage("dev.duplex.protocol", "dev.duplex.api", "dev.duplex.netty").should()
                .dependOnClassesThat(resideInAPackage("dev.duplex.fallback")).check(OURS);
    }

    @Test
    void onlyTheCommandKnowsTheCommand() {
        noClasses().that().resideOutsideOfPackage("dev.duplex.cli").should().dependOnClassesThat(resideInAPackage("dev.duplex.cli")).check(OURS);
    }

    @Test
    void eachModuleIsOnePackage() throws IOException {
        List<Path> modules;
        try (Stream<Path> children = Files.list(ROOT)) {
            modules = children.filter(child -> Files.isDirectory(child.resolve("src/main/java"))).toList();
        }
        assertThat(modules).hasSizeGreaterThanOrEqualTo(6);
        for (Path module : modules) {
            String name = module.getFileName().toString().replace("-", "");
            assertThat(packagesOf(module.resolve("src/main/java"))).as(name).isSubsetOf("", "dev/duplex/" + name);
        }
    }

    private static Set<String> packagesOf(Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> sources.relativize(file.getParent()).toString().replace('\\', '/')).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> publicSignatures(JavaClass type) {
        Stream<String> supertypes = type.getAllRawSuperclasses().stream().map(JavaClass::getName);
        Stream<String> interfaces = type.getAllRawInterfaces().stream().map(JavaClass::getName);
        Stream<String> fields = type.getFields().stream().filter(field -> isPublic(field.getModifiers())).map(field -> field.getRawType().getName());
        Stream<String> calls = type.getCodeUnits().stream().filter(unit -> isPublic(unit.getModifiers())).map(ArchitectureTest::signature);
        return Stream.of(supertypes, interfaces, fields, calls).flatMap(s -> s);
    }

    private static String signature(JavaCodeUnit unit) {
        return unit.getFullName() + " " + unit.getAllInvolvedRawTypes().stream().map(JavaClass::getName).collect(Collectors.joining(" "));
    }

    private static boolean isPublic(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }
}
