package dev.duplex.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaseTableTest {
    private static final List<Case> CASES = CaseTable.load(16 << 20);

    /** The groups that the field knows, with as many cases as it knows. */
    @Test
    void theKnownGroupsHaveFiveHundredAndSeventeenCases() {
        Map<Integer, Long> sizes = CASES.stream().collect(Collectors.groupingBy(c -> Integer.parseInt(c.id().split("\\.")[0]), Collectors.counting()));
        assertThat(sizes).containsEntry(1, 16L).containsEntry(2, 11L).containsEntry(3, 7L).containsEntry(4, 10L).containsEntry(5, 20L).containsEntry(6, 145L)
                .containsEntry(7, 37L).containsEntry(9, 54L).containsEntry(10, 1L).containsEntry(12, 90L).containsEntry(13, 126L);
    }

    @Test
    void eachNumberStandsOnce() {
        assertThat(CASES).extracting(Case::id).doesNotHaveDuplicates();
        assertThat(new HashSet<>(CASES.stream().map(Case::id).toList())).contains("6.4.4", "6.22.34", "7.13.2", "9.8.6", "12.5.18", "13.7.18");
    }

    @Test
    void eachCaseNamesItsRuleAndAnOutcome() {
        assertThat(CASES).allSatisfy(c -> {
            assertThat(c.section()).matches("RFC \\d{4} §[\\d.]+");
            assertThat(c.title()).isNotBlank();
            assertThat(c.outcomes()).isNotEmpty();
            assertThat(c.outcomes().get(0).verdict()).isEqualTo(Verdict.PASS);
        });
    }

    @Test
    void longMessagesAreCutToTheGivenSize() {
        Case large = CaseTable.load(1000).stream().filter(c -> c.id().equals("9.1.6")).findFirst().orElseThrow();
        assertThat(((Step.Send) large.steps().get(0)).payload().bytes()).hasSize(1000);
    }

    @ParameterizedTest
    @CsvSource({"6.4.*, 6.4.1, true", "6.4.*, 6.14.1, false", "6, 6.4.1, true", "6, 16.4.1, false", "6.4.1, 6.4.1, true", "6.4.1, 6.4.10, false", "*, 1.1.1, true", "*.1, 2.1, true"})
    void globsChooseCases(String glob, String id, boolean chosen) {
        assertThat(Options.matches(glob, id)).isEqualTo(chosen);
    }
}
